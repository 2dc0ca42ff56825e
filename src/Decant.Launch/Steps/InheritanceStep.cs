using System.Collections.Immutable;
using Decant.Launch.Lowering;
using Decant.Launch.Running;
using Decant.Launch.Script;
using Decant.Linux;

namespace Decant.Launch.Steps;

/// <summary>
/// Before the program starts: it dies with a decant that waits for it, every descriptor but stdio will close, and umask and signal
/// mask are the caller's again.
/// </summary>
/// <param name="kept">Descriptors of the caller's that stay open, those by which a rank speaks to its launcher.</param>
sealed class InheritanceStep(ImmutableArray<int> kept) : LaunchStep
{
    const long PrSetParentDeathSignal = 1;
    const long SigKill = 9;
    const long SetDescriptorFlags = 2;
    const long SetStatusFlags = 4;

    public override string Describe() =>
        "hand over the caller's umask, signals and limits; close every descriptor but stdio" + (kept.IsEmpty ? "" : $" and {string.Join(", ", kept)}");

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
        else if (lowering.ParentDeath is var (signal, parent))
        {
            program.Call(SyscallNumber.Prctl, PrSetParentDeathSignal, signal);
            program.CallExpecting(parent, SyscallNumber.Getppid);
        }

        program.Call(SyscallNumber.Umask, lowering.CallerUmask);
        SignalMask.Lower(program, lowering.IgnoredSignals, lowering.CallerSignalMask);
        program.Pseudo(PseudoCall.CloseOnExecFrom, 3L);
        foreach (int descriptor in kept)
            program.Call(SyscallNumber.Fcntl, descriptor, SetDescriptorFlags, 0L);
    }

    /// <summary>A shell changes none of them.</summary>
    internal override void WriteShell(ShellScript script)
    {
    }
}
