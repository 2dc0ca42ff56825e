using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>
/// Unpacks a layer's archive into a directory in overlayfs form: the rules of OCI image-spec's layer.md, kept as
/// Documentation/filesystems/overlayfs.rst has whiteouts and opaque directories. The archive is hostile: whatever it
/// holds, no file outside the directory is made, changed or followed, and files of layers below are never written.
/// </summary>
public sealed partial class LayerExtractor
{
    readonly LayerTree tree;
    readonly TarReader reader;
    readonly LayerOptions options;
    readonly MetadataWriter metadata;
    readonly string target;
    MergedDirectory? hiddenRoot;
    RecentDirectory recent;
    long entries;
    long bytes;
    long skippedDevices;

    /// <summary>Devices of this layer that the caller may not make: links to them are left out too.</summary>
    readonly LeftOutFiles leftOut = new();

    LayerExtractor(LayerTree tree, TarReader reader, MetadataWriter metadata, LayerOptions options, string target)
    {
        this.tree = tree;
        this.reader = reader;
        this.metadata = metadata;
        this.options = options;
        this.target = target;
    }

    /// <summary>Unpacks the archive and reads its stream to the end, so that a digest taken on the way is of the whole.</summary>
    /// <param name="tar">Not compressed.</param>
    /// <param name="target">An existing, empty directory.</param>
    /// <param name="lowerLayers">Unpacked layers that this one lies on, topmost first.</param>
    /// <param name="options">What the caller may do, and limits.</param>
    /// <exception cref="DecantException">
    /// The archive is malformed or breaks a rule, or a file could not be made; the message names the archive and the entry.
    /// What has been unpacked until then stays for the caller to remove.
    /// </exception>
    public static LayerReport Extract(Stream tar, string target, IReadOnlyList<string> lowerLayers, LayerOptions options)
    {
        using SafeFileHandle root = LinuxFile.Open(target, OpenFlags.ReadOnly | OpenFlag.Directory);
        MetadataWriter metadata = new(options.Privileged, CreationDefaults.Probe(root));
        using LayerTree tree = new(root, lowerLayers, metadata, options);
        TarReader reader = new(tar, options.Subject, options.Limits, options.PackedBytes);
        LayerExtractor extractor = new(tree, reader, metadata, options, target);
        while (reader.Next() is { } entry)
            extractor.TryApply(entry);
        tree.Pending.Flush();
        reader.Drain();
        extractor.Finish();
        return new LayerReport(
            extractor.entries, extractor.bytes, extractor.skippedDevices, metadata.SkippedXattrs, metadata.FoldedOwners, metadata.FoldedSetIds);
    }

    void TryApply(TarEntry entry)
    {
        try
        {
            Count(entry);
            Apply(entry);
            if (tree.ShouldLetGo)
                LetGo();
        }
        // What the stream itself says, such as of its digest, is not this entry's fault, and begins with the place.
        catch (DecantException e) when (e is not TarException and not LayerEntryException && !e.Message.StartsWith(options.Subject, StringComparison.Ordinal))
        {
            throw new LayerEntryException(options.Subject, entry, e);
        }
    }

    void Count(TarEntry entry)
    {
        entries++;
        bytes += entry.StoredSize;
    }

    void Apply(TarEntry entry)
    {
        if (entry.Type == TarEntryType.Regular && recent.Find(entry.Name, tree.Removals, out string file) is { } known)
        {
            if (tree.Pending.TryAdd(known, file, entry, reader))
                metadata.CountOwner(FileMetadata.Of(entry), isFile: true);
            else
                MakeFile(known, file, entry);
            return;
        }

        EntryPath path = new(entry.Name);
        if (path.IsRoot)
        {
            if (entry.Type != TarEntryType.Directory)
                throw new DecantException("the root of a layer must be a directory");
            Describe(tree.Root, entry);
        }
        else if (path.IsAufs)
        {
            return;
        }
        else if (path.IsOpaqueMark)
        {
            MakeOpaque(path.Parent);
        }
        else if (path.WhiteoutOf is { } removed)
        {
            MakeWhiteout(path.Parent, removed);
        }
        else
        {
            LayerDirectory parent = tree.Walk(path.Parent, make: true, out bool plain)!;
            if (entry.Type == TarEntryType.Directory)
                Describe(tree.Make(parent, path.Last), entry);
            else
                MakeFile(parent, path.Last, entry);
            recent = plain && parent.InLayer ? new RecentDirectory(entry.Name, parent, tree.Removals) : default;
        }
    }

    void Describe(LayerDirectory directory, TarEntry entry)
    {
        FileMetadata described = FileMetadata.Of(entry);
        metadata.CountOwner(described);
        tree.Describe(directory, described);
    }

    void MakeFile(LayerDirectory parent, string name, TarEntry entry)
    {
        bool isDevice = entry.Type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice;
        // A character device 0:0 would be a whiteout, which an archive may not make in this way.
        if (isDevice && entry.Device == default)
        {
            skippedDevices++;
            leftOut.Add(parent, name);
            return;
        }

        if (isDevice && !options.Privileged)
        {
            LeaveOut(parent, name);
            return;
        }

        tree.EnsureInLayer(parent);
        if (entry.Type == TarEntryType.HardLink)
        {
            MakeHardLink(parent, name, entry.LinkName);
            return;
        }

        // A directory below of this name that a path led through is hidden from now on.
        if (parent.Child(name) is not null)
            tree.Remove(parent, name);
        tree.Pending.Settle(parent, name);
        Errno errno = TryCreate(parent, name, entry);
        if (errno == Errno.EEXIST)
        {
            tree.Remove(parent, name);
            errno = TryCreate(parent, name, entry);
        }

        // A user namespace's root is root for all but device nodes.
        if (isDevice && errno == Errno.EPERM)
        {
            LeaveOut(parent, name);
            return;
        }

        if (errno != Errno.None)
            throw new LinuxException("make", name, errno);
        FileMetadata described = FileMetadata.Of(entry);
        metadata.CountOwner(described, isFile: entry.Type == TarEntryType.Regular);
        if (entry.Type != TarEntryType.Regular)
            metadata.Apply(tree.Open(parent), name, described, entry.Type == TarEntryType.SymbolicLink, entry.Name);
    }

    /// <summary>What had the name before is gone all the same.</summary>
    void LeaveOut(LayerDirectory parent, string name)
    {
        skippedDevices++;
        leftOut.Add(parent, name);
        tree.Pending.Settle(parent, name);
        tree.Remove(parent, name);
        if (parent.Below is not null && parent.Below.TryFind(name, out _, out _, out _) == Errno.None)
            Hide(parent, name);
    }

    /// <summary>Never opens what is there already: a hard link there may lead to a file of a layer below.</summary>
    Errno TryCreate(LayerDirectory parent, string name, TarEntry entry)
    {
        SafeFileHandle directory = tree.Open(parent);
        const uint ownerOnly = 0x180;
        switch (entry.Type)
        {
            case TarEntryType.SymbolicLink:
                if (entry.LinkName.Length == 0)
                    throw new DecantException("the link has no target");
                return LinuxFile.TryMakeSymbolicLink(entry.LinkName, directory, name);
            case TarEntryType.Fifo:
                return LinuxFile.TryMakeNode(directory, name, (uint)FileType.Fifo | ownerOnly, default);
            case TarEntryType.CharacterDevice:
                return LinuxFile.TryMakeNode(directory, name, (uint)FileType.CharacterDevice | ownerOnly, entry.Device);
            case TarEntryType.BlockDevice:
                return LinuxFile.TryMakeNode(directory, name, (uint)FileType.BlockDevice | ownerOnly, entry.Device);
            default:
                const OpenFlags create = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive;
                FileMetadata described = FileMetadata.Of(entry);
                Errno errno = LinuxFile.TryOpen(directory, name, create | OpenFlag.NoFollow, MetadataWriter.ModeAtCreation(described), out SafeFileHandle? file);
                if (file is null)
                    return errno;
                using (file)
                {
                    reader.CopyTo(file, entry.Name);
                    metadata.ApplyToNew(file, described, entry.Name);
                }

                return Errno.None;
        }
    }

    /// <summary>A link to a file of this layer, or to that of a layer below, whose inode both layers then share.</summary>
    void MakeHardLink(LayerDirectory parent, string name, string linkName)
    {
        EntryPath path = new(linkName);
        LayerDirectory? from = path.IsRoot ? null : tree.Walk(path.Parent, make: false);
        FileStatus status = default;
        string? hostPath = null;
        Errno errno = from is null ? Errno.ENOENT : tree.TryFindFile(from, path.Last, out status, out hostPath);
        if (errno == Errno.ENOENT && from is not null && leftOut.Contains(from, path.Last))
        {
            LeaveOut(parent, name);
            return;
        }

        if (errno == Errno.None && status.IsDirectory)
            errno = Errno.EISDIR;
        if (errno != Errno.None)
            throw NoLinkTarget(linkName, errno);
        if (from == parent && path.Last == name)
            return;

        tree.Pending.Settle(parent, name);
        using DeepPath host = DeepPath.Open(hostPath ?? "");
        errno = TryLink(parent, name, from!, path.Last, hostPath, host);
        if (errno == Errno.EEXIST)
        {
            tree.Remove(parent, name);
            errno = TryLink(parent, name, from!, path.Last, hostPath, host);
        }
        else if (errno == Errno.None && parent.Child(name) is { } hidden)
        {
            parent.Forget(hidden);
        }

        if (errno != Errno.None)
            throw NoLinkTarget(linkName, errno);
    }

    Errno TryLink(LayerDirectory parent, string name, LayerDirectory from, string fromName, string? hostPath, DeepPath host)
    {
        SafeFileHandle? source = hostPath is null ? tree.Open(from) : host.Directory;
        string sourceName = hostPath is null ? fromName : host.Path;
        SafeFileHandle directory = tree.Open(parent);
        Errno errno = LinuxFile.TryLink(source, sourceName, directory, name);
        // Another file system, too many links, or a file of somebody else's under fs.protected_hardlinks.
        return errno is Errno.EXDEV or Errno.EMLINK or Errno.EPERM
            ? FileCopy.TryCopy(source, sourceName, directory, name, metadata)
            : errno;
    }

    static DecantException NoLinkTarget(string linkName, Errno errno) =>
        new($"the file that it is a hard link to, {PathBytes.Printable(linkName)}, cannot be linked: {errno.Describe()}");
}
