using Decant.Linux;

namespace Decant.Images;

/// <summary>What <see cref="RootView.Resolve"/> found.</summary>
/// <param name="Errno">None when the entry exists; else what the launched program would get for the path.</param>
/// <param name="Path">
/// The path inside the root without links: of the entry, or of where it would be created. There, links in the part that
/// exists are resolved, also a dangling last one; "." and ".." after the first missing part are taken out of the text.
/// </param>
/// <param name="HostPath">
/// The file in the layer or bind that provides the entry; below the layer's directory the path holds no links. Null when
/// the entry is missing, and for a directory that exists only because a bind's target lies below it.
/// </param>
/// <param name="Status">Of the entry itself, not of what a link points at.</param>
public readonly record struct RootEntry(Errno Errno, string Path, string? HostPath, FileStatus Status)
{
    public bool Exists => Errno == Errno.None;

    /// <summary>Of a missing entry, the deepest directory above it that exists, as a path without links; null for an entry that exists.</summary>
    public string? ExistingParent { get; init; }
}
