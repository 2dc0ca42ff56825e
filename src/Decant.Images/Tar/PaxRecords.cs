using System.Buffers.Text;
using System.Text;
using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// The records of pax extended headers that matter to a file (IEEE Std 1003.1, pax; GNU tar's manual, "Sparse Formats";
/// star(5) for SCHILY.xattr). hdrcharset changes nothing: names are bytes here, whatever they mean.
/// </summary>
sealed class PaxRecords
{
    const string XattrPrefix = "SCHILY.xattr.";

    readonly ImageLimits limits;
    Dictionary<string, byte[]>? xattrs;
    List<SparseRange>? sparse;
    long? openOffset;

    public string? Path { get; private set; }
    public string? LinkPath { get; private set; }
    public string? UserName { get; private set; }
    public string? GroupName { get; private set; }
    public long? Size { get; private set; }
    public uint? Uid { get; private set; }
    public uint? Gid { get; private set; }
    public UnixTime? ModifiedTime { get; private set; }
    public UnixTime? AccessedTime { get; private set; }

    /// <summary>GNU.sparse.major, 1 where the map stands before the content.</summary>
    public long? SparseMajor { get; private set; }
    public string? SparseName { get; private set; }
    public long? SparseRealSize { get; private set; }

    /// <summary>The map of GNU's forms 0.0 and 0.1; null without one.</summary>
    public List<SparseRange>? Sparse => sparse;

    /// <summary>Memory that the records hold, for a limit on global headers, which add up.</summary>
    public long Weight { get; private set; }

    public IReadOnlyList<TarXattr> Xattrs
    {
        get
        {
            if (xattrs is null)
                return [];
            List<TarXattr> list = new(xattrs.Count);
            foreach ((string name, byte[] value) in xattrs)
                list.Add(new TarXattr(name, value));
            return list;
        }
    }

    public PaxRecords(ImageLimits limits) => this.limits = limits;

    /// <summary>A file's own records start from the global ones.</summary>
    public PaxRecords(PaxRecords from)
    {
        limits = from.limits;
        Path = from.Path;
        LinkPath = from.LinkPath;
        UserName = from.UserName;
        GroupName = from.GroupName;
        Size = from.Size;
        Uid = from.Uid;
        Gid = from.Gid;
        ModifiedTime = from.ModifiedTime;
        AccessedTime = from.AccessedTime;
        if (from.xattrs is not null)
            xattrs = new(from.xattrs, StringComparer.Ordinal);
    }

    /// <summary>Adds a header's records: "LENGTH KEY=VALUE\n", the length counting itself and the newline.</summary>
    /// <exception cref="TarFormatException">A record is malformed; the message has its place in the header.</exception>
    public void Add(ReadOnlySpan<byte> header)
    {
        int at = 0;
        while (at < header.Length)
        {
            ReadOnlySpan<byte> rest = header[at..];
            if (!Utf8Parser.TryParse(rest, out int length, out int digits)
                || length < digits + 3 || length > rest.Length || rest[digits] != (byte)' ' || rest[length - 1] != (byte)'\n')
                throw new TarFormatException($"byte {at} of the extended header is no record of the form \"LENGTH KEY=VALUE\"");
            ReadOnlySpan<byte> record = rest[(digits + 1)..(length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals <= 0)
                throw new TarFormatException($"the record at byte {at} of the extended header has no key");
            Weight += length;
            Set(KeyOf(record[..equals]), record[(equals + 1)..]);
            at += length;
        }

        if (openOffset is not null)
            throw new TarFormatException("a sparse offset in the extended header has no length");
    }

    /// <summary>What most headers have needs no new string.</summary>
    static string KeyOf(ReadOnlySpan<byte> key) =>
        key.SequenceEqual("mtime"u8) ? "mtime" : key.SequenceEqual("atime"u8) ? "atime" : key.SequenceEqual("ctime"u8) ? "ctime"
        : key.SequenceEqual("path"u8) ? "path" : Encoding.UTF8.GetString(key);

    void Set(string key, ReadOnlySpan<byte> value)
    {
        switch (key)
        {
            case "path": Path = Name(key, value); break;
            case "linkpath": LinkPath = Name(key, value); break;
            case "uname": UserName = value.IsEmpty ? null : PathBytes.Decode(value); break;
            case "gname": GroupName = value.IsEmpty ? null : PathBytes.Decode(value); break;
            case "size": Size = value.IsEmpty ? null : Number(key, value); break;
            case "uid": Uid = value.IsEmpty ? null : Unsigned32(key, value); break;
            case "gid": Gid = value.IsEmpty ? null : Unsigned32(key, value); break;
            case "mtime": ModifiedTime = value.IsEmpty ? null : Time(key, value); break;
            case "atime": AccessedTime = value.IsEmpty ? null : Time(key, value); break;
            case "GNU.sparse.major": SparseMajor = Number(key, value); break;
            case "GNU.sparse.name": SparseName = Name(key, value); break;
            case "GNU.sparse.size" or "GNU.sparse.realsize": SparseRealSize = Number(key, value); break;
            case "GNU.sparse.map": AddMap(value); break;
            case "GNU.sparse.numblocks": sparse ??= []; break;
            case "GNU.sparse.offset": AddOffset(Number(key, value)); break;
            case "GNU.sparse.numbytes": AddLength(Number(key, value)); break;
            default:
                // An attribute's value may be empty: that is not the deletion that POSIX means for its own keys.
                if (key.StartsWith(XattrPrefix, StringComparison.Ordinal) && key.Length > XattrPrefix.Length)
                    (xattrs ??= new(StringComparer.Ordinal))[XattrName(key)] = value.ToArray();
                break;
        }
    }

    /// <summary>GNU tar writes "=" in an attribute's name as %3D and "%" as %25.</summary>
    static string XattrName(string key)
    {
        string name = key[XattrPrefix.Length..];
        if (name.Contains('%'))
            name = name.Replace("%3D", "=", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
        return name.Contains('\0') ? throw new TarFormatException("the name of an extended attribute holds a NUL byte") : name;
    }

    void AddOffset(long offset)
    {
        if (openOffset is not null)
            throw new TarFormatException("two sparse offsets in the extended header follow one another");
        openOffset = offset;
    }

    void AddLength(long length)
    {
        (sparse ??= []).Add(new SparseRange(openOffset ?? throw new TarFormatException("a sparse length in the extended header has no offset"), length));
        openOffset = null;
    }

    void AddMap(ReadOnlySpan<byte> value)
    {
        sparse ??= [];
        if (value.IsEmpty)
            return;
        long? offset = null;
        foreach (Range range in value.Split((byte)','))
        {
            long number = Number("GNU.sparse.map", value[range]);
            if (offset is not null)
                sparse.Add(new SparseRange(offset.Value, number));
            offset = offset is null ? number : null;
        }

        if (offset is not null)
            throw new TarFormatException("the sparse map in the extended header has an offset without a length");
    }

    /// <summary>An empty value takes an earlier or global one away.</summary>
    string? Name(string key, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return null;
        if (value.Length > limits.Name)
            throw new TarFormatException($"{key} is longer than {limits.Name} bytes", ImageLimits.Raise("name"));
        return value.Contains((byte)0) ? throw new TarFormatException($"{key} holds a NUL byte") : PathBytes.Decode(value);
    }

    static long Number(string key, ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out long number, out int used) && used == value.Length && number >= 0
            ? number
            : throw new TarFormatException($"{key} in the extended header is no number");

    static uint Unsigned32(string key, ReadOnlySpan<byte> value)
    {
        long number = Number(key, value);
        return number <= uint.MaxValue ? (uint)number : throw new TarFormatException($"{key} {number} is out of range");
    }

    /// <summary>Decimal seconds with a fraction; what is finer than a nanosecond is cut off towards the past.</summary>
    static UnixTime Time(string key, ReadOnlySpan<byte> value)
    {
        bool negative = value[0] == (byte)'-';
        ReadOnlySpan<byte> digits = negative ? value[1..] : value;
        int point = digits.IndexOf((byte)'.');
        ReadOnlySpan<byte> fraction = point < 0 ? default : digits[(point + 1)..];
        long seconds = Number(key, point < 0 ? digits : digits[..point]);
        long nanoseconds = 0;
        bool more = false;
        for (int i = 0; i < Math.Max(9, fraction.Length); i++)
        {
            int digit = i < fraction.Length ? fraction[i] - '0' : 0;
            if (digit is < 0 or > 9)
                throw new TarFormatException($"{key} in the extended header is no number");
            if (i < 9)
                nanoseconds = (nanoseconds * 10) + digit;
            else
                more |= digit != 0;
        }

        if (!negative)
            return new UnixTime(seconds, (uint)nanoseconds);
        nanoseconds += more ? 1 : 0;
        return nanoseconds == 0 ? new UnixTime(-seconds, 0) : new UnixTime(-seconds - 1, (uint)(1_000_000_000 - nanoseconds));
    }
}
