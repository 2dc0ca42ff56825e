using Decant.Launch.Lowering;
using Decant.Launch.Running;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>
/// Before the program starts: it dies with a decant that waits for it, every descriptor but stdio will close, and umask and signal
/// mask are the caller's again.
/// </summary>
sealed class InheritanceStep : LaunchStep
{
    const long PrSetParentDeathSignal = 1;
    const long SigKill = 9;
    const long SetStatusFlags = 4;

    public override string Describe() => "hand over the caller's umask, signals and limits; close every descriptor but stdio";

    internal override unsafe void Lower(Lowering.Lowering lowering, Slot[] opened)
    {
        SyscallProgram program = lowering.Program;
        if (lowering.ParentPipe is { } pipe)
        {
            // A change of identity has cleared what the launcher set at the start (prctl(2)). If decant died in between, its end of
            // the pipe is closed and the read returns 0 instead of failing.
            program.Call(SyscallNumber.Prctl, PrSetParentDeathSignal, SigKill);
            program.Call(SyscallNumber.Fcntl, pipe, SetStatusFlags, (long)OpenFlags.NonBlocking);
            program.ReadTolerating(Errno.EAGAIN, pipe, program.Allocate(8), 1);
        }

        program.Call(SyscallNumber.Umask, lowering.CallerUmask);
        for (int signal = 1; signal <= 64; signal++)
        {
            if ((lowering.IgnoredSignals & SignalMask.Bit(signal)) == 0)
                continue;
            SignalAction* ignore = (SignalAction*)program.Allocate(sizeof(SignalAction));
            ignore->Handler = SignalAction.Ignore;
            program.Call(SyscallNumber.RtSigaction, signal, (byte*)ignore, 0L, 8L);
        }

        byte* mask = program.Allocate(8);
        *(ulong*)mask = lowering.CallerSignalMask;
        program.Call(SyscallNumber.RtSigprocmask, 2L /* SIG_SETMASK */, mask, 0L, 8L);
        program.Pseudo(PseudoCall.CloseOnExecFrom, 3L);
    }

    /// <summary>A shell changes none of them.</summary>
    internal override void WriteShell(ShellScript script)
    {
    }
}
