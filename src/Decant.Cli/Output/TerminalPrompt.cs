using System.Text;
using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Cli;

/// <summary>Questions to whoever sits at the terminal, wherever the standard streams lead.</summary>
static class TerminalPrompt
{
    const byte Interrupt = 3;
    const byte EndOfText = 4;
    const byte Backspace = 8;
    const byte Delete = 127;

    /// <summary>An answer that is shown as it is typed.</summary>
    public static string Line(string question) => Ask(question, shown: true);

    /// <summary>An answer that is not shown.</summary>
    public static string Secret(string question) => Ask(question, shown: false);

    static string Ask(string question, bool shown)
    {
        if (LinuxFile.TryOpen(null, "/dev/tty", OpenFlags.ReadWrite, 0, out SafeFileHandle? terminal) != Errno.None || terminal is null)
            throw new DecantException("there is no terminal to ask at", "decant login -u USER --password-stdin REGISTRY < FILE");
        using (terminal)
        {
            int number = LinuxFile.Number(terminal);
            Termios? before = Terminals.Attributes(number);
            Write(terminal, question);
            try
            {
                // Signals from the keyboard are read as bytes: one of them would leave the terminal without echo.
                if (before is { } modes)
                    Terminals.SetAttributes(number, modes.Raw());
                return Read(terminal, shown);
            }
            finally
            {
                if (before is { } modes)
                    Terminals.SetAttributes(number, modes);
                Write(terminal, "\n");
            }
        }
    }

    static string Read(SafeFileHandle terminal, bool shown)
    {
        List<byte> typed = [];
        using FileStream keys = new(new SafeFileHandle(terminal.DangerousGetHandle(), ownsHandle: false), FileAccess.Read, 0);
        while (true)
        {
            int key = keys.ReadByte();
            switch (key)
            {
                case '\r' or '\n':
                    return Encoding.UTF8.GetString([.. typed]);
                case < 0 or Interrupt or EndOfText:
                    throw new DecantException("broken off");
                case Backspace or Delete:
                    // A character of UTF-8 goes as a whole.
                    int end = typed.Count - 1;
                    while (end > 0 && (typed[end] & 0xc0) == 0x80)
                        end--;
                    if (end < 0)
                        break;
                    typed.RemoveRange(end, typed.Count - end);
                    if (shown)
                        Write(terminal, "\b \b");
                    break;
                default:
                    typed.Add((byte)key);
                    if (shown)
                        _ = LinuxFile.TryWrite(terminal, [(byte)key]);
                    break;
            }
        }
    }

    static void Write(SafeFileHandle terminal, string text) => _ = LinuxFile.TryWrite(terminal, PathBytes.Encode(text));
}
