using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>How many bytes the removal of trees gives back. A file with other names is counted once all of them have been met.</summary>
sealed class TreeUsage
{
    const long BlockSize = 512;

    readonly Dictionary<(DeviceNumber Device, ulong Inode), uint> met = [];

    /// <summary>Allocated bytes of a file or of a whole tree; what may not be read counts as nothing.</summary>
    public long Measure(string path)
    {
        long bytes = 0;
        Stack<string> rest = new([path]);
        while (rest.TryPop(out string? at))
        {
            using DeepPath deep = DeepPath.Open(at);
            if (LinuxFile.TryStatus(deep.Directory, deep.Path, follow: false, out FileStatus status) != Errno.None)
                continue;
            bytes += Count(status);
            if (status.IsDirectory)
                bytes += MeasureFiles(deep, at, rest);
        }

        return bytes;
    }

    /// <summary>Files in the directory; directories in it are added to the rest.</summary>
    long MeasureFiles(DeepPath directory, string path, Stack<string> rest)
    {
        if (LinuxFile.TryOpen(directory.Directory, directory.Path, OpenFlags.ReadOnly | OpenFlag.Directory | OpenFlag.NoFollow, 0, out SafeFileHandle? open) != Errno.None)
            return 0;
        using (open)
        {
            long bytes = 0;
            foreach (DirectoryItem item in LinuxFile.Items(open!, path))
            {
                if (item.Type is FileType.Directory or null)
                    rest.Push($"{path}/{item.Name}");
                else if (LinuxFile.TryStatus(open, item.Name, follow: false, out FileStatus status) == Errno.None)
                    bytes += Count(status);
            }

            return bytes;
        }
    }

    long Count(in FileStatus status)
    {
        if (status.IsDirectory || status.Links <= 1)
            return status.Blocks * BlockSize;
        (DeviceNumber, ulong) key = (status.Device, status.Inode);
        uint names = met.GetValueOrDefault(key) + 1;
        met[key] = names;
        return names == status.Links ? status.Blocks * BlockSize : 0;
    }
}
