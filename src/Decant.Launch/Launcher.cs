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
        // Signals that come while it waits for another rank still end it.
        using RankRegister? register = plan.Sharing is null ? null : RankRegister.Enter(plan.Sharing);
        using RankNamespaces? joined = register?.Find(plan.Namespaces);
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
        bool isMapped = plan.Mapping is not null && joined is null;
        using Pipe? report = borrow ? null : new Pipe();
        if (!borrow)
            program.CallExpecting(1, SyscallNumber.Read, LinuxFile.Number(go.Reader), program.Allocate(8), 1);
        else if (isMapped)
        {
            // A host that restricts user namespaces refuses here at the latest: the message is that of the step.
            program.Step = (short)plan.IndexOf<NamespacesStep>();
            IdMapWriter.Lower(program, plan.Mapping!);
        }

        Lower(plan, new Lowering.Lowering(program, MountCalls.Probe())
        {
            CallerUmask = umask,
            CallerSignalMask = callerMask,
            TerminalDescriptor = relay is null ? null : LinuxFile.Number(relay.Terminal),
            ParentPipe = LinuxFile.Number(go.Reader),
            IgnoredSignals = signals.Ignored,
            Joined = joined,
        });
        WalkFailure? failure = null;
        long made = joined is null ? (long)plan.Namespaces : 0;
        Errno errno = report is null
            ? ChildProcess.TryBorrow(program, made, out int pid, out failure)
            : ChildProcess.TryFork(program, made, LinuxFile.Number(report.Value.Writer), out pid);
        if (joined is not null)
            RankNamespaces.ShowAgain();
        if (errno != Errno.None)
            throw LaunchFailure.ExplainClone(plan, errno);
        SwapUmask(umask);
        go.Reader.Dispose();
        relay?.Terminal.Dispose();
        if (report is { } pipe)
            failure = LetGo(pid, isMapped ? plan.Mapping : null, go, pipe);
        if (failure is { } failed)
        {
            ChildProcess.Wait(pid);
            throw LaunchFailure.Explain(plan, failed, inRoot: false);
        }

        register?.Add(pid);
        relay?.EnterRawMode();
        return new Supervisor(pid, plan.StopSignal, signals, relay).Run();
    }

    static void Lower(LaunchPlan plan, Lowering.Lowering lowering)
    {
        Slot[][] opened = new Slot[plan.Steps.Length][];
        int propagation = plan.IndexOf<PropagationStep>();
        bool hasRoot = lowering.Joined is { HasRoot: true };
        // A root that stands has no way back to the host: what the steps behind it want of the host is opened before it is entered.
        int first = hasRoot ? plan.IndexOf<EnterRootStep>() + 1 : propagation + 1;
        if (hasRoot)
            LowerOpen(plan, lowering, first, opened);
        for (int i = 0; i < propagation; i++)
        {
            lowering.Program.Step = (short)i;
            plan.Steps[i].Lower(lowering, plan.Steps[i].LowerOpen(lowering));
        }

        if (hasRoot)
        {
            lowering.Root = lowering.OpenHost("/", directory: true);
        }
        else
        {
            lowering.Program.Step = (short)propagation;
            plan.Steps[propagation].Lower(lowering, []);
            // Sources are opened in the new mount namespace, so after its step and before the first mount.
            LowerOpen(plan, lowering, first, opened);
        }

        for (int i = first; i < plan.Steps.Length; i++)
        {
            lowering.Program.Step = (short)i;
            plan.Steps[i].Lower(lowering, opened[i]);
        }
    }

    static void LowerOpen(LaunchPlan plan, Lowering.Lowering lowering, int first, Slot[][] opened)
    {
        for (int i = first; i < plan.Steps.Length; i++)
        {
            lowering.Program.Step = (short)i;
            opened[i] = plan.Steps[i].LowerOpen(lowering);
        }
    }

    /// <summary>Writes the maps of a child that waits for them, where it has any, lets it go on, and gives its failure; null where it executes the program.</summary>
    static WalkFailure? LetGo(int pid, IdMapping? mapping, Pipe go, Pipe report)
    {
        report.Writer.Dispose();
        try
        {
            if (mapping is not null)
                IdMapWriter.Write(pid, mapping);
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
