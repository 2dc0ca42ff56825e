using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>Without -i the program's standard input is empty, as docker's is.</summary>
/// <param name="devNull">
/// /dev/null in the new root, so that it shows under that name; null where the user has mounted something else there, and the host's is taken.
/// </param>
sealed class StandardInputStep(string? devNull) : LaunchStep
{
    public override string Describe() => "no standard input (-i passes yours)";

    internal override unsafe Slot[] LowerOpen(Lowering.Lowering lowering) =>
        devNull is null ? [lowering.Program.Open(SyscallNumber.Openat, -100, lowering.Program.Text("/dev/null"), (long)OpenFlags.CloseOnExec)] : [];

    internal override unsafe void Lower(Lowering.Lowering lowering, Slot[] opened)
    {
        SyscallProgram program = lowering.Program;
        Slot file = devNull is null
            ? opened[0]
            : program.Open(SyscallNumber.Openat, -100, program.Text(devNull), (long)(OpenFlags.CloseOnExec | OpenFlag.NoFollow));
        program.Call(SyscallNumber.Dup3, file, 0L, 0L);
        program.Close(file);
    }

    internal override void WriteShell(ShellScript script) => script.StandardInput = " </dev/null";
}
