using Decant.Launch.Lowering;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>-t: a session of its own whose controlling terminal is the new one (tty_ioctl(4)).</summary>
sealed class TerminalStep : LaunchStep
{
    const long SetControllingTerminal = 0x540E;

    public override string Describe() => "give the program a new terminal";

    internal override void Lower(Lowering.Lowering lowering, Slot[] opened)
    {
        long terminal = lowering.TerminalDescriptor!.Value;
        lowering.Program.Call(SyscallNumber.Setsid);
        lowering.Program.Call(SyscallNumber.Ioctl, terminal, SetControllingTerminal, 0L);
        for (long stdio = 0; stdio < 3; stdio++)
            lowering.Program.Call(SyscallNumber.Dup3, terminal, stdio, 0L);
    }

    internal override void WriteShell(ShellScript script) => script.Comment("the script's own terminal serves the program");
}
