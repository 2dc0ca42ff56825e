using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>What makes a layer differ from a directory of files: whiteouts and opaque directories.</summary>
public sealed partial class LayerExtractor
{
    const string UserOpaque = "user.overlay.opaque";
    const string TrustedOpaque = "trusted.overlay.opaque";

    /// <summary>A whiteout speaks of the layers below only: what this layer has of that name stays, in either order.</summary>
    void MakeWhiteout(ReadOnlySpan<string> parentPath, string name)
    {
        if (tree.Walk(parentPath, make: false) is not { } parent)
            return;
        if (tree.Child(parent, name) is { InLayer: true } own)
        {
            own.Opaque |= own.Below is not null;
            HideBelow(own);
            return;
        }

        if (parent.Child(name) is { } hidden)
            parent.Forget(hidden);
        if (parent.Below is null || parent.Below.TryFind(name, out _, out _, out _) != Errno.None)
            return;
        Hide(parent, name);
    }

    /// <summary>A name that a layer below has.</summary>
    void Hide(LayerDirectory parent, string name)
    {
        tree.EnsureInLayer(parent);
        WriteWhiteout(parent, name);
        parent.Whiteouts.Add(name);
    }

    void MakeOpaque(ReadOnlySpan<string> path)
    {
        LayerDirectory directory = tree.Walk(path, make: true)!;
        tree.EnsureInLayer(directory);
        if (directory == tree.Root)
            hiddenRoot ??= directory.Below;
        else
            directory.Opaque |= directory.Below is not null;
        HideBelow(directory);
    }

    /// <summary>
    /// Whiteouts go too: the kernel lists those in a directory that merges with nothing, as names that cannot be opened.
    /// </summary>
    void HideBelow(LayerDirectory hidden)
    {
        hidden.HideBelow();
        tree.Pending.Flush();
        foreach (LayerDirectory directory in hidden.Subtree())
        {
            foreach (string name in directory.Whiteouts)
            {
                SafeFileHandle holder = tree.Open(directory);
                if (LinuxFile.TryStatus(holder, name, follow: false, out FileStatus status) == Errno.None && status.IsWhiteout)
                    TreeRemoval.Remove(holder, name);
            }

            directory.Whiteouts.Clear();
        }
    }

    void WriteWhiteout(LayerDirectory parent, string name)
    {
        tree.Pending.Settle(parent, name);
        Errno errno = LinuxFile.TryMakeNode(tree.Open(parent), name, (uint)FileType.CharacterDevice, default);
        if (errno is not Errno.None and not Errno.EEXIST)
            throw CannotHold($"a whiteout for {PathBytes.Printable(name)} in {PathBytes.Printable(LayerTree.PathOf(parent))}", errno);
    }

    /// <summary>The kernel merges the roots of layers even where one is opaque, so each name below gets its own mark.</summary>
    void HideRoot(MergedDirectory below)
    {
        List<string> names = [];
        below.AddNames(new HashSet<string>(StringComparer.Ordinal), names);
        foreach (string name in names)
        {
            if (tree.Child(tree.Root, name) is not { InLayer: true } directory)
                WriteWhiteout(tree.Root, name);
            else if (below.TryFind(name, out FileStatus status, out _, out _) == Errno.None && status.IsDirectory)
                directory.Opaque = true;
        }
    }

    /// <summary>Both attributes, for root's overlays and for those of user namespaces ("userxattr").</summary>
    void WriteOpaque(string procPath, LayerDirectory directory)
    {
        Errno errno = LinuxFile.TrySetXattr(procPath, UserOpaque, "y"u8);
        // A file system may keep trusted attributes alone (tmpfs before Linux 6.6); then only root can use the layer.
        if (options.Privileged && errno is Errno.None or Errno.EOPNOTSUPP)
        {
            Errno trusted = LinuxFile.TrySetXattr(procPath, TrustedOpaque, "y"u8);
            // Root of a user namespace may not set it, and its overlays do not read it.
            errno = trusted == Errno.EPERM ? errno : trusted;
        }

        if (errno != Errno.None)
            throw CannotHold($"the mark that {PathBytes.Printable(LayerTree.PathOf(directory))} is opaque", errno);
    }

    DecantException CannotHold(string what, Errno errno)
    {
        MountInfo? mount = MountInfo.Holding(MountInfo.ReadSelf(), target);
        string fileSystem = mount is null ? "the file system" : $"the {mount.FileSystemType} file system at {PathBytes.Printable(mount.MountPoint)}";
        return new DecantException(
            $"{fileSystem} cannot hold {what}: {errno.Describe()}",
            "set DECANT_ROOT to a directory on a local file system (ext4, xfs, btrfs, or tmpfs from Linux 6.6 on)");
    }
}
