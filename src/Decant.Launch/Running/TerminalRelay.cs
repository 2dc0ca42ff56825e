using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Launch.Running;

/// <summary>
/// Carries bytes between the caller's descriptors and the program's own terminal (-t). The caller's terminal is in raw mode
/// meanwhile: Ctrl-C and its like are bytes, and the program's terminal makes signals of them.
/// </summary>
sealed unsafe class TerminalRelay : IDisposable
{
    public const int MaxEntries = 2;
    const int BufferSize = 64 * 1024;
    const long SetStatusFlags = 4;
    const short PollIn = 1;
    const short PollOut = 4;
    const short PollEnd = 0x8 | 0x10;

    readonly SafeFileHandle controller;
    readonly bool relaysInput;
    readonly byte[] pending = new byte[BufferSize];
    int pendingStart;
    int pendingEnd;
    bool inputOpen;
    bool outputOpen = true;

    /// <param name="relaysInput">-i: what the caller types goes to the program.</param>
    public TerminalRelay(bool relaysInput)
    {
        (controller, Terminal) = Terminals.OpenPair();
        this.relaysInput = relaysInput;
        inputOpen = relaysInput;
        // A program that does not read must not keep decant from passing on what it writes.
        Libc.Syscall(SyscallNumber.Fcntl, LinuxFile.Number(controller), SetStatusFlags, (long)(OpenFlags.ReadWrite | OpenFlags.NonBlocking));
        CallerModes = Terminals.Attributes(0);
        CopySize();
    }

    /// <summary>The program's end.</summary>
    public SafeFileHandle Terminal { get; }

    /// <summary>What the caller's terminal must return to; null where input is no terminal.</summary>
    public Termios? CallerModes { get; }

    public void EnterRawMode()
    {
        if (CallerModes is { } modes && relaysInput)
            Terminals.SetAttributes(0, modes.Raw());
    }

    public void CopySize()
    {
        if (!controller.IsClosed)
            Terminals.CopyWindowSize(CallerModes is null ? 1 : 0, LinuxFile.Number(controller));
    }

    /// <summary>Fills in what to wait for; returns how many entries.</summary>
    public int Prepare(PollEntry* entries)
    {
        bool hasPending = pendingEnd > pendingStart;
        entries[0] = new PollEntry
        {
            Descriptor = outputOpen ? LinuxFile.Number(controller) : -1,
            Events = (short)(PollIn | (hasPending ? PollOut : 0)),
        };
        entries[1] = new PollEntry { Descriptor = inputOpen && !hasPending ? 0 : -1, Events = PollIn };
        return MaxEntries;
    }

    public void Serve(PollEntry* entries, int count)
    {
        if ((entries[0].Returned & (PollIn | PollEnd)) != 0)
            CopyOutput();
        if (count > 1 && (entries[1].Returned & (PollIn | PollEnd)) != 0)
            ReadInput();
        if (pendingEnd > pendingStart && (entries[0].Returned & PollOut) != 0)
            WritePending();
    }

    /// <summary>After the program's end: what it wrote and nobody has read yet.</summary>
    public void Drain()
    {
        PollEntry entry = new() { Descriptor = LinuxFile.Number(controller), Events = PollIn };
        long* now = stackalloc long[2];
        now[0] = now[1] = 0;
        while (outputOpen && Libc.Syscall(SyscallNumber.Ppoll, (long)&entry, 1, (long)now, 0) == 1 && (entry.Returned & PollIn) != 0)
            CopyOutput();
    }

    public void Dispose()
    {
        controller.Dispose();
        Terminal.Dispose();
    }

    void CopyOutput()
    {
        byte* buffer = stackalloc byte[16 * 1024];
        long read = Libc.Syscall(SyscallNumber.Read, LinuxFile.Number(controller), (long)buffer, 16 * 1024);
        if (read > 0)
        {
            if (!TryWriteOutput(buffer, read))
                HangUp();
        }
        else if (read == 0 || LastError() is not (Errno.EINTR or Errno.EAGAIN))
        {
            // EIO: nobody has the terminal open any more. A later process of the program may open it again only through us.
            outputOpen = false;
        }
    }

    static bool TryWriteOutput(byte* bytes, long count)
    {
        while (count > 0)
        {
            long written = Libc.Syscall(SyscallNumber.Write, 1, (long)bytes, count);
            if (written > 0)
            {
                bytes += written;
                count -= written;
            }
            else if (LastError() == Errno.EAGAIN)
            {
                // The caller's output does not block: wait until it takes more.
                PollEntry entry = new() { Descriptor = 1, Events = PollOut };
                Libc.Syscall(SyscallNumber.Ppoll, (long)&entry, 1, 0, 0);
            }
            else if (LastError() != Errno.EINTR)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Nobody takes the output any more: the program learns it as from any terminal that goes away (SIGHUP, EIO).</summary>
    void HangUp()
    {
        controller.Dispose();
        outputOpen = inputOpen = false;
        pendingStart = pendingEnd = 0;
    }

    void ReadInput()
    {
        fixed (byte* buffer = pending)
        {
            long read = Libc.Syscall(SyscallNumber.Read, 0, (long)buffer, BufferSize);
            if (read > 0)
            {
                (pendingStart, pendingEnd) = (0, (int)read);
            }
            else if (read == 0)
            {
                // The end of a file is a character to a terminal: Ctrl-D.
                inputOpen = false;
                pending[0] = 4;
                (pendingStart, pendingEnd) = (0, 1);
            }
            else if (LastError() is not (Errno.EINTR or Errno.EAGAIN))
            {
                inputOpen = false;
            }
        }
    }

    void WritePending()
    {
        fixed (byte* buffer = pending)
        {
            long written = Libc.Syscall(SyscallNumber.Write, LinuxFile.Number(controller), (long)(buffer + pendingStart), pendingEnd - pendingStart);
            if (written > 0)
                pendingStart += (int)written;
        }
    }

    static Errno LastError() => (Errno)System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
}
