using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// What is known of a layer's directories has a bound, whatever the archive holds: those that are as the archive says are finished on
/// disk and let go, and taken up from there should the archive come back to them.
/// </summary>
sealed partial class LayerTree
{
    // Measured: of a directory with a short name, in the heap of a process that makes many.
    const int DirectoryBytes = 400;

    long held;
    long mostHeld;

    /// <summary>Enough is known to be worth a pass.</summary>
    public bool ShouldLetGo => held > mostHeld;

    /// <summary>To be set once it is unpacked, and kept until then.</summary>
    public void Describe(LayerDirectory directory, in FileMetadata metadata)
    {
        directory.Metadata = metadata;
        held += SizeOf(metadata);
    }

    /// <summary>The directory of that name that this layer has or a path has led through.</summary>
    public LayerDirectory? Child(LayerDirectory parent, string name)
    {
        if (parent.Child(name) is { } known)
            return known;
        return parent.HasForgotten
            && LinuxFile.TryStatus(Open(parent), name, follow: false, out FileStatus status) == Errno.None
            && status.IsDirectory
                ? TakeUp(parent, name, status)
                : null;
    }

    /// <summary>Finishes and forgets what nothing but a later entry can need.</summary>
    /// <param name="finish">Gives a directory of this layer what the archive says of it.</param>
    public void LetGo(Action<LayerDirectory> finish)
    {
        Pending.Flush();
        held = 0;
        List<LayerDirectory> all = Root.Subtree();
        for (int i = all.Count - 1; i > 0; i--)
        {
            LayerDirectory directory = all[i];
            // Marks are for the end: a later entry may still change which are right.
            if (directory.HasChildren || directory.Opaque || directory.HasWhiteouts)
            {
                held += DirectoryBytes + (directory.Metadata is { } kept ? SizeOf(kept) : 0);
                continue;
            }

            if (directory.InLayer)
                finish(directory);
            if (directory.Handle is not null)
                Close(directory);
            directory.Parent!.LetGo(directory);
        }

        // Else what has to stay would be looked through again for every entry.
        mostHeld = held + bound;
    }

    void Add(LayerDirectory child)
    {
        child.Parent!.Add(child);
        held += DirectoryBytes;
    }

    LayerDirectory TakeUp(LayerDirectory parent, string name, in FileStatus status)
    {
        Errno errno = LinuxFile.TryChangeMode(Open(parent), name, OwnerOnly);
        if (errno != Errno.None)
            throw new LinuxException("change the mode of", name, errno);
        LayerDirectory directory = new(parent, name) { InLayer = true, HasForgotten = true };
        Add(directory);
        string path = $"/proc/self/fd/{LinuxFile.Number(Open(directory))}";
        Describe(directory, FileMetadata.Of(status, FileMetadata.ReadXattrs(path)));
        return directory;
    }

    static long SizeOf(in FileMetadata metadata)
    {
        long size = 0;
        foreach (TarXattr xattr in metadata.Xattrs)
            size += xattr.Value.Length + 2 * xattr.Name.Length + 100;
        return size;
    }
}
