using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Launch.Running;

/// <summary>
/// What is sent to decant, as records in a pipe. The waiting thread blocks all signals, but the runtime has another that does not, so
/// that a handler must take them; it runs on that thread, wherever it stands, and does nothing but write. A signal descriptor
/// (signalfd(2)) would need the other thread to block them too, and code of ours gets there only through a garbage collection.
/// There can be one at a time. It is made before the program's process, which has the handlers too until it executes the program:
/// what reaches it there comes through the pipe as well, marked as the child's.
/// </summary>
sealed unsafe class SignalPipe : IDisposable
{
    const long ToChild = 0x100;

    static int writer = -1;

    /// <summary>errno of the thread that waits, which itself runs no handler. The child has that thread's local storage.</summary>
    static int* errnoOfWaiter;

    readonly Pipe pipe = new(OpenFlags.NonBlocking);

    public SignalPipe()
    {
        writer = LinuxFile.Number(pipe.Writer);
        errnoOfWaiter = Libc.ErrnoLocation();
        for (int signal = 1; signal <= 64; signal++)
        {
            if ((SignalMask.Forwarded & SignalMask.Bit(signal)) != 0 && SetAction(signal, (nint)(delegate*<int, int*, void*, void>)&Write) == SignalAction.Ignore)
                Ignored |= SignalMask.Bit(signal);
        }
    }

    /// <summary>What the caller ignores, and the program is to ignore too: a handler does not outlive execve(2), nor does what it replaced.</summary>
    public ulong Ignored { get; }

    public SafeFileHandle Reader => pipe.Reader;

    /// <summary>The next signal, the si_code that came with it (sigaction(2)), and whether the child had it before it was the program.</summary>
    public bool TryRead(out int signal, out int code, out bool toChild)
    {
        long record;
        bool read = Libc.Syscall(SyscallNumber.Read, LinuxFile.Number(pipe.Reader), (long)&record, sizeof(long)) == sizeof(long);
        (signal, code, toChild) = read ? ((byte)record, (int)(record >> 32), (record & ToChild) != 0) : (0, 0, false);
        return read;
    }

    /// <summary>
    /// Stops this process as SIGTSTP's default does, which the kernel leaves out where nobody could continue it (an orphaned process
    /// group, setpgid(2)). Sent to this thread, as another would take it at a time of its own.
    /// </summary>
    public static void StopHere()
    {
        SetAction(Signals.TerminalStop, 0);
        Libc.Syscall(SyscallNumber.Tgkill, Libc.GetProcessId(), Libc.Syscall(SyscallNumber.Gettid), Signals.TerminalStop);
        SignalMask.OpenFor(Signals.TerminalStop);
        SetAction(Signals.TerminalStop, (nint)(delegate*<int, int*, void*, void>)&Write);
    }

    /// <summary>A signal that comes after the end finds no descriptor, and is lost with the process.</summary>
    public void Dispose()
    {
        writer = -1;
        pipe.Dispose();
    }

    /// <summary>
    /// The handler: no allocation, no lock, no transition of the runtime's, and errno as it was. A full pipe drops the signal, as the
    /// kernel does with a standard one that is pending already.
    /// </summary>
    static void Write(int signal, int* info, void* context)
    {
        int* errno = Libc.ErrnoLocation();
        int before = *errno;
        long record = (uint)signal | (errno == errnoOfWaiter ? ToChild : 0) | ((long)info[2] << 32);
        Libc.RawSyscall(SyscallNumber.Write, writer, (long)&record, sizeof(long), 0, 0, 0);
        *errno = before;
    }

    /// <summary>By the C library's function, which knows how a handler returns (SA_RESTORER). Returns the handler until now.</summary>
    static nint SetAction(int signal, nint handler)
    {
        const int WithInfo = 4;
        const int Restart = 0x10000000;
        LibrarySignalAction action = new() { Handler = handler, Flags = handler == 0 ? 0 : WithInfo | Restart };
        foreach (ref ulong word in action.Mask)
            word = ulong.MaxValue;
        LibrarySignalAction old;
        if (Libc.SetSignalAction(signal, &action, &old) != 0)
            throw new LinuxException("sigaction", Signals.Name(signal), (Errno)(*Libc.ErrnoLocation()));
        return old.Handler;
    }
}
