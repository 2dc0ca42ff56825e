using Decant.Launch.Lowering;
using Decant.Launch.Running;
using Decant.Launch.Steps;
using Decant.Linux;

namespace Decant.Launch;

/// <summary>Executes a <see cref="LaunchPlan"/>.</summary>
public static unsafe class Launcher
{
    const long SetParentDeathSignal = 1;
    const long GetParentDeathSignal = 2;

    /// <summary>
    /// Runs the program and returns its exit code; where the program takes decant's place, returns only on failure, by exception.
    /// </summary>
    /// <exception cref="LaunchException">A step failed: which one and why, with the exit code that docker would give.</exception>
    public static int Run(LaunchPlan plan)
    {
        foreach (string directory in plan.MissingSources)
            MakeSource(directory);
        return plan.Supervised is null ? RunInPlace(plan) : RunSupervised(plan);
    }

    static void MakeSource(string directory)
    {
        Errno errno = LinuxFile.TryMakeDirectories(directory, 0x1FF /* 0777, and the caller's umask */, out string failed);
        if (errno != Errno.None)
            throw new LinuxException("make the directory that -v names: mkdir", failed, errno, "make it as a user who may, or bind a directory that is there");
    }

    static int RunInPlace(LaunchPlan plan)
    {
        using SyscallProgram program = new();
        uint umask = SwapUmask(0);
        Lower(plan, new Lowering.Lowering(program, MountCalls.Probe())
        {
            CallerUmask = umask,
            CallerSignalMask = SignalMask.Current(),
            ParentDeath = ParentDeath(),
        });
        WalkFailure failure = ProgramWalker.Walk(program.Instructions, program.Count, program.SlotValues);
        throw LaunchFailure.Explain(plan, failure, inRoot: true);
    }

    static int RunSupervised(LaunchPlan plan)
    {
        ulong callerMask = SignalMask.Current();
        uint umask = SwapUmask(0);
        // From here on no signal ends decant half-way; the program gets the caller's mask back.
        SignalMask.BlockHere(SignalMask.Forwarded);
        using SignalPipe signals = new();
        if (plan.Terminal && plan.Interactive && !Terminals.IsTerminal(0))
            throw new LaunchException(LaunchException.Failed, "-i and -t together need a terminal as input", "leave -t out to pass a pipe or file");
        using TerminalRelay? relay = plan.Terminal ? new TerminalRelay(plan.Interactive) : null;
        plan.Cgroup?.CheckAbsent();
        (int, Termios)? modes = relay?.CallerModes is { } m ? (0, m) : null;
        using Janitor? janitor = plan.Cgroup is not null || modes is not null ? new Janitor(plan.Cgroup?.Directories ?? [], modes) : null;
        plan.Cgroup?.Create();
        using Pipe go = new();
        using SyscallProgram program = new();
        program.Step = -1;
        program.Call(SyscallNumber.Close, LinuxFile.Number(go.Writer));
        program.Call(SyscallNumber.Prctl, SetParentDeathSignal, Signals.Kill);
        // A child that borrows this process's memory writes its maps itself, as this process stands still meanwhile.
        bool borrow = ChildProcess.CanBorrow && plan.Mapping is null or { ByHelper: false };
        using Pipe? report = borrow ? null : new Pipe();
        if (!borrow)
            program.CallExpecting(1, SyscallNumber.Read, LinuxFile.Number(go.Reader), program.Allocate(8), 1);
        else if (plan.Mapping is not null)
        {
            // A host that restricts user namespaces refuses here at the latest: the message is that of the step.
            program.Step = (short)plan.IndexOf<NamespacesStep>();
            IdMapWriter.Lower(program, plan.Mapping);
        }

        Lower(plan, new Lowering.Lowering(program, MountCalls.Probe())
        {
            CallerUmask = umask,
            CallerSignalMask = callerMask,
            TerminalDescriptor = relay is null ? null : LinuxFile.Number(relay.Terminal),
            ParentPipe = LinuxFile.Number(go.Reader),
            IgnoredSignals = signals.Ignored,
        });
        WalkFailure? failure = null;
        Errno errno = report is null
            ? ChildProcess.TryBorrow(program, (long)plan.Namespaces, out int pid, out failure)
            : ChildProcess.TryFork(program, (long)plan.Namespaces, LinuxFile.Number(report.Value.Writer), out pid);
        if (errno != Errno.None)
            throw LaunchFailure.ExplainClone(plan, errno);
        SwapUmask(umask);
        go.Reader.Dispose();
        relay?.Terminal.Dispose();
        if (report is { } pipe)
            failure = LetGo(pid, plan, go, pipe);
        if (failure is { } failed)
        {
            ChildProcess.Wait(pid);
            throw LaunchFailure.Explain(plan, failed, inRoot: false);
        }

        relay?.EnterRawMode();
        return new Supervisor(pid, plan.StopSignal, signals, relay).Run();
    }

    static void Lower(LaunchPlan plan, Lowering.Lowering lowering)
    {
        Slot[][] opened = new Slot[plan.Steps.Length][];
        int first = plan.Steps.Length;
        // Sources are opened in the new mount namespace, so after its step and before the first mount.
        for (short i = 0; i < plan.Steps.Length; i++)
        {
            lowering.Program.Step = i;
            if (plan.Steps[i] is PropagationStep)
            {
                plan.Steps[i].Lower(lowering, []);
                first = i + 1;
                break;
            }

            opened[i] = plan.Steps[i].LowerOpen(lowering);
            plan.Steps[i].Lower(lowering, opened[i]);
        }

        for (int i = first; i < plan.Steps.Length; i++)
        {
            lowering.Program.Step = (short)i;
            opened[i] = plan.Steps[i].LowerOpen(lowering);
        }

        for (int i = first; i < plan.Steps.Length; i++)
        {
            lowering.Program.Step = (short)i;
            plan.Steps[i].Lower(lowering, opened[i]);
        }
    }

    /// <summary>Writes the maps of a child that waits for them, lets it go on, and gives its failure; null where it executes the program.</summary>
    static WalkFailure? LetGo(int pid, LaunchPlan plan, Pipe go, Pipe report)
    {
        report.Writer.Dispose();
        try
        {
            if (plan.Mapping is not null)
                IdMapWriter.Write(pid, plan.Mapping);
        }
        catch
        {
            go.Writer.Dispose();
            ChildProcess.Wait(pid);
            throw;
        }

        LinuxFile.TryWrite(go.Writer, [1]);
        return WalkFailure.Read(report.Reader);
    }

    static (int Signal, int Parent)? ParentDeath()
    {
        int signal;
        Libc.RawSyscall(SyscallNumber.Prctl, GetParentDeathSignal, (long)&signal, 0, 0, 0, 0);
        return signal == 0 ? null : (signal, Libc.GetParentProcessId());
    }

    static uint SwapUmask(uint mask) => (uint)Libc.RawSyscall(SyscallNumber.Umask, mask, 0, 0, 0, 0, 0);
}
