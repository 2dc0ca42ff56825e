using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// Reads a tar archive from a stream that only goes forward: v7, ustar, pax and GNU, as tar(5) and IEEE Std 1003.1 (pax)
/// describe them. Every malformed archive ends in a <see cref="TarException"/>.
/// </summary>
public sealed partial class TarReader
{
    readonly string subject;
    readonly ImageLimits limits;
    readonly long? packedBytes;
    readonly long mostBytes;
    PaxRecords? globals;
    TarEntry? entry;
    long entries;
    long xattrBytes;
    bool ended;

    /// <summary>The subject names the archive in messages.</summary>
    /// <param name="packedBytes">How long the archive is as it is stored, where it is packed.</param>
    public TarReader(Stream stream, string subject, ImageLimits? limits = null, long? packedBytes = null)
    {
        this.stream = stream;
        this.subject = subject;
        blocks = stream as BlockStream;
        buffer = new byte[blocks is null ? BufferSize : TarHeader.BlockSize];
        this.limits = limits ?? ImageLimits.Default;
        this.packedBytes = packedBytes;
        mostBytes = this.limits.MostUnpacked(packedBytes);
    }

    /// <summary>The next entry; what is left of the one before is passed over. Null at the end.</summary>
    public TarEntry? Next()
    {
        if (ended)
            return null;
        try
        {
            SkipContent();
            entry = null;
            entry = ReadEntry();
            ended = entry is null;
            return entry;
        }
        catch (TarFormatException e)
        {
            throw Broken(e.Message, e.Fix);
        }
    }

    /// <summary>Reads the stream to its end, also past the archive's end marker, as a digest of the whole needs.</summary>
    /// <param name="most">How many bytes may follow it, about.</param>
    public void Drain(long most = long.MaxValue)
    {
        ended = true;
        long archive = Position;
        while (blocks is not null && Look() is { IsEmpty: false } block)
        {
            blocks.Pass(block.Length);
            bufferOffset += block.Length;
        }

        do
        {
            start = end;
            if (Position - archive > most)
                throw new TarException($"{subject}: more than {most} bytes follow the end of the archive, at byte {archive}", "send what ends with the archive");
        }
        while (Fill(1));
    }

    TarEntry? ReadEntry()
    {
        PaxRecords? local = null;
        string? longName = null;
        string? longLink = null;
        while (true)
        {
            headerOffset = Position;
            if (!Fill(1) || NextIsEndMarker())
            {
                return local is null && longName is null && longLink is null
                    ? null
                    : throw new TarFormatException("the archive ends after an extended header that belongs to no entry");
            }

            TarHeader header = new(Take(TarHeader.BlockSize));
            header.Verify();
            switch ((char)header.TypeFlag)
            {
                case 'x' or 'X':
                    local ??= globals is null ? new PaxRecords(limits) : new PaxRecords(globals);
                    local.Add(TakeExtended(header.Size, limits.Header, "extended header", "header"));
                    if (local.Weight > limits.Header)
                        throw new TarFormatException($"the extended headers of one entry hold more than {limits.Header} bytes", ImageLimits.Raise("header"));
                    break;
                case 'g':
                    globals ??= new PaxRecords(limits);
                    globals.Add(TakeExtended(header.Size, limits.Header, "global extended header", "header"));
                    if (globals.Weight > limits.Header)
                        throw new TarFormatException($"global extended headers hold more than {limits.Header} bytes", ImageLimits.Raise("header"));
                    break;
                case 'L':
                    longName = TakeLongName(header.Size);
                    break;
                case 'K':
                    longLink = TakeLongName(header.Size);
                    break;
                // GNU's volume label, continuation of another volume, and old long names: nothing to unpack.
                case 'V' or 'M' or 'N':
                    BeginContent(header.Size);
                    SkipContent();
                    break;
                default:
                    return Finish(header, local ?? globals, longName, longLink);
            }
        }
    }

    TarEntry Finish(TarHeader header, PaxRecords? pax, string? longName, string? longLink)
    {
        string name = pax?.SparseName ?? pax?.Path ?? longName ?? header.Name;
        if (name.Length == 0)
            throw new TarFormatException("the entry has no name");
        TarEntryType type = TypeOf(header.TypeFlag, name);
        bool hasContent = type == TarEntryType.Regular || header.TypeFlag == 'D';
        // What other types state as a size is not stored: a hard link may tell its file's.
        long stored = hasContent ? pax?.Size ?? header.Size : 0;
        if (stored is < 0 or > long.MaxValue - TarHeader.BlockSize)
            throw new TarFormatException($"size {stored} is out of range");

        TarEntry read = new()
        {
            Type = type,
            Name = name,
            LinkName = type is TarEntryType.HardLink or TarEntryType.SymbolicLink ? pax?.LinkPath ?? longLink ?? header.LinkName : "",
            Mode = header.Mode,
            Uid = Owner(pax?.Uid ?? header.Uid, "uid"),
            Gid = Owner(pax?.Gid ?? header.Gid, "gid"),
            UserName = pax?.UserName ?? header.UserName,
            GroupName = pax?.GroupName ?? header.GroupName,
            Size = type == TarEntryType.Regular ? stored : 0,
            StoredSize = type == TarEntryType.Regular ? stored : 0,
            ModifiedTime = pax?.ModifiedTime ?? new UnixTime(header.ModifiedSeconds, 0),
            AccessedTime = pax?.AccessedTime,
            Xattrs = pax?.Xattrs ?? [],
            Device = type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice ? header.Device : default,
            HeaderOffset = headerOffset,
            Number = entries + 1,
        };
        entry = read;
        entries++;
        CheckLimits(read);
        // The header lies in the buffer, which reading a sparse map moves.
        return type == TarEntryType.Regular ? WithSparse(read, header, pax, stored) : WithoutSparse(read, stored);
    }

    /// <summary>To the kernel -1 is nobody: chown(2) takes it for "leave as it is", and the file would be root's.</summary>
    static uint Owner(uint id, string field) =>
        id != uint.MaxValue ? id : throw new TarFormatException($"{field} {id} is no user or group");

    TarEntry WithoutSparse(TarEntry read, long stored)
    {
        BeginContent(stored);
        return read;
    }

    static TarEntryType TypeOf(byte flag, string name) => (char)flag switch
    {
        // v7 had no letter for directories: their names end in a slash.
        '\0' => name[^1] == '/' ? TarEntryType.Directory : TarEntryType.Regular,
        // '7' is a contiguous file, to be read as a regular one (POSIX); 'S' is GNU's sparse file.
        '0' or '7' or 'S' => TarEntryType.Regular,
        '1' => TarEntryType.HardLink,
        '2' => TarEntryType.SymbolicLink,
        '3' => TarEntryType.CharacterDevice,
        '4' => TarEntryType.BlockDevice,
        // 'D' is a directory of a GNU incremental archive; its content lists names.
        '5' or 'D' => TarEntryType.Directory,
        '6' => TarEntryType.Fifo,
        _ => throw new TarFormatException($"entries of type {(flag is > 32 and < 127 ? $"'{(char)flag}'" : $"0x{flag:x2}")} are not known"),
    };

    /// <summary>One zero block may stand at the very end; anything after it but a second one is damage.</summary>
    bool NextIsEndMarker()
    {
        if (!new TarHeader(Peek(TarHeader.BlockSize)).IsZero)
            return false;
        Take(TarHeader.BlockSize);
        if (Fill(1) && !new TarHeader(Take(TarHeader.BlockSize)).IsZero)
            throw new TarFormatException("a single block of zeros is followed by more data");
        return true;
    }

    void CheckLimits(TarEntry read)
    {
        if (entries > limits.Entries)
            throw new TarFormatException($"the archive has more than {limits.Entries} entries", ImageLimits.Raise("entries"));
        if (read.Name.AsSpan().Count('/') > limits.Depth || read.LinkName.AsSpan().Count('/') > limits.Depth)
            throw new TarFormatException($"the path has more than {limits.Depth} names", ImageLimits.Raise("depth"));
        if (read.Xattrs.Count > limits.Xattrs)
            throw new TarFormatException($"the entry has {read.Xattrs.Count} extended attributes, and up to {limits.Xattrs} are read", ImageLimits.Raise("xattrs"));
        foreach (TarXattr xattr in read.Xattrs)
            xattrBytes += xattr.Name.Length + xattr.Value.Length;
        if (xattrBytes > limits.XattrBytes)
            throw new TarFormatException($"the extended attributes of the archive have more than {limits.XattrBytes} bytes", ImageLimits.Raise("xattr-bytes"));
    }

    ReadOnlySpan<byte> TakeExtended(long size, long most, string what, string limit)
    {
        if (size < 0)
            throw new TarFormatException($"the size of the {what} is {size}");
        if (size > most)
            throw new TarFormatException($"the {what} has {size} bytes; decant reads up to {most}", ImageLimits.Raise(limit));
        int padded = ((int)size + TarHeader.BlockSize - 1) / TarHeader.BlockSize * TarHeader.BlockSize;
        return Take(padded)[..(int)size];
    }

    string TakeLongName(long size)
    {
        ReadOnlySpan<byte> name = TakeExtended(size, limits.Name, "long name", "name");
        int zero = name.IndexOf((byte)0);
        string text = PathBytes.Decode(zero < 0 ? name : name[..zero]);
        return text.Length > 0 ? text : throw new TarFormatException("the long name is empty");
    }

    TarException Broken(string what, string? fix = null)
    {
        string which = entry is null ? $"entry {entries + 1}" : $"entry {entry.Number} ({PathBytes.Printable(entry.Name)})";
        return new TarException($"{subject}: {which}, byte {(entry is null ? headerOffset : Position)}: {what}", fix);
    }
}
