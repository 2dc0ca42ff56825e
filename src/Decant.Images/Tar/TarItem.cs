using System.Text;
using Decant.Linux;

namespace Decant.Images;

/// <summary>One entry to be written: its ustar header, and pax records for what does not fit there (IEEE Std 1003.1, pax).</summary>
sealed record TarItem(string Name, FileStatus Status, string LinkName, IReadOnlyList<TarXattr> Xattrs)
{
    // Eleven octal digits, and seven.
    const long MaxOctal12 = 0x1_FFFF_FFFF;
    const long MaxOctal8 = 0x1F_FFFF;

    public bool IsHardLink { get; init; }

    long Size => Status.IsRegular && !IsHardLink ? Status.Size : 0;

    public byte[] PaxRecords()
    {
        using MemoryStream into = new();
        byte[] name = PathBytes.Encode(Name);
        byte[] link = PathBytes.Encode(LinkName);
        if (!FitsHeader(name))
            Add(into, "path", name);
        if (!FitsHeader(link))
            Add(into, "linkpath", link);
        if (Size > MaxOctal12)
            Add(into, "size", Size.ToString());
        if (Status.Owner > MaxOctal8)
            Add(into, "uid", Status.Owner.ToString());
        if (Status.Group > MaxOctal8)
            Add(into, "gid", Status.Group.ToString());
        if (Status.Modified.Nanoseconds != 0 || Status.Modified.Seconds is < 0 or > MaxOctal12)
            Add(into, "mtime", Time(Status.Modified));
        foreach (TarXattr xattr in Xattrs.OrderBy(x => x.Name, StringComparer.Ordinal))
        {
            // As GNU tar: "=" would end the key.
            string key = xattr.Name.Replace("%", "%25", StringComparison.Ordinal).Replace("=", "%3D", StringComparison.Ordinal);
            Add(into, "SCHILY.xattr." + key, xattr.Value);
        }

        return into.ToArray();
    }

    public static byte[] PaxHeader(int length)
    {
        byte[] block = new byte[TarHeader.BlockSize];
        "././@PaxHeader"u8.CopyTo(block);
        Octal(block, 100, 8, 0x1A4);
        Octal(block, 108, 8, 0);
        Octal(block, 116, 8, 0);
        Octal(block, 136, 12, 0);
        return Complete(block, 'x', length);
    }

    public byte[] Header()
    {
        byte[] block = new byte[TarHeader.BlockSize];
        PutText(block, 0, PathBytes.Encode(Name));
        Octal(block, 100, 8, Status.Permissions);
        Octal(block, 108, 8, Math.Min(Status.Owner, MaxOctal8));
        Octal(block, 116, 8, Math.Min(Status.Group, MaxOctal8));
        Octal(block, 136, 12, Math.Clamp(Status.Modified.Seconds, 0, MaxOctal12));
        PutText(block, 157, PathBytes.Encode(LinkName));
        if (Status.Type is FileType.CharacterDevice or FileType.BlockDevice)
        {
            Octal(block, 329, 8, Status.Represents.Major);
            Octal(block, 337, 8, Status.Represents.Minor);
        }

        return Complete(block, TypeFlag, Math.Min(Size, MaxOctal12));
    }

    char TypeFlag => IsHardLink ? '1' : Status.Type switch
    {
        FileType.SymbolicLink => '2',
        FileType.CharacterDevice => '3',
        FileType.BlockDevice => '4',
        FileType.Directory => '5',
        FileType.Fifo => '6',
        _ => '0',
    };

    /// <summary>POSIX promises anything but ASCII only in pax records.</summary>
    static bool FitsHeader(byte[] name) => name.Length <= 100 && Ascii.IsValid(name);

    static void PutText(byte[] block, int offset, byte[] text) => text.AsSpan(0, Math.Min(text.Length, 100)).CopyTo(block.AsSpan(offset));

    static byte[] Complete(byte[] block, char type, long size)
    {
        Octal(block, 124, 12, size);
        block[156] = (byte)type;
        "ustar\000"u8.CopyTo(block.AsSpan(257));
        block.AsSpan(148, 8).Fill((byte)' ');
        long sum = 0;
        foreach (byte value in block)
            sum += value;
        // Six digits, a zero and the space that is there: as every tar writes it.
        Octal(block, 148, 7, sum);
        return block;
    }

    static void Octal(byte[] block, int offset, int length, long value) =>
        Encoding.ASCII.GetBytes(Convert.ToString(value, 8).PadLeft(length - 1, '0')).CopyTo(block, offset);

    static void Add(MemoryStream into, string key, string value) => Add(into, key, Encoding.ASCII.GetBytes(value));

    /// <summary>The length at the start of a record counts its own digits.</summary>
    static void Add(MemoryStream into, string key, byte[] value)
    {
        byte[] name = PathBytes.Encode(key);
        int rest = name.Length + value.Length + 3;
        int length = rest + rest.ToString().Length;
        length = rest + length.ToString().Length;
        into.Write(Encoding.ASCII.GetBytes($"{length} "));
        into.Write(name);
        into.WriteByte((byte)'=');
        into.Write(value);
        into.WriteByte((byte)'\n');
    }

    /// <summary>Before 1970 the fraction counts towards the past: -2 s and 750,000,000 ns are -1.25.</summary>
    static string Time(UnixTime time)
    {
        bool negative = time.Seconds < 0;
        long seconds = negative && time.Nanoseconds > 0 ? -(time.Seconds + 1) : Math.Abs(time.Seconds);
        long nanoseconds = negative && time.Nanoseconds > 0 ? 1_000_000_000 - time.Nanoseconds : time.Nanoseconds;
        string fraction = nanoseconds == 0 ? "" : "." + nanoseconds.ToString("d9").TrimEnd('0');
        return $"{(negative ? "-" : "")}{seconds}{fraction}";
    }
}
