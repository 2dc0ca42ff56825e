namespace Decant.Elf;

/// <summary>
/// Ranges of a file, which may be gigabytes: what the loader looks at is a small part, most of it in the first pages. Whatever a hostile
/// file says, no range is larger than the file or than <see cref="MostBytes"/>.
/// </summary>
sealed class ElfReader
{
    /// <summary>No real table comes near it.</summary>
    public const int MostBytes = 1 << 28;

    const int WindowBytes = 1 << 16;

    readonly Stream stream;
    readonly string name;
    readonly ulong windowBytes;
    byte[] window = [];
    ulong windowStart;

    /// <param name="windowBytes">Read at once at least, for what is asked for next.</param>
    public ElfReader(Stream stream, string name, int windowBytes = WindowBytes)
    {
        this.stream = stream;
        this.name = name;
        this.windowBytes = (ulong)windowBytes;
        Length = (ulong)stream.Length;
    }

    public ulong Length { get; }

    /// <summary>What messages call the file.</summary>
    public string Name => name;

    /// <summary>Valid until the next call.</summary>
    public ReadOnlySpan<byte> Read(ulong at, ulong length)
    {
        if (at > Length || length > Length - at)
            throw new ElfFormatException(name, at, $"the file ends at byte {Length}, before the {length} bytes needed here");
        if (length > MostBytes)
            throw new ElfFormatException(name, at, $"a table of {length} bytes, where at most {MostBytes} are read");
        if (at < windowStart || at + length > windowStart + (ulong)window.Length)
            Load(at, Math.Min(Math.Max(length, windowBytes), Length - at));
        return window.AsSpan((int)(at - windowStart), (int)length);
    }

    void Load(ulong at, ulong length)
    {
        if (window.Length != (int)length)
            window = GC.AllocateUninitializedArray<byte>((int)length);
        windowStart = at;
        stream.Position = (long)at;
        int read = stream.ReadAtLeast(window, window.Length, throwOnEndOfStream: false);
        if (read < window.Length)
            throw new ElfFormatException(name, at + (ulong)read, "the file became shorter while it was read");
    }
}
