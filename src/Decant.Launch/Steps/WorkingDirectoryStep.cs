using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>
/// Enters the working directory and asks the kernel where that is: a directory outside the root shows as "(unreachable)"
/// (getcwd(2)), as in CVE-2024-21626, and ends the launch.
/// </summary>
sealed class WorkingDirectoryStep(MountTarget directory) : LaunchStep
{
    const int PathMax = 4096;

    public override string Describe() => $"enter the working directory {PathBytes.Printable(directory.Requested)}";

    internal override unsafe void Lower(Lowering.Lowering lowering, Slot[] opened)
    {
        SyscallProgram program = lowering.Program;
        Slot target = lowering.OpenTarget(directory);
        program.Call(SyscallNumber.Fchdir, target);
        program.Close(target);
        byte* path = program.Allocate(PathMax);
        program.Call(SyscallNumber.Getcwd, path, PathMax);
        program.Pseudo(PseudoCall.CheckByte, path, (long)(byte)'/', (long)Errno.EXDEV);
    }

    internal override void WriteShell(ShellScript script)
    {
        script.MakeTarget(directory);
        script.WorkingDirectory = directory.Path;
    }
}
