using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>What a named run keeps, open for one run at a time: the lock ends when this is disposed, or its process ends or executes another program.</summary>
public sealed class KeptRun : IDisposable
{
    internal const string MappedMark = "mapped";

    readonly FileLock held;

    internal KeptRun(string name, string directory, FileLock held, bool isNew)
    {
        Name = name;
        Directory = directory;
        this.held = held;
        IsNew = isNew;
    }

    public string Name { get; }

    /// <summary>Absolute: runs/NAME.</summary>
    public string Directory { get; }

    /// <summary>The upper directory of the overlay.</summary>
    public string Upper => Directory + "/upper";

    /// <summary>The overlay's work directory.</summary>
    public string Work => Directory + "/work";

    /// <summary>No run had this name before.</summary>
    public bool IsNew { get; }

    /// <summary>Notes for good that what is kept may belong to subordinate ids of the caller's, whom <see cref="ImageStore.RemoveRun"/> must then ask for help.</summary>
    public void MarkMapped()
    {
        string mark = $"{Directory}/{MappedMark}";
        if (!LinuxFile.Exists(mark))
            DurableFile.Write(Directory, mark, []);
    }

    /// <summary>Whether what a layer below has at a path does not show: an earlier run has removed it, or has something else there or above it.</summary>
    /// <param name="path">Absolute in the root, without links.</param>
    public bool Hides(string path)
    {
        string at = Upper;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            at = $"{at}/{name}";
            Errno errno = LinuxFile.TryStatus(null, at, follow: false, out FileStatus status);
            if (errno == Errno.ENOENT)
                return false;
            if (errno != Errno.None)
                throw new LinuxException("stat", at, errno);
            if (!status.IsDirectory || MergedDirectory.IsOpaque(at))
                return true;
        }

        return false;
    }

    /// <summary>Holds the exclusive flock(2); close-on-exec, so whoever replaces its process and wants to keep the lock clears that.</summary>
    public SafeFileHandle LockFile => held.File;

    public void Dispose() => held.Dispose();
}
