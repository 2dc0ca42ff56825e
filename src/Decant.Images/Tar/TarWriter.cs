using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>
/// Writes a host directory as a tar archive in pax form, with no more extended records than a file needs. The bytes depend
/// on the files alone: names in the order of their bytes, no user or group names, no access times.
/// </summary>
public static class TarWriter
{
    const int BufferSize = 256 * 1024;

    /// <summary>
    /// Writes everything in a directory, and the directory itself as "./". Hard links stay links where both names are in
    /// the tree. Sockets are left out, as tar(1) does; so are attributes that steer overlayfs.
    /// </summary>
    /// <exception cref="DecantException">A file cannot be read, or changes its size meanwhile.</exception>
    public static void WriteTree(string directory, Stream into)
    {
        using SafeFileHandle root = LinuxFile.Open(directory, OpenFlags.ReadOnly | OpenFlag.Directory);
        Dictionary<(DeviceNumber, ulong), string> linked = [];
        byte[] buffer = new byte[BufferSize];
        WriteEntry(into, new TarItem("./", LinuxFile.Status(root), "", FileMetadata.ReadXattrs(directory)));
        // Paths still to go, the next one last: without recursion, since depth is not ours to choose.
        Stack<string> rest = new();
        PushNames(root, "", rest);
        while (rest.TryPop(out string? path))
        {
            using DeepPath deep = DeepPath.Open(root, path, ResolveFlags.NoSymlinks | ResolveFlags.Beneath);
            SafeFileHandle holder = deep.Directory ?? root;
            FileStatus status = LinuxFile.Status(holder, deep.Path);
            if (status.Type == FileType.Socket)
                continue;
            if (!status.IsDirectory && status.Links > 1 && !linked.TryAdd((status.Device, status.Inode), path))
            {
                WriteEntry(into, new TarItem(path, status, linked[(status.Device, status.Inode)], []) { IsHardLink = true });
                continue;
            }

            string link = status.IsSymbolicLink ? LinuxFile.ReadLink(holder, deep.Path) : "";
            IReadOnlyList<TarXattr> xattrs = FileMetadata.ReadXattrs($"/proc/self/fd/{LinuxFile.Number(holder)}/{deep.Path}");
            WriteEntry(into, new TarItem(status.IsDirectory ? path + "/" : path, status, link, xattrs));
            if (status.IsRegular)
                WriteContent(into, holder, deep.Path, status.Size, buffer);
            if (!status.IsDirectory)
                continue;
            using SafeFileHandle child = LinuxFile.Open(holder, deep.Path, OpenFlags.ReadOnly | OpenFlag.Directory | OpenFlag.NoFollow);
            PushNames(child, path + "/", rest);
        }

        WriteEnd(into);
    }

    /// <summary>The two blocks of zeros that end an archive.</summary>
    internal static void WriteEnd(Stream into) => into.Write(new byte[2 * TarHeader.BlockSize]);

    static void PushNames(SafeFileHandle directory, string prefix, Stack<string> rest)
    {
        List<string> names = LinuxFile.Names(directory, prefix);
        names.Sort((a, b) => PathBytes.Encode(b).AsSpan().SequenceCompareTo(PathBytes.Encode(a)));
        foreach (string name in names)
            rest.Push(prefix + name);
    }

    /// <summary>An entry's headers; its content and <see cref="Pad"/> are to follow.</summary>
    internal static void WriteEntry(Stream into, TarItem item)
    {
        byte[] records = item.PaxRecords();
        if (records.Length > 0)
        {
            into.Write(TarItem.PaxHeader(records.Length));
            into.Write(records);
            Pad(into, records.Length);
        }

        into.Write(item.Header());
    }

    static void WriteContent(Stream into, SafeFileHandle holder, string path, long size, byte[] buffer)
    {
        using SafeFileHandle file = LinuxFile.Open(holder, path, OpenFlags.ReadOnly | OpenFlag.NoFollow);
        for (long offset = 0; offset < size;)
        {
            int read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, size - offset)), offset);
            if (read == 0)
                throw new DecantException($"{PathBytes.Printable(path)} became shorter while it was read");
            into.Write(buffer, 0, read);
            offset += read;
        }

        Pad(into, size);
    }

    /// <summary>Fills up the last block of a content of this size.</summary>
    internal static void Pad(Stream into, long size) => into.Write(new byte[-size & (TarHeader.BlockSize - 1)]);
}
