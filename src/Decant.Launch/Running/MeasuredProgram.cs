using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Decant.Launch.Lowering;
using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Launch.Running;

/// <summary>
/// A program of the host that is started in cgroups of its own and timed: what is counted is execve and the program, but neither the fork nor how long it took to
/// join the cgroups, which on a busy machine is ten milliseconds, as the kernel waits for all of its processors (cgroup_threadgroup_rwsem, RCU). It has a
/// session of its own, so that Ctrl-C reaches decant only, and dies with decant.
/// </summary>
public sealed unsafe class MeasuredProgram
{
    const long PrSetParentDeathSignal = 1;
    const long ClockMonotonic = 1;
    const int TimeBytes = 16;
    const long NanosecondsPerSecond = 1_000_000_000;

    MeasuredProgram(int pid, long started)
    {
        Pid = pid;
        Started = started;
    }

    /// <summary>Of the program; it leads a session and a process group.</summary>
    public int Pid { get; }

    /// <summary>By <see cref="Stopwatch.GetTimestamp"/>, right before execve(2); where the child cannot borrow decant's memory to tell, right before the fork.</summary>
    public long Started { get; }

    /// <summary>Starts it. The caller must be the thread that waits, as the kernel ends the program with the thread that made it (prctl(2)).</summary>
    /// <param name="arguments">The program, found on the PATH of <paramref name="environment"/> where it has no slash, and its arguments.</param>
    /// <param name="environment">NAME=VALUE.</param>
    /// <param name="directory">In which it starts; null for decant's own.</param>
    /// <param name="cgroups">Directories to join before it starts.</param>
    /// <param name="input">Its standard input; <paramref name="output"/> and <paramref name="error"/> likewise.</param>
    /// <exception cref="LinuxException">It cannot be started: not found, not executable, no such cgroup.</exception>
    public static MeasuredProgram Start(
        ImmutableArray<string> arguments, ImmutableArray<string> environment, string? directory, IReadOnlyList<string> cgroups,
        SafeFileHandle input, SafeFileHandle output, SafeFileHandle error)
    {
        using SyscallProgram program = new();
        program.Call(SyscallNumber.Prctl, PrSetParentDeathSignal, Signals.Kill);
        program.Call(SyscallNumber.Setsid);
        foreach (string cgroup in cgroups)
        {
            Slot procs = program.Open(SyscallNumber.Openat, -100, program.Text(cgroup + "/cgroup.procs"), (long)(OpenFlags.WriteOnly | OpenFlags.CloseOnExec));
            program.CallExpecting(1, SyscallNumber.Write, procs, program.Text("0"), 1);
            program.Close(procs);
        }

        if (directory is not null)
            program.Call(SyscallNumber.Chdir, program.Text(directory));
        Redirect(program, input, 0);
        Redirect(program, output, 1);
        Redirect(program, error, 2);
        DefaultSignals(program);
        program.Pseudo(PseudoCall.CloseOnExecFrom, 3L);
        // struct timespec; it stays 0 where the child has memory of its own.
        long* ready = (long*)program.Allocate(TimeBytes);
        program.Call(SyscallNumber.ClockGettime, ClockMonotonic, (byte*)ready);
        byte* argv = program.TextArray(arguments.AsSpan());
        byte* envp = program.TextArray(environment.AsSpan());
        string path = environment.FirstOrDefault(variable => variable.StartsWith("PATH=", StringComparison.Ordinal))?["PATH=".Length..] ?? LaunchEnvironment.DefaultPath;
        foreach (string candidate in CommandPath.Candidates(arguments[0], path))
            program.Pseudo(PseudoCall.TryExec, program.Text(candidate), argv, envp);
        program.Pseudo(PseudoCall.FailExec);
        return Fork(program, arguments[0], ready);
    }

    /// <summary>The runtime ignores SIGPIPE, which execve(2) would hand on, and has handlers, which must not run in a child that borrows its memory.</summary>
    static void DefaultSignals(SyscallProgram program)
    {
        byte* byDefault = program.Allocate(sizeof(SignalAction));
        for (int signal = 1; signal < 32; signal++)
        {
            if (signal is not (Signals.Kill or Signals.Stop))
                program.Call(SyscallNumber.RtSigaction, signal, byDefault, 0L, 8L);
        }

        SignalMask.Lower(program, ignored: 0, blocked: 0);
    }

    static void Redirect(SyscallProgram program, SafeFileHandle file, long to) => program.Call(SyscallNumber.Dup3, LinuxFile.Number(file), to, 0L);

    static MeasuredProgram Fork(SyscallProgram program, string name, long* ready)
    {
        ulong mask = SignalMask.Current();
        SignalMask.BlockHere(~0UL);
        try
        {
            return ForkBlocked(program, name, ready);
        }
        finally
        {
            SignalMask.Set(mask);
        }
    }

    static MeasuredProgram ForkBlocked(SyscallProgram program, string name, long* ready)
    {
        long started;
        int pid;
        WalkFailure? failure = null;
        Errno errno;
        if (ChildProcess.CanBorrow)
        {
            started = Stopwatch.GetTimestamp();
            errno = ChildProcess.TryBorrow(program, 0, out pid, out failure);
        }
        else
        {
            using Pipe report = new();
            started = Stopwatch.GetTimestamp();
            errno = ChildProcess.TryFork(program, 0, LinuxFile.Number(report.Writer), out pid);
            report.Writer.Dispose();
            if (errno == Errno.None)
                failure = WalkFailure.Read(report.Reader);
        }

        if (errno != Errno.None)
            throw new LinuxException("fork", null, errno);
        if (failure is not { } failed)
            return new MeasuredProgram(pid, ready[0] == 0 ? started : (ready[0] * NanosecondsPerSecond + ready[1]) * (Stopwatch.Frequency / NanosecondsPerSecond));
        ChildProcess.Wait(pid);
        throw new LinuxException("start", name, (Errno)failed.Error);
    }

    /// <summary>Waits for the end of the program itself; processes that it leaves behind are the caller's to find, in the cgroup.</summary>
    public ProgramEnd Wait()
    {
        while (true)
        {
            if (Reap() is { } end)
                return end;
        }
    }

    /// <summary>Null where a signal came in between.</summary>
    ProgramEnd? Reap()
    {
        int status;
        ResourceUsage usage;
        // With the runtime's transition: without it a garbage collection, and with it the sampler, would wait for the program's end.
        long pid = Libc.Syscall(SyscallNumber.Wait4, Pid, (long)&status, 0, (long)&usage);
        long ended = Stopwatch.GetTimestamp();
        if (pid == Pid)
        {
            return new ProgramEnd(ChildProcess.ExitCode(status), (status & 0x7f) == 0 ? null : status & 0x7f, ended,
                TimeSpan.FromTicks(usage.UserSeconds * TimeSpan.TicksPerSecond + usage.UserMicroseconds * 10),
                TimeSpan.FromTicks(usage.SystemSeconds * TimeSpan.TicksPerSecond + usage.SystemMicroseconds * 10));
        }

        if (pid < 0 && (Errno)Marshal.GetLastPInvokeError() is not Errno.EINTR and var errno)
            throw new LinuxException("wait for the program", null, errno);
        return null;
    }

    /// <summary>Sends a signal to the program's process group.</summary>
    public void Signal(int signal) => Libc.Syscall(SyscallNumber.Kill, -Pid, signal);

    /// <summary>The start of struct rusage (getrusage(2)); the kernel writes all of it.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    struct ResourceUsage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }
}
