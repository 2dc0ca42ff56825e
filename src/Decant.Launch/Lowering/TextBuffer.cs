using System.Runtime.InteropServices;

namespace Decant.Launch.Lowering;

/// <summary>
/// A zero-terminated string that the walker completes with numbers known only in the child, such as "/proc/self/fd/7".
/// The bytes follow the header in memory.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
struct TextBuffer
{
    public int Length;
    public int Capacity;
}

/// <summary>Writes the instructions that compose a <see cref="TextBuffer"/>.</summary>
readonly unsafe struct TextComposer
{
    readonly SyscallProgram program;
    readonly byte* buffer;

    public TextComposer(SyscallProgram program, int capacity)
    {
        this.program = program;
        buffer = program.Allocate(sizeof(TextBuffer) + capacity);
        ((TextBuffer*)buffer)->Capacity = capacity;
    }

    /// <summary>Address of the finished string.</summary>
    public byte* Address => buffer + sizeof(TextBuffer);

    public TextComposer Append(string text)
    {
        program.Pseudo(PseudoCall.AppendText, buffer, program.Text(text), Linux.PathBytes.Encode(text).Length);
        return this;
    }

    public TextComposer Append(Slot number)
    {
        program.Pseudo(PseudoCall.AppendNumber, buffer, number);
        return this;
    }
}
