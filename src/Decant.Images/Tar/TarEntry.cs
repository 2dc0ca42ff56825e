using Decant.Linux;

namespace Decant.Images;

/// <summary>One entry of a tar archive, with its extended headers applied.</summary>
public sealed record TarEntry
{
    public required TarEntryType Type { get; init; }

    /// <summary>As the archive has it: not cleaned, in the encoding of <see cref="PathBytes"/>; never empty, no NUL.</summary>
    public required string Name { get; init; }

    /// <summary>The target of a hard or symbolic link, likewise; empty for all else.</summary>
    public string LinkName { get; init; } = "";

    /// <summary>Permission, set-id and sticky bits only.</summary>
    public required uint Mode { get; init; }
    public required uint Uid { get; init; }
    public required uint Gid { get; init; }
    public string UserName { get; init; } = "";
    public string GroupName { get; init; } = "";

    /// <summary>Bytes of the file once unpacked; holes count. Zero for all but regular files.</summary>
    public required long Size { get; init; }

    /// <summary>Bytes of content that the archive stores; less than <see cref="Size"/> for a sparse file.</summary>
    public required long StoredSize { get; init; }

    public required UnixTime ModifiedTime { get; init; }
    public UnixTime? AccessedTime { get; init; }
    public IReadOnlyList<TarXattr> Xattrs { get; init; } = [];

    /// <summary>For device nodes.</summary>
    public DeviceNumber Device { get; init; }

    /// <summary>The stored parts of a sparse file, ascending and apart from each other; null for a file stored whole.</summary>
    public IReadOnlyList<SparseRange>? Sparse { get; init; }

    /// <summary>Where the entry's own header block starts in the archive, in bytes.</summary>
    public required long HeaderOffset { get; init; }

    /// <summary>Counted from 1, extended headers not counted.</summary>
    public required long Number { get; init; }
}
