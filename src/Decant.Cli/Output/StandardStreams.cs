using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Cli;

/// <summary>
/// Standard output and error by write(2). System.Console would cost a launch its first millisecond, and changes the
/// terminal's modes and signal dispositions that the program is to inherit.
/// </summary>
static unsafe class StandardStreams
{
    const int InputNumber = 0;
    const int OutputNumber = 1;
    const int ErrorNumber = 2;
    const long TerminalGetWindowSize = 0x5413;

    public static bool OutputIsTerminal => Terminals.IsTerminal(OutputNumber);

    public static bool ErrorIsTerminal => Terminals.IsTerminal(ErrorNumber);

    /// <summary>Columns of the terminal on standard error; 80 where it does not say.</summary>
    public static int ErrorColumns => ErrorSize.Columns;

    /// <summary>The size of the terminal on standard error; 80 by 24 where it does not say.</summary>
    public static (int Columns, int Rows) ErrorSize
    {
        get
        {
            // struct winsize: rows, columns, and two sizes in pixels.
            ushort* size = stackalloc ushort[4];
            return Libc.Syscall(SyscallNumber.Ioctl, ErrorNumber, TerminalGetWindowSize, (long)size) == 0 && size[0] > 0 && size[1] > 0 ? (size[1], size[0]) : (80, 24);
        }
    }

    /// <summary>Data. Throws <see cref="OutputClosedException"/> when the reader has gone.</summary>
    public static void Write(string text)
    {
        Errno errno = Write(OutputNumber, text);
        if (errno == Errno.EPIPE)
            throw new OutputClosedException();
        if (errno != Errno.None)
            throw new LinuxException("write", "standard output", errno);
    }

    /// <summary>Messages. There is nowhere to tell of a failure.</summary>
    public static void WriteError(string text) => _ = Write(ErrorNumber, text);

    /// <summary>All of standard input.</summary>
    /// <exception cref="DecantException">It is longer.</exception>
    public static byte[] ReadInput(int most)
    {
        using SafeFileHandle input = new(InputNumber, ownsHandle: false);
        Errno errno = LinuxFile.TryReadAll(input, out byte[] bytes);
        if (errno != Errno.None)
            throw new LinuxException("read", "standard input", errno);
        return bytes.Length <= most ? bytes : throw new DecantException($"standard input has more than {most} bytes");
    }

    /// <summary>A password on standard input: everything, without the line's end.</summary>
    public static string ReadSecret()
    {
        using SafeFileHandle input = new(InputNumber, ownsHandle: false);
        Errno errno = LinuxFile.TryReadAll(input, out byte[] bytes);
        if (errno != Errno.None)
            throw new LinuxException("read", "standard input", errno);
        return PathBytes.Decode(bytes).TrimEnd('\r', '\n');
    }

    /// <summary>Standard output for who writes line by line; each write is passed on at once.</summary>
    public static StreamWriter OpenOutput() =>
        new(new FileStream(new SafeFileHandle(OutputNumber, ownsHandle: false), FileAccess.Write, bufferSize: 0)) { AutoFlush = true };

    static Errno Write(int fd, string text)
    {
        using SafeFileHandle file = new(fd, ownsHandle: false);
        return LinuxFile.TryWrite(file, Bytes(text));
    }

    /// <summary>As <see cref="PathBytes"/> has it, so that a value that is not text comes out as it went in; NUL passes.</summary>
    static byte[] Bytes(string text)
    {
        if (!text.Contains('\0'))
            return PathBytes.Encode(text);
        string[] pieces = text.Split('\0');
        List<byte> bytes = [];
        for (int i = 0; i < pieces.Length; i++)
        {
            if (i > 0)
                bytes.Add(0);
            bytes.AddRange(PathBytes.Encode(pieces[i]));
        }

        return [.. bytes];
    }
}
