using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// How much of anything an image may hold. Above every number that real images reach (a million files, 120 layers, 100 GB),
/// and below what would make a hostile one fill the memory or keep decant busy for days.
/// </summary>
public sealed record ImageLimits
{
    // A layer that unpacks to less is no bomb, however well it packs.
    const long RatioFloor = 1L << 30;

    // What is read into memory at once.
    const long MostInMemory = 1L << 30;

    public static ImageLimits Default { get; } = new();

    /// <summary>For what has been let in already.</summary>
    internal static ImageLimits None => Names.Aggregate(Default, (limits, name) => limits.With(name, 0));

    /// <summary>As <c>--limit</c> and <c>limits</c> of the configuration have them.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["bytes", "depth", "document", "entries", "header", "layers", "name", "ratio", "window", "xattr-bytes", "xattrs"];

    /// <summary>Bytes of one layer's tar, and of a packed archive of images.</summary>
    public long Bytes { get; init; } = 1L << 40;

    /// <summary>Names in one path. Beyond a thousand no program can use it: PATH_MAX is 4096 bytes.</summary>
    public long Depth { get; init; } = 1024;

    /// <summary>Bytes of a manifest, an index or a configuration; registries take no more.</summary>
    public long Document { get; init; } = 4L << 20;

    /// <summary>Entries of one layer's tar, and directories that it makes, named or implied.</summary>
    public long Entries { get; init; } = 4_000_000;

    /// <summary>Bytes of pax records that belong to one entry, and of those that hold for all.</summary>
    public long Header { get; init; } = 1L << 20;

    /// <summary>Of one image. Linux mounts overlays of up to 500.</summary>
    public long Layers { get; init; } = 500;

    /// <summary>Bytes of one path.</summary>
    public long Name { get; init; } = 64L << 10;

    /// <summary>Bytes out of a decompressor for each that goes in, once a layer has unpacked to a gibibyte.</summary>
    public long Ratio { get; init; } = 250;

    /// <summary>
    /// Bytes of memory that a zstd frame may ask for, a power of two. Packers of images ask for 8 to 32 MiB; only zstd's own levels above
    /// 20 and its --long ask for more.
    /// </summary>
    public long Window { get; init; } = 32L << 20;

    /// <summary>Names and values of all extended attributes of one layer, in bytes.</summary>
    public long XattrBytes { get; init; } = 256L << 20;

    /// <summary>Extended attributes of one entry.</summary>
    public long Xattrs { get; init; } = 1024;

    /// <summary>With another number for the limit of that name; 0 is none, where memory does not need one.</summary>
    public ImageLimits With(string name, long value)
    {
        long most = value > 0 ? value : long.MaxValue;
        return name switch
        {
            "bytes" => this with { Bytes = most },
            "depth" => this with { Depth = most },
            "document" => this with { Document = Math.Min(most, MostInMemory) },
            "entries" => this with { Entries = most },
            "header" => this with { Header = Math.Min(most, MostInMemory) },
            "layers" => this with { Layers = most },
            "name" => this with { Name = Math.Min(most, MostInMemory) },
            "ratio" => this with { Ratio = most },
            "window" => this with { Window = Math.Min(most, MostInMemory << 1) },
            "xattr-bytes" => this with { XattrBytes = most },
            "xattrs" => this with { Xattrs = most },
            _ => throw new DecantException($"there is no limit {PathBytes.Printable(name)}", "the limits are " + string.Join(", ", Names)),
        };
    }

    /// <summary>Names the option that allows more.</summary>
    internal static string Raise(string name) =>
        $"if you trust the image, allow more by the option --limit {name}=NUMBER of decant pull, or by limits in the configuration (0 is no limit)";

    /// <summary>What may come out of so many packed bytes; of a number that is not known, or that is not packed, up to <see cref="Bytes"/>.</summary>
    internal long MostUnpacked(long? packed)
    {
        if (packed is not long from)
            return Bytes;
        long byRatio = from > long.MaxValue / Ratio ? long.MaxValue : Math.Max(from * Ratio, RatioFloor);
        return Math.Min(Bytes, byRatio);
    }

    /// <summary>Why more than <see cref="MostUnpacked"/> is refused, and the option.</summary>
    internal (string Message, string Fix) TooMuchUnpacked(long? packed) => MostUnpacked(packed) < Bytes
        ? ($"{packed} bytes unpack to more than {MostUnpacked(packed)}, as only a decompression bomb does", Raise("ratio"))
        : ($"it unpacks to more than {Bytes} bytes", Raise("bytes"));
}
