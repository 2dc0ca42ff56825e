using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>
/// Compares an unpacked layer with its archive, entry by entry while the archive is read once: nothing is recorded at unpacking,
/// nothing is unpacked again. What is kept in memory is a <see cref="LayerModel"/>, some 200 bytes an entry.
/// </summary>
sealed partial class TreeCheck : IDisposable
{
    /// <summary>Told one by one; of the rest only how many.</summary>
    const int MostDifferences = 20;

    readonly SafeFileHandle root;
    readonly LayerModel model;
    readonly MetadataCheck metadata;
    readonly List<string> differences = [];
    readonly Dictionary<long, ModelFile> misplaced = [];
    int differenceCount;
    (ModelDirectory Directory, SafeFileHandle? Handle)? open;

    /// <param name="tree">The layer's diff/.</param>
    /// <param name="lowerLayers">The trees that it lies on, topmost first.</param>
    /// <param name="owner">Who unpacked it.</param>
    public TreeCheck(string tree, IReadOnlyList<string> lowerLayers, uint owner)
    {
        bool privileged = owner == 0;
        root = LinuxFile.Open(tree, OpenFlags.ReadOnly | OpenFlag.Directory | OpenFlag.NoFollow);
        model = new LayerModel(lowerLayers, privileged, devices: privileged && IsInitialUserNamespace());
        metadata = new MetadataCheck(privileged, owner);
    }

    /// <summary>Files that their own mode, or their directory's, forbids their owner to read: not compared, or in all but content.</summary>
    public long Unreadable { get; private set; }

    /// <summary>
    /// Some files have lost the place where they were compared, to a later entry, but not another name: the archive has to be read
    /// once more, with <see cref="ReadAgain"/>.
    /// </summary>
    public bool NeedsSecondReading => misplaced.Count > 0;

    /// <summary>Applies the archive and compares its files; reads the stream to its end.</summary>
    /// <exception cref="DecantException">The archive is damaged.</exception>
    public void Read(Stream tar, string subject)
    {
        TarReader reader = new(tar, subject, ImageLimits.None);
        while (reader.Next() is { } entry)
        {
            ModelFile? file;
            try
            {
                file = model.Apply(entry);
            }
            catch (DecantException e)
            {
                throw new DecantException($"{subject}: entry {entry.Number} ({PathBytes.Printable(entry.Name)}): {e.Message}", e.Fix, e);
            }

            if (file is not null && file.Entry == entry.Number && file.LowerPath is null)
                file.Difference = Compare(file, entry, reader);
        }

        reader.Drain();
        model.Finish();
        FindMisplaced();
    }

    public void ReadAgain(Stream tar, string subject)
    {
        TarReader reader = new(tar, subject, ImageLimits.None);
        while (reader.Next() is { } entry)
        {
            if (misplaced.TryGetValue(entry.Number, out ModelFile? file))
                file.Difference = Compare(file, entry, reader);
        }

        reader.Drain();
    }

    public void Dispose()
    {
        open?.Handle?.Dispose();
        root.Dispose();
    }

    void FindMisplaced()
    {
        List<ModelDirectory> all = [model.Root];
        for (int i = 0; i < all.Count; i++)
        {
            foreach ((string name, ModelNode node) in all[i].Children)
            {
                if (node is ModelDirectory { InLayer: true } inner)
                    all.Add(inner);
                else if (node is ModelFile file && file.Parent == all[i] && file.Name == name)
                    file.Placed = true;
            }
        }

        foreach (ModelDirectory directory in all)
        {
            foreach ((string name, ModelNode node) in directory.Children)
            {
                if (node is not ModelFile { Placed: false } file)
                    continue;
                file.Parent = directory;
                file.Name = name;
                file.Placed = true;
                if (file.LowerPath is null)
                    misplaced.Add(file.Entry, file);
            }
        }
    }

    string? Compare(ModelFile file, TarEntry entry, TarReader reader)
    {
        // A directory that is not there is found when the tree is walked, and so is one that its mode closes to its owner.
        if (Directory(file.Parent) is not { } directory)
            return null;
        Errno errno = LinuxFile.TryStatus(directory, file.Name, follow: false, out FileStatus status);
        if (errno != Errno.None)
            return errno == Errno.EACCES ? null : "is missing";
        if (status.Type != TypeOf(entry.Type))
            return $"is a {status.Type}, not a {TypeOf(entry.Type)}";
        if (metadata.Difference(status, FileMetadata.Of(entry), WholePath(directory, file.Name)) is { } difference)
            return difference;
        return entry.Type switch
        {
            TarEntryType.SymbolicLink when LinuxFile.ReadLink(directory, file.Name) is var target && target != entry.LinkName =>
                $"leads to {PathBytes.Printable(target)}, not to {PathBytes.Printable(entry.LinkName)}",
            TarEntryType.CharacterDevice or TarEntryType.BlockDevice when status.Represents != entry.Device =>
                $"is device {status.Represents}, not {entry.Device}",
            TarEntryType.Regular when status.Size != entry.Size => $"has {status.Size} bytes, not {entry.Size}",
            TarEntryType.Regular => CompareContent(directory, file.Name, reader),
            _ => null,
        };
    }

    string? CompareContent(SafeFileHandle directory, string name, TarReader reader)
    {
        Errno errno = LinuxFile.TryOpen(directory, name, OpenFlags.ReadOnly | OpenFlag.NoFollow, 0, out SafeFileHandle? file);
        if (file is null)
        {
            Unreadable += errno == Errno.EACCES ? 1 : 0;
            return errno == Errno.EACCES ? null : $"cannot be read: {errno.Describe()}";
        }

        using (file)
        {
            using ContentComparison comparison = new(file);
            try
            {
                reader.CopyTo(comparison);
            }
            catch (IOException e)
            {
                return $"cannot be read: {e.Message}";
            }

            return comparison.FirstDifference is { } at ? $"its content differs from byte {at} on" : null;
        }
    }

    /// <summary>The directory of the tree; entries come directory by directory, so the last one is kept open. Null where it is not there.</summary>
    SafeFileHandle? Directory(ModelDirectory directory)
    {
        if (directory.Parent is null)
            return root;
        if (open?.Directory != directory)
        {
            open?.Handle?.Dispose();
            open = (directory, TryOpen(directory.Path));
        }

        return open?.Handle;
    }

    SafeFileHandle? TryOpen(string path)
    {
        const ResolveFlags strict = ResolveFlags.NoSymlinks | ResolveFlags.Beneath;
        try
        {
            using DeepPath deep = DeepPath.Open(root, path, strict);
            LinuxFile.TryOpen(deep.Directory ?? root, deep.Path, OpenFlags.ReadOnly | OpenFlag.Directory | OpenFlag.NoFollow, 0, strict, out SafeFileHandle? handle);
            return handle;
        }
        catch (LinuxException)
        {
            // A part of a long path is not there, or is no directory.
            return null;
        }
    }

    static string WholePath(SafeFileHandle directory, string name) => $"/proc/self/fd/{LinuxFile.Number(directory)}/{name}";

    static FileType TypeOf(TarEntryType type) => type switch
    {
        TarEntryType.SymbolicLink => FileType.SymbolicLink,
        TarEntryType.CharacterDevice => FileType.CharacterDevice,
        TarEntryType.BlockDevice => FileType.BlockDevice,
        TarEntryType.Directory => FileType.Directory,
        TarEntryType.Fifo => FileType.Fifo,
        _ => FileType.Regular,
    };

    /// <summary>In any other, root may not make device nodes (user_namespaces(7)).</summary>
    static bool IsInitialUserNamespace() =>
        LinuxFile.TryReadAll(null, "/proc/self/uid_map", out byte[] map) != Errno.None
        || System.Text.Encoding.ASCII.GetString(map).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries) is ["0", "0", "4294967295"];
}
