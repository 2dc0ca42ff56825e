using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>
/// A file that the user named, written beside its place and renamed when it is whole; removed where that does not come to be.
/// What is no regular file, such as a pipe or a device, is written as it is.
/// </summary>
sealed class OutputFile : IDisposable
{
    /// <summary>As a path: standard output.</summary>
    public const string StandardOutput = "-";

    const uint PublicFile = 0x1B6; // 0666, less the umask

    readonly SafeFileHandle file;
    readonly string target;
    string? aside;

    OutputFile(SafeFileHandle file, string target, string? aside)
    {
        this.file = file;
        this.target = target;
        this.aside = aside;
        Stream = new OutputStream(file, aside ?? target);
    }

    public Stream Stream { get; }

    public static OutputFile Create(string path)
    {
        if (path == StandardOutput)
            return new OutputFile(new SafeFileHandle(1, ownsHandle: false), "standard output", null);
        string target = LinuxPath.Absolute(path);
        Errno errno = LinuxFile.TryStatus(null, target, follow: true, out FileStatus status);
        if (errno == Errno.None && status.IsDirectory)
            throw new DecantException($"{PathBytes.Printable(target)}: a directory", "name a file in it, or write oci:DIR for an image layout");
        if (errno == Errno.None && !status.IsRegular)
            return new OutputFile(LinuxFile.Open(target, OpenFlags.WriteOnly | OpenFlags.NoControllingTerminal), target, null);
        // A link is followed, so that what it names is replaced and not the link.
        if (errno == Errno.None && LinuxFile.TryRealPath(target, out string? resolved) == Errno.None)
            target = resolved!;
        string aside = $"{Path.GetDirectoryName(target)}/.{Guid.NewGuid():N}.part";
        return new OutputFile(LinuxFile.Open(aside, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, PublicFile), target, aside);
    }

    /// <summary>All is written: it takes its place.</summary>
    public void Commit()
    {
        if (aside is null)
            return;
        LinuxFile.Sync(file, aside);
        LinuxFile.Rename(null, aside, null, target);
        aside = null;
        DurableFile.SyncDirectory(Path.GetDirectoryName(target)!);
    }

    public void Dispose()
    {
        file.Dispose();
        // What went wrong is on its way to the user already; a file that cannot be removed now cannot be told of as well.
        if (aside is not null)
            _ = LinuxFile.TryUnlink(null, aside);
    }
}
