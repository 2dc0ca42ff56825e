using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// <c>tar:FILE</c>: the root file system as <c>docker export</c> of a fresh container has it. First links, devices and the like, in the order
/// of their names; then regular files as their layers have them, so that no content is stored in between, each followed by its
/// other names; then directories, each after all in it, so that even a tool that sets a directory's times and mode at once (GNU
/// tar, where a directory's files come much later) has them right.
/// </summary>
sealed class TarExport(string text, string path) : FileExport(text, path)
{
    /// <summary>Of a directory that no layer describes.</summary>
    const uint DefaultMode = 0x1ED; // 0755

    long holes;

    private protected override void WriteImage(SourceImage image, Stream into)
    {
        ImageTree tree = new();
        for (int layer = 0; layer < image.Layers.Count; layer++)
        {
            using LayerTar tar = new(image, layer, Limits);
            tree.Apply(tar, layer, tar.Place, Limits);
            tar.Drain();
        }

        List<(string Path, TarEntry? Entry)> directories = [];
        List<Dictionary<long, ImageFile>> contents = WriteNames(tree, image.Layers.Count, into, directories);
        for (int layer = 0; layer < image.Layers.Count; layer++)
        {
            if (contents[layer].Count > 0)
                WriteContents(image, layer, contents[layer], into);
        }

        // Backwards: in the order of the walk each directory comes before those in it.
        for (int i = directories.Count - 1; i >= 0; i--)
            WriteDirectory(into, directories[i].Entry, directories[i].Path);

        TarWriter.WriteEnd(into);
    }

    /// <summary>Writes what has no content, and gathers directories; the answer has, for each layer, the files whose content is still to come, by their entries' numbers.</summary>
    static List<Dictionary<long, ImageFile>> WriteNames(ImageTree tree, int layers, Stream into, List<(string Path, TarEntry? Entry)> directories)
    {
        List<Dictionary<long, ImageFile>> contents = [];
        for (int layer = 0; layer < layers; layer++)
            contents.Add([]);
        // Without recursion, since depth is the image's choice.
        Stack<(ImageNode Node, string Path)> rest = new();
        rest.Push((tree.Root, ""));
        while (rest.TryPop(out (ImageNode Node, string Path) at))
        {
            if (at.Node.File is ImageFile file)
            {
                file.Names.Add(at.Path);
                if (file.Entry is null)
                    contents[file.Layer][file.Number] = file;
                else
                    WriteEntry(into, file.Entry, at.Path, file.Names[0]);
                continue;
            }

            string directory = at.Path.Length == 0 ? "" : at.Path + "/";
            directories.Add((at.Path.Length == 0 ? "./" : directory, at.Node.Entry));
            foreach (ImageNode child in at.Node.InOrder().Reverse())
                rest.Push((child, directory + child.Name));
        }

        return contents;
    }

    void WriteContents(SourceImage image, int layer, Dictionary<long, ImageFile> files, Stream into)
    {
        using LayerTar tar = new(image, layer, Limits);
        TarReader reader = new(tar, tar.Place, Limits);
        while (files.Count > 0 && reader.Next() is TarEntry entry)
        {
            if (!files.Remove(entry.Number, out ImageFile? file))
                continue;
            CountHoles(entry, tar.Place);
            WriteEntry(into, entry, file.Names[0], file.Names[0]);
            reader.CopyTo(into);
            TarWriter.Pad(into, entry.Size);
            foreach (string name in file.Names.Skip(1))
                WriteEntry(into, entry, name, file.Names[0]);
        }
    }

    /// <summary>Holes are written as zeros, and a header of a few bytes may tell of one that no disk would hold.</summary>
    void CountHoles(TarEntry entry, string place)
    {
        long most = Limits.Bytes - holes;
        if (entry.Size - entry.StoredSize > most)
        {
            throw new DecantException(
                $"{place}: entry {entry.Number} ({PathBytes.Printable(entry.Name)}): the holes of its sparse files make more than {Limits.Bytes} bytes of zeros",
                ImageLimits.Raise("bytes"));
        }

        holes += entry.Size - entry.StoredSize;
    }

    static void WriteDirectory(Stream into, TarEntry? entry, string name)
    {
        FileStatus status = entry is null ? Status((uint)FileType.Directory | DefaultMode, 0, 0, 0, default, default) : StatusOf(entry);
        TarWriter.WriteEntry(into, new TarItem(name, status, "", entry is null ? [] : XattrsOf(entry)));
    }

    /// <summary>A name that is not the file's first is a hard link to that.</summary>
    static void WriteEntry(Stream into, TarEntry entry, string name, string firstName)
    {
        bool isLink = name != firstName;
        TarWriter.WriteEntry(into, new TarItem(name, StatusOf(entry), isLink ? firstName : entry.LinkName, isLink ? [] : XattrsOf(entry)) { IsHardLink = isLink });
    }

    /// <summary>Those that steer overlayfs say something about a layer and not about the file.</summary>
    static List<TarXattr> XattrsOf(TarEntry entry) => [.. entry.Xattrs.Where(xattr => !FileMetadata.IsOverlay(xattr.Name))];

    static FileStatus StatusOf(TarEntry entry) => Status(
        entry.Mode | (uint)(entry.Type switch
        {
            TarEntryType.Directory => FileType.Directory,
            TarEntryType.SymbolicLink => FileType.SymbolicLink,
            TarEntryType.CharacterDevice => FileType.CharacterDevice,
            TarEntryType.BlockDevice => FileType.BlockDevice,
            TarEntryType.Fifo => FileType.Fifo,
            _ => FileType.Regular,
        }),
        entry.Uid, entry.Gid, entry.Size, entry.Device, entry.ModifiedTime);

    static FileStatus Status(uint mode, uint owner, uint group, long size, DeviceNumber represents, UnixTime modified) =>
        FileStatus.Made(mode, size) with { Owner = owner, Group = group, Represents = represents, Modified = modified, Changed = modified };
}
