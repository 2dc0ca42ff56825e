using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

public sealed partial class ImageStore
{
    /// <summary>
    /// The named run's directories, made at its first use, and its exclusive lock. The image's name is for messages; the
    /// layers, topmost first, are what the run is made on: <see cref="StoredImage.Layers"/> or a plain directory.
    /// </summary>
    /// <exception cref="DecantException">It is in use, or was made from another image.</exception>
    public KeptRun OpenRun(string name, string image, IReadOnlyList<string> layers)
    {
        ImageName.CheckRun(name);
        IReadOnlyList<string> identity = KeptRunRecord.Identity(Root, layers);
        while (true)
        {
            bool isNew = MakeRun(name, image, layers[0], identity);
            if (!TryLockRun(name, out FileLock? held))
                continue;
            if (held is null)
                throw new DecantException($"the run {name} is in use", "wait until it ends, or choose another --name");
            KeptRunRecord record = KeptRunRecord.Read(RunPath(name));
            if (record.Layers.SequenceEqual(identity))
                return new KeptRun(name, RunPath(name), held, isNew);
            held.Dispose();
            throw new DecantException($"the run {name} was made from {PathBytes.Printable(record.Image)} as it was then, and not from {PathBytes.Printable(image)} as it is now",
                $"choose another --name, or remove what it keeps: decant rm {name}");
        }
    }

    public IReadOnlyList<KeptRunInfo> Runs()
    {
        List<KeptRunInfo> runs = [];
        foreach (string name in NamesIn("runs").Order(StringComparer.Ordinal))
        {
            // Removed since the directory was read.
            if (!TryLockRun(name, out FileLock? held))
                continue;
            using (held)
            {
                KeptRunRecord record = KeptRunRecord.Read(RunPath(name));
                runs.Add(new KeptRunInfo(name, record.Image, record.Created, InUse: held is null));
            }
        }

        return runs;
    }

    /// <summary>False where there is no such run.</summary>
    /// <param name="takeOver">Makes the caller the owner of every directory in a tree that may hold those of subordinate ids.</param>
    /// <exception cref="DecantException">It is in use.</exception>
    public bool RemoveRun(string name, Action<string> takeOver)
    {
        ImageName.CheckRun(name);
        if (!TryLockRun(name, out FileLock? held))
            return false;
        if (held is null)
            throw new DecantException($"the run {name} is in use", "end it first");
        using (held)
        {
            using FileLock work = BeginWork();
            if (LinuxFile.Exists($"{RunPath(name)}/{KeptRun.MappedMark}"))
                takeOver(RunPath(name));
            string aside = DurableFile.TemporaryName(Root + "/tmp");
            LinuxFile.Rename(null, RunPath(name), null, aside);
            DurableFile.SyncDirectory(Root + "/runs");
            TreeRemoval.Remove(aside);
        }

        Collect();
        return true;
    }

    internal string RunPath(string name) => $"{Root}/runs/{name}";

    /// <summary>Whether it was made by this call: assembled aside and renamed, so that a run is whole or not there.</summary>
    bool MakeRun(string name, string image, string topLayer, IReadOnlyList<string> identity)
    {
        if (LinuxFile.Exists(RunPath(name)))
            return false;
        using FileLock work = BeginWork();
        string aside = DurableFile.TemporaryName(Root + "/tmp");
        LinuxFile.MakeDirectory(null, aside, PrivateDirectory);
        MakeUpper(aside + "/upper", topLayer);
        LinuxFile.MakeDirectory(null, aside + "/work", PrivateDirectory);
        DurableFile.SyncDirectory(aside + "/upper");
        DurableFile.SyncDirectory(aside + "/work");
        KeptRunRecord record = new() { Image = image, Created = DateTimeOffset.UtcNow, Layers = identity };
        DurableFile.Write(aside, $"{aside}/{KeptRunRecord.FileName}", record.ToJson());
        Errno errno = LinuxFile.TryRename(null, aside, null, RunPath(name));
        if (errno is Errno.EEXIST or Errno.ENOTEMPTY)
        {
            TreeRemoval.Remove(aside);
            return false;
        }

        if (errno != Errno.None)
            throw new LinuxException("rename", RunPath(name), errno);
        DurableFile.SyncDirectory(Root + "/runs");
        return true;
    }

    /// <summary>The upper directory's own mode, owner and times are those of the program's "/", so they are the image's.</summary>
    static void MakeUpper(string upper, string topLayer)
    {
        FileStatus root = LinuxFile.Status(topLayer, follow: true);
        LinuxFile.MakeDirectory(null, upper, PrivateDirectory);
        // An ordinary user keeps what may be kept: all files are the user's own anyway.
        Errno errno = LinuxFile.TryChangeOwner(null, upper, root.Owner, root.Group);
        if (errno is not (Errno.None or Errno.EPERM))
            throw new LinuxException("chown", upper, errno);
        errno = LinuxFile.TryChangeMode(null, upper, root.Permissions);
        if (errno == Errno.None)
            errno = LinuxFile.TrySetTimes(null, upper, root.Modified, root.Modified);
        if (errno != Errno.None)
            throw new LinuxException("set mode and times", upper, errno);
    }

    /// <summary>False where the run does not exist; true with null where another process has its lock.</summary>
    bool TryLockRun(string name, out FileLock? held)
    {
        string path = RunPath(name) + "/lock";
        held = null;
        Errno errno = LinuxFile.TryOpen(null, path, OpenFlags.ReadWrite | OpenFlags.Create, PrivateFile, out SafeFileHandle? file);
        if (errno == Errno.ENOENT)
            return false;
        if (file is null)
            throw new LinuxException("open", path, errno);
        held = FileLock.TryTakeExclusive(file, path);
        // Between the opening and the lock the run may have been removed, and its file be nobody's.
        if (held is null || (LinuxFile.TryStatus(null, path, follow: false, out FileStatus named) == Errno.None && named.Inode == LinuxFile.Status(file).Inode))
            return true;
        held.Dispose();
        held = null;
        return false;
    }
}
