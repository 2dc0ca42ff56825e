using System.Runtime.InteropServices;
using Decant.Linux;

namespace Decant.Launch.Running;

/// <summary>
/// Waits for the program: forwards signals, serves its terminal where it has one of its own, and says how it ended.
/// </summary>
sealed unsafe class Supervisor(int pid, int? stopSignal, SignalPipe signals, TerminalRelay? terminal)
{
    /// <summary>si_code of a signal that the kernel sent by itself, such as Ctrl-C's (sigaction(2)).</summary>
    const int FromKernel = 0x80;

    const int PollIn = 1;
    /// <summary>WNOHANG and WUNTRACED of wait(2).</summary>
    const int WithoutWaitingAndStopped = 1 | 2;

    int? waitStatus;

    /// <summary>Returns the exit code as a shell gives it.</summary>
    public int Run()
    {
        PollEntry* entries = stackalloc PollEntry[1 + TerminalRelay.MaxEntries];
        while (waitStatus is null)
        {
            entries[0] = new PollEntry { Descriptor = LinuxFile.Number(signals.Reader), Events = PollIn };
            int count = 1 + (terminal?.Prepare(entries + 1) ?? 0);
            if (Libc.Syscall(SyscallNumber.Ppoll, (long)entries, count, 0, 0) < 0)
                continue;
            if (entries[0].Returned != 0)
            {
                ReadSignals();
                // A pipe full of other signals may have had no room for SIGCHLD.
                if (waitStatus is null)
                    Reap();
            }

            terminal?.Serve(entries + 1, count - 1);
        }

        terminal?.Drain();
        return ChildProcess.ExitCode(waitStatus.Value);
    }

    void Reap()
    {
        int status;
        if (Libc.RawSyscall(SyscallNumber.Wait4, pid, (long)&status, WithoutWaitingAndStopped, 0, 0, 0) != pid)
            return;
        if ((status & 0xff) != 0x7f)
            waitStatus = status;
        else if (terminal is null)
            // The shell that waits for decant must see it stop when the program does, and only then: a stop signal by itself says
            // nothing, as the program may ignore it, or may have stopped and gone on by the time that it is read here.
            SignalPipe.StopHere();
    }

    void ReadSignals()
    {
        while (signals.TryRead(out int signal, out int code, out bool toChild))
        {
            switch (signal)
            {
                case Signals.Child:
                    Reap();
                    break;
                case var _ when toChild:
                    Send(signal);
                    break;
                case Signals.WindowChange when terminal is not null:
                    terminal.CopySize();
                    break;
                case Signals.Terminate when stopSignal is { } other:
                    Send(other);
                    break;
                default:
                    // What the terminal sends goes to the whole foreground group: the program has it already.
                    if (code != FromKernel || terminal is not null)
                        Send(signal);
                    break;
            }
        }
    }

    void Send(int signal) => Libc.Syscall(SyscallNumber.Kill, pid, signal);
}

/// <summary>struct pollfd.</summary>
[StructLayout(LayoutKind.Sequential)]
struct PollEntry
{
    public int Descriptor;
    public short Events;
    public short Returned;
}
