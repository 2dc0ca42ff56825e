using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// A layer's archive applied in memory: the tree that unpacking it gives, by the rules of <see cref="LayerExtractor"/> (image-spec
/// layer.md), without content. Random archives in the tests hold the two to each other.
/// </summary>
/// <param name="lowerLayers">Unpacked layers that this one lies on, topmost first.</param>
/// <param name="privileged">Root unpacked it.</param>
/// <param name="devices">Whoever unpacked it may make device nodes.</param>
sealed partial class LayerModel(IReadOnlyList<string> lowerLayers, bool privileged, bool devices)
{
    MergedDirectory? hiddenRoot;

    /// <summary>Devices that whoever unpacked may not make.</summary>
    readonly HashSet<(ModelDirectory, string)> leftOut = [];

    public ModelDirectory Root { get; } = new(null, "", lowerLayers.Count > 0 ? new MergedDirectory([.. lowerLayers]) : null)
    {
        InLayer = true,
        Metadata = lowerLayers.Count > 0 ? FileMetadata.Read(lowerLayers[0]) : null,
    };

    /// <summary>The file that the entry makes or links to; null where it makes none.</summary>
    /// <exception cref="DecantException">No such archive can have been unpacked.</exception>
    public ModelFile? Apply(TarEntry entry)
    {
        EntryPath path = new(entry.Name);
        if (path.IsRoot)
        {
            if (entry.Type != TarEntryType.Directory)
                throw new DecantException("the root of a layer must be a directory");
            Root.Metadata = FileMetadata.Of(entry);
        }
        else if (path.IsAufs)
        {
            return null;
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
            ModelDirectory parent = Walk(path.Parent, make: true)!;
            if (entry.Type != TarEntryType.Directory)
                return MakeFile(parent, path.Last, entry);
            Make(parent, path.Last).Metadata = FileMetadata.Of(entry);
        }

        return null;
    }

    /// <summary>All entries are applied.</summary>
    public void Finish()
    {
        if (hiddenRoot is null)
            return;
        List<string> names = [];
        hiddenRoot.AddNames(new HashSet<string>(StringComparer.Ordinal), names);
        foreach (string name in names)
        {
            ModelNode? child = Root.Child(name);
            if (child is ModelDirectory { InLayer: true } directory)
                directory.Opaque |= hiddenRoot.TryFind(name, out FileStatus status, out _, out _) == Errno.None && status.IsDirectory;
            else if (child is not ModelFile)
                Root.Set(name, ModelNode.Whiteout);
        }
    }

    void MakeWhiteout(ReadOnlySpan<string> parentPath, string name)
    {
        if (Walk(parentPath, make: false) is not { } parent)
            return;
        if (parent.Child(name) is ModelDirectory { InLayer: true } own)
        {
            own.Opaque |= own.Below is not null;
            own.HideBelow();
            return;
        }

        if (parent.Child(name) is ModelDirectory)
            parent.Remove(name);
        if (parent.Below is null || parent.Below.TryFind(name, out _, out _, out _) != Errno.None)
            return;
        EnsureInLayer(parent);
        if (parent.Child(name) is null)
            parent.Set(name, ModelNode.Whiteout);
    }

    void MakeOpaque(ReadOnlySpan<string> path)
    {
        ModelDirectory directory = Walk(path, make: true)!;
        EnsureInLayer(directory);
        if (directory == Root)
            hiddenRoot ??= directory.Below;
        else
            directory.Opaque |= directory.Below is not null;
        directory.HideBelow();
    }

    ModelFile? MakeFile(ModelDirectory parent, string name, TarEntry entry)
    {
        bool isDevice = entry.Type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice;
        if (isDevice && entry.Device == default)
        {
            leftOut.Add((parent, name));
            return null;
        }

        if (isDevice && !privileged)
            return LeaveOut(parent, name);
        EnsureInLayer(parent);
        if (entry.Type == TarEntryType.HardLink)
            return MakeHardLink(parent, name, entry);
        parent.Remove(name);
        if (isDevice && !devices)
            return LeaveOut(parent, name);
        ModelFile file = new(entry.Number, parent, name) { LinkTarget = entry.Type == TarEntryType.SymbolicLink ? entry.LinkName : null };
        parent.Set(name, file);
        return file;
    }

    ModelFile? LeaveOut(ModelDirectory parent, string name)
    {
        leftOut.Add((parent, name));
        parent.Remove(name);
        if (parent.Below is null || parent.Below.TryFind(name, out _, out _, out _) != Errno.None)
            return null;
        EnsureInLayer(parent);
        parent.Set(name, ModelNode.Whiteout);
        return null;
    }

    ModelFile? MakeHardLink(ModelDirectory parent, string name, TarEntry entry)
    {
        EntryPath path = new(entry.LinkName);
        ModelDirectory? from = path.IsRoot ? null : Walk(path.Parent, make: false);
        ModelNode? target = from?.Child(path.Last);
        if (from == parent && path.Last == name)
            return null;
        ModelFile? file = target as ModelFile;
        if (file is null && from?.Below is not null && target is null or ModelDirectory { InLayer: false }
            && from.Below.TryFind(path.Last, out FileStatus status, out string hostPath, out _) == Errno.None && !status.IsDirectory)
        {
            using DeepPath host = DeepPath.Open(hostPath);
            file = new ModelFile(entry.Number, parent, name)
            {
                LowerPath = hostPath,
                LinkTarget = status.IsSymbolicLink ? LinuxFile.ReadLink(host.Directory, host.Path) : null,
            };
        }

        if (file is null && from is not null && leftOut.Contains((from, path.Last)))
            return LeaveOut(parent, name);
        parent.Set(name, file ?? throw new DecantException($"the file that it is a hard link to, {PathBytes.Printable(entry.LinkName)}, is not there"));
        return file;
    }
}
