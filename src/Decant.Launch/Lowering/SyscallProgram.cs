using System.Runtime.InteropServices;
using Decant.Linux;

namespace Decant.Launch.Lowering;

/// <summary>An argument: a number, an address, or what an earlier call returned.</summary>
readonly record struct Operand(long Value, bool IsSlot)
{
    public static implicit operator Operand(long value) => new(value, false);
    public static implicit operator Operand(Slot slot) => new(slot.Index, true);
    public static unsafe implicit operator Operand(byte* address) => new((long)address, false);
}

/// <summary>A place for a call's result, such as an open descriptor.</summary>
readonly record struct Slot(short Index);

/// <summary>
/// A list of system calls with their arguments, laid out in unmanaged memory before the fork, so that the child only has to walk
/// it (<see cref="ProgramWalker"/>): between clone and execve nothing may allocate, lock or throw, since the child is a copy of
/// one thread of a multi-threaded process. Everything that an argument points to lives as long as the program.
/// </summary>
sealed unsafe class SyscallProgram : IDisposable
{
    /// <summary>Over the C library's threshold for mapping fresh memory, of which only the pages in use are ever touched.</summary>
    const int BlockSize = 512 * 1024;
    public const int MaxSlots = 2048;

    readonly List<nint> blocks = [];
    byte* free;
    nuint freeBytes;
    short slots;
    int capacity = 1024;

    public SyscallProgram()
    {
        Instructions = (Instruction*)Allocate(capacity * sizeof(Instruction));
        SlotValues = (long*)Allocate(MaxSlots * sizeof(long));
    }

    public Instruction* Instructions { get; private set; }
    public int Count { get; private set; }
    public long* SlotValues { get; }

    /// <summary>The step that the next instructions belong to.</summary>
    public short Step { get; set; }

    public Slot NewSlot() => slots < MaxSlots
        ? new Slot(slots++)
        : throw new DecantException($"a launch can hold at most {MaxSlots} open files and mounts");

    /// <summary>A call whose result is kept.</summary>
    public Slot Open(long number, Operand a, Operand b = default, Operand c = default, Operand d = default, Operand e = default, Errno tolerate = Errno.None)
    {
        Slot slot = NewSlot();
        Add(number, slot.Index, -1, tolerate, Errno.None, Errno.None, a, b, c, d, e);
        return slot;
    }

    public void Call(long number, Operand a = default, Operand b = default, Operand c = default, Operand d = default, Operand e = default) =>
        Add(number, -1, -1, Errno.None, Errno.None, Errno.None, a, b, c, d, e);

    /// <summary>A call that may fail in the given ways.</summary>
    public void CallTolerating(Errno first, Errno second, Errno third, long number, Operand a = default, Operand b = default, Operand c = default, Operand d = default, Operand e = default) =>
        Add(number, -1, -1, first, second, third, a, b, c, d, e);

    /// <summary>A call that must return exactly this.</summary>
    public void CallExpecting(long expected, long number, Operand a = default, Operand b = default, Operand c = default) =>
        Add(number, -1, expected, Errno.None, Errno.None, Errno.None, a, b, c, default, default);

    /// <summary>A read that must return the given number of bytes or fail in the given way.</summary>
    public void ReadTolerating(Errno tolerated, Operand file, byte* buffer, int bytes) =>
        Add(SyscallNumber.Read, -1, bytes, tolerated, Errno.None, Errno.None, file, buffer, bytes, default, default);

    public void Close(Slot slot) => Call(SyscallNumber.Close, slot);

    public void Pseudo(PseudoCall call, Operand a = default, Operand b = default, Operand c = default) =>
        Add((long)call, -1, -1, Errno.None, Errno.None, Errno.None, a, b, c, default, default);

    void Add(long number, short result, long expected, Errno t1, Errno t2, Errno t3, Operand a, Operand b, Operand c, Operand d, Operand e)
    {
        if (Count == capacity)
        {
            Instruction* larger = (Instruction*)Allocate(2 * capacity * sizeof(Instruction));
            new ReadOnlySpan<Instruction>(Instructions, Count).CopyTo(new Span<Instruction>(larger, Count));
            Instructions = larger;
            capacity *= 2;
        }

        Instruction* i = Instructions + Count++;
        i->Number = number;
        i->ResultSlot = result;
        i->Expected = expected;
        i->Step = Step;
        i->Tolerated[0] = (int)t1;
        i->Tolerated[1] = (int)t2;
        i->Tolerated[2] = (int)t3;
        Set(i, 0, a);
        Set(i, 1, b);
        Set(i, 2, c);
        Set(i, 3, d);
        Set(i, 4, e);
    }

    static void Set(Instruction* instruction, int index, Operand operand)
    {
        instruction->Args[index] = operand.Value;
        if (operand.IsSlot)
            instruction->SlotMask |= (byte)(1 << index);
    }

    /// <summary>Zeroed memory, eight-byte aligned, that lives as long as the program.</summary>
    public byte* Allocate(int bytes)
    {
        Reserve(bytes);
        return Take(bytes);
    }

    void Reserve(int bytes)
    {
        nuint size = Aligned(bytes);
        if (size <= freeBytes)
            return;
        freeBytes = Math.Max(size, BlockSize);
        free = (byte*)NativeMemory.AllocZeroed(freeBytes);
        blocks.Add((nint)free);
    }

    byte* Take(int bytes)
    {
        byte* result = free;
        free += Aligned(bytes);
        freeBytes -= Aligned(bytes);
        return result;
    }

    static nuint Aligned(int bytes) => ((nuint)bytes + 7) & ~(nuint)7;

    /// <summary>A zero-terminated string.</summary>
    public byte* Text(string text)
    {
        int most = PathBytes.MaxByteCount(text);
        Reserve(most);
        return Take(PathBytes.Encode(text, new Span<byte>(free, most)) + 1);
    }

    public byte* Bytes(ReadOnlySpan<byte> content)
    {
        byte* bytes = Allocate(content.Length + 1);
        content.CopyTo(new Span<byte>(bytes, content.Length));
        return bytes;
    }

    /// <summary>A null-terminated array of strings, as execve takes it.</summary>
    public byte* TextArray(ReadOnlySpan<string> texts)
    {
        byte** array = (byte**)Allocate((texts.Length + 1) * sizeof(byte*));
        for (int i = 0; i < texts.Length; i++)
            array[i] = Text(texts[i]);
        return (byte*)array;
    }

    public void Dispose()
    {
        foreach (nint block in blocks)
            NativeMemory.Free((void*)block);
        blocks.Clear();
    }
}
