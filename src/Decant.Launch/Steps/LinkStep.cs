using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>Makes a symbolic link in a file system of the launch's own, and the directory for it. One that is there already stays.</summary>
sealed class LinkStep(MountTarget directory, string name, string target) : LaunchStep
{
    public override string Describe() => $"link {PathBytes.Printable(LinuxPath.Join(directory.Path, name))} to {PathBytes.Printable(target)}";

    internal override unsafe void Lower(Lowering.Lowering lowering, Slot[] opened)
    {
        SyscallProgram program = lowering.Program;
        Slot parent = lowering.OpenTarget(directory);
        program.CallTolerating(Errno.EEXIST, Errno.None, Errno.None, SyscallNumber.Symlinkat, program.Text(target), parent, program.Text(name));
        program.Close(parent);
    }

    internal override void WriteShell(ShellScript script)
    {
        script.MakeTarget(directory);
        script.Command("ln", "-sfn", "--", target, script.Root + LinuxPath.Join(directory.Path, name));
    }
}
