using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Launch.Running;

/// <summary>A pipe whose ends close on exec (pipe2(2)).</summary>
readonly unsafe struct Pipe : IDisposable
{
    public Pipe()
        : this(0)
    {
    }

    public Pipe(OpenFlags flags)
    {
        int* ends = stackalloc int[2];
        if (Libc.Syscall(SyscallNumber.Pipe2, (long)ends, (long)(OpenFlags.CloseOnExec | flags)) != 0)
            throw new LinuxException("pipe", null, (Errno)System.Runtime.InteropServices.Marshal.GetLastPInvokeError());
        Reader = new SafeFileHandle(ends[0], ownsHandle: true);
        Writer = new SafeFileHandle(ends[1], ownsHandle: true);
    }

    public SafeFileHandle Reader { get; }
    public SafeFileHandle Writer { get; }

    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }
}
