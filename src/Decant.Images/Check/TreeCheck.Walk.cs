using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>The tree against the model: what is missing, what is there besides, directories, whiteouts and hard links.</summary>
sealed partial class TreeCheck
{
    /// <summary>Walks the tree after the archive is read. Each difference names the path in the layer.</summary>
    public IReadOnlyList<string> Differences()
    {
        if (LinuxFile.Status(root) is var status && DirectoryDifference(model.Root, status, root, ".") is { } difference)
            Add("/", difference);
        Stack<(ModelDirectory Directory, string Path)> rest = new([(model.Root, "")]);
        while (rest.TryPop(out var at))
            Walk(at.Directory, at.Path, rest);
        return differenceCount <= MostDifferences ? differences : [.. differences, $"and {differenceCount - MostDifferences} more"];
    }

    void Walk(ModelDirectory directory, string path, Stack<(ModelDirectory Directory, string Path)> rest)
    {
        using SafeFileHandle? opened = directory.Parent is null ? null : TryOpen(path);
        SafeFileHandle? handle = directory.Parent is null ? root : opened;
        if (handle is null)
        {
            // Its mode may forbid it to its owner.
            Unreadable++;
            return;
        }

        HashSet<string> there = new(LinuxFile.Names(handle, path), StringComparer.Ordinal);
        foreach ((string name, ModelNode node) in directory.Children)
        {
            if (node is ModelDirectory { InLayer: false })
                continue;
            string inner = path.Length == 0 ? name : $"{path}/{name}";
            there.Remove(name);
            Errno errno = LinuxFile.TryStatus(handle, name, follow: false, out FileStatus status);
            if (errno != Errno.None)
            {
                if (errno == Errno.EACCES)
                    Unreadable++;
                else
                    Add(inner, "is missing");
                continue;
            }

            if (NodeDifference(node, status, directory, handle, name) is { } difference)
                Add(inner, difference);
            // What was changed by hand in a directory has changed its time too, and is to be named itself.
            if (node is ModelDirectory child && status.IsDirectory)
                rest.Push((child, inner));
        }

        foreach (string name in there.Order(StringComparer.Ordinal))
            Add(path.Length == 0 ? name : $"{path}/{name}", "does not belong to the layer");
    }

    string? NodeDifference(ModelNode node, in FileStatus status, ModelDirectory parent, SafeFileHandle directory, string name) => node switch
    {
        ModelDirectory child => status.IsDirectory ? DirectoryDifference(child, status, directory, name) : $"is a {status.Type}, not a {FileType.Directory}",
        // At the place of its entry a file has been compared already; elsewhere it is a hard link.
        ModelFile { LowerPath: null } file when file.Parent == parent && file.Name == name => file.Difference,
        ModelFile file => LinkDifference(file, status, directory, name),
        _ => status.IsWhiteout ? null : $"is a {status.Type}, not a whiteout",
    };

    string? DirectoryDifference(ModelDirectory directory, in FileStatus status, SafeFileHandle parent, string name)
    {
        string path = WholePath(parent, name);
        bool opaque = MergedDirectory.IsOpaque(path);
        if (opaque != directory.Opaque)
            return opaque ? "is opaque, which it is not to be" : "is not opaque, which it is to be";
        if (directory.Metadata is { } expected)
            return metadata.Difference(status, expected, path);
        const uint usual = 0x1ED; // 0755
        return status.Permissions == usual ? null : $"its mode is {Convert.ToString(status.Permissions, 8)}, not 755";
    }

    /// <summary>A copy will do, as unpacking makes one where the file system allows no more links. A difference of the original is told there.</summary>
    string? LinkDifference(ModelFile file, in FileStatus status, SafeFileHandle directory, string name)
    {
        using DeepPath deep = DeepPath.Open(file.LowerPath ?? "");
        SafeFileHandle? from = file.LowerPath is null ? Directory(file.Parent) : deep.Directory;
        string fromName = file.LowerPath is null ? file.Name : deep.Path;
        bool lost = file.LowerPath is null && (from is null || file.Difference is not null);
        return lost || LinuxFile.TryStatus(from, fromName, follow: false, out FileStatus original) != Errno.None
            ? null
            : CopyDifference(status, original, directory, name, from, fromName);
    }

    string? CopyDifference(in FileStatus status, in FileStatus original, SafeFileHandle directory, string name, SafeFileHandle? from, string fromName)
    {
        if (status.Inode == original.Inode && status.Device == original.Device)
            return null;
        string link = $"is no longer the same as {PathBytes.Printable(fromName)}";
        if (status.Mode != original.Mode || status.Size != original.Size || status.Owner != original.Owner || status.Group != original.Group || status.Modified != original.Modified)
            return link;
        if (status.IsSymbolicLink)
            return LinuxFile.ReadLink(directory, name) == LinuxFile.ReadLink(from, fromName) ? null : link;
        if (!status.IsRegular)
            return status.Represents == original.Represents ? null : link;
        return SameContent(directory, name, from, fromName) ? null : link;
    }

    bool SameContent(SafeFileHandle directory, string name, SafeFileHandle? from, string fromName)
    {
        const OpenFlags read = OpenFlags.ReadOnly;
        LinuxFile.TryOpen(directory, name, read | OpenFlag.NoFollow, 0, out SafeFileHandle? one);
        LinuxFile.TryOpen(from, fromName, read | OpenFlag.NoFollow, 0, out SafeFileHandle? other);
        using (one)
        using (other)
        {
            if (one is null || other is null)
            {
                Unreadable++;
                return true;
            }

            using FileStream content = new(other, FileAccess.Read, 0);
            using ContentComparison comparison = new(one);
            content.CopyTo(comparison);
            return comparison.FirstDifference is null;
        }
    }

    void Add(string path, string difference)
    {
        differenceCount++;
        if (differenceCount <= MostDifferences)
            differences.Add($"{PathBytes.Printable(path)} {difference}");
    }
}
