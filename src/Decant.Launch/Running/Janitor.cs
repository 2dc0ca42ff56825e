using Decant.Launch.Lowering;
using Decant.Linux;

namespace Decant.Launch.Running;

/// <summary>
/// A small process that outlives decant, whatever ends it, kill -9 included: when decant's end of a pipe closes, it gives the
/// caller's terminal its modes back and removes the run's cgroup. Only runs with something to undo have one.
/// </summary>
public sealed unsafe class Janitor : IDisposable
{
    const long SetAttributesFlush = 0x5404;
    const long SetName = 15;

    readonly Pipe pipe;
    readonly SyscallProgram program;
    readonly int pid;

    /// <param name="cgroups">Directories to be removed, with all processes in them.</param>
    /// <param name="terminal">Descriptor and modes to restore; null for none. The caller has all signals blocked, and so will the janitor.</param>
    internal Janitor(IReadOnlyList<string> cgroups, (int Descriptor, Termios Modes)? terminal)
    {
        pipe = new Pipe();
        program = new SyscallProgram();
        program.Call(SyscallNumber.Setsid);
        // So that "killall -9 decant" leaves it alive to clean up.
        program.Call(SyscallNumber.Prctl, SetName, program.Text("janitor"));
        program.Call(SyscallNumber.Close, LinuxFile.Number(pipe.Writer));
        long kept = LinuxFile.Number(pipe.Reader);
        byte* modes = null;
        Slot terminalCopy = default;
        if (terminal is { } t)
        {
            terminalCopy = program.Open(SyscallNumber.Fcntl, t.Descriptor, 1030L /* F_DUPFD_CLOEXEC */, 3L);
            modes = program.Allocate(sizeof(Termios));
            *(Termios*)modes = t.Modes;
        }

        // Whoever reads the program's output must see its end when the program ends, not when the janitor does.
        for (long stdio = 0; stdio < 3; stdio++)
            program.CallTolerating(Errno.EBADF, Errno.None, Errno.None, SyscallNumber.Close, stdio);
        program.Pseudo(PseudoCall.ReadToEnd, kept);
        if (modes != null)
            program.CallTolerating(Errno.EIO, Errno.ENOTTY, Errno.None, SyscallNumber.Ioctl, terminalCopy, SetAttributesFlush, modes);
        foreach (string directory in cgroups)
            program.Pseudo(PseudoCall.RemoveCgroup, program.Text(directory));
        Errno errno = ChildProcess.TryFork(program, 0, reportTo: -1, out pid);
        if (errno != Errno.None)
            throw new LinuxException("fork", null, errno);
        pipe.Reader.Dispose();
    }

    /// <summary>One that only removes cgroups.</summary>
    public static Janitor Of(IReadOnlyList<string> cgroups)
    {
        ulong mask = SignalMask.Current();
        SignalMask.BlockHere(SignalMask.Forwarded);
        Janitor janitor = new(cgroups, null);
        SignalMask.Set(mask);
        return janitor;
    }

    /// <summary>Lets it do its work and waits for it.</summary>
    public void Dispose()
    {
        pipe.Dispose();
        ChildProcess.Wait(pid);
        program.Dispose();
    }
}
