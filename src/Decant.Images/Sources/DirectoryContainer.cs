using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>Files in a directory that the user named. Links are followed: layouts that share blobs are made of them.</summary>
sealed class DirectoryContainer(string directory, ImageLimits limits) : FileContainer(limits)
{
    public override Stream? TryOpen(string name)
    {
        string path = Describe(name);
        // Not blocking: opening a pipe that nobody writes to would wait for ever.
        Errno errno = LinuxFile.TryOpen(null, path, OpenFlags.ReadOnly | OpenFlags.NonBlocking | OpenFlags.NoControllingTerminal, 0, out SafeFileHandle? file);
        if (errno is Errno.ENOENT or Errno.ENOTDIR)
            return null;
        if (file is null)
            throw new LinuxException("open", path, errno);
        FileStatus status = LinuxFile.Status(file);
        if (!status.IsRegular)
        {
            file.Dispose();
            throw new DecantException($"{path}: not a regular file");
        }

        return new SectionStream(file, path, 0, status.Size, ownsFile: true);
    }

    public override string Describe(string name) => $"{directory}/{name}";

    public override void Dispose()
    {
    }
}
