using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Decant.Linux;

/// <summary>Terminals by descriptor (termios(3), ioctl_tty(2)).</summary>
public static unsafe class Terminals
{
    const long GetAttributes = 0x5401;
    const long SetAttributesDrain = 0x5403;
    const long GetWindowSize = 0x5413;
    const long SetWindowSize = 0x5414;
    const long UnlockPty = 0x40045431;
    const long GetPtyNumber = 0x80045430;

    public static bool IsTerminal(int fd) => Libc.IsATty(fd) == 1;

    /// <summary>The terminal's modes; null where the descriptor is no terminal.</summary>
    public static Termios? Attributes(int fd)
    {
        Termios termios;
        return Libc.Syscall(SyscallNumber.Ioctl, fd, GetAttributes, (long)&termios) == 0 ? termios : null;
    }

    public static void SetAttributes(int fd, Termios termios)
    {
        if (Libc.Syscall(SyscallNumber.Ioctl, fd, SetAttributesDrain, (long)&termios) != 0)
            throw new LinuxException("set terminal modes", null, LinuxFile.LastError);
    }

    /// <summary>Gives one terminal the size of another, if that has one.</summary>
    public static void CopyWindowSize(int from, int to)
    {
        ulong size;
        if (Libc.Syscall(SyscallNumber.Ioctl, from, GetWindowSize, (long)&size) == 0)
            Libc.Syscall(SyscallNumber.Ioctl, to, SetWindowSize, (long)&size);
    }

    /// <summary>A new pseudo-terminal (pty(7)).</summary>
    public static (SafeFileHandle Controller, SafeFileHandle Terminal) OpenPair()
    {
        SafeFileHandle controller = LinuxFile.Open("/dev/ptmx", OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal);
        int zero = 0;
        int number;
        if (Libc.Syscall(SyscallNumber.Ioctl, LinuxFile.Number(controller), UnlockPty, (long)&zero) != 0
            || Libc.Syscall(SyscallNumber.Ioctl, LinuxFile.Number(controller), GetPtyNumber, (long)&number) != 0)
            throw new LinuxException("open", "/dev/ptmx", LinuxFile.LastError);
        return (controller, LinuxFile.Open($"/dev/pts/{number}", OpenFlags.ReadWrite | OpenFlags.NoControllingTerminal));
    }
}

/// <summary>struct termios of the kernel (asm-generic/termbits.h; x86-64 and arm64 agree).</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct Termios
{
    public uint Input;
    public uint Output;
    public uint Control;
    public uint Local;
    byte line;
    fixed byte characters[19];

    /// <summary>The same in raw mode (cfmakeraw(3)).</summary>
    public readonly Termios Raw()
    {
        Termios raw = this;
        raw.Input &= ~(0x1u | 0x2 | 0x8 | 0x20 | 0x40 | 0x80 | 0x100 | 0x400);
        raw.Output &= ~0x1u;
        raw.Local &= ~(0x8u | 0x40 | 0x2 | 0x1 | 0x8000);
        raw.Control &= ~(0x30u | 0x100);
        raw.Control |= 0x30;
        // VTIME 0, VMIN 1: a read returns at the first byte.
        raw.characters[5] = 0;
        raw.characters[6] = 1;
        return raw;
    }
}
