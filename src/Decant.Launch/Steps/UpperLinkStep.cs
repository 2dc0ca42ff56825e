using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>A symbolic link in the upper layer, in place of what the image has there.</summary>
sealed class UpperLinkStep : SeedStep
{
    /// <summary>What it says.</summary>
    public required string Target { get; init; }

    /// <summary>Who asks.</summary>
    public required string Origin { get; init; }

    public override string Describe() => $"link {PathBytes.Printable(Path)} to {PathBytes.Printable(Target)} in {Layer} ({PathBytes.Printable(Origin)})";

    internal override unsafe void Lower(Lowering.Lowering lowering, Slot[] opened)
    {
        SyscallProgram program = lowering.Program;
        Slot parent = lowering.OpenInUpper(LinuxPath.Parent(Path), OfDevices);
        byte* name = program.Text(LinuxPath.Name(Path));
        if (lowering.UpperIsKept && !OfDevices)
            program.CallTolerating(Errno.ENOENT, Errno.None, Errno.None, SyscallNumber.Unlinkat, parent, name, 0L);
        program.Call(SyscallNumber.Symlinkat, program.Text(Target), parent, name);
    }

    internal override void WriteShell(ShellScript script) => script.Command("ln", "-s", "--", Target, script.Upper + Path);
}
