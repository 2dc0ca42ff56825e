using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>
/// Images on disk: an OCI image layout that other tools can read, beside it the layers unpacked by chain ID, the names
/// in <c>refs/</c>, and what named runs keep. Changes are written to <c>tmp/</c>, synced and renamed, names last, so
/// that a crash leaves the old state or the new.
/// </summary>
public sealed partial class ImageStore
{
    /// <summary>Nothing is read or made until it is used. A relative root is relative to the working directory of this moment.</summary>
    public ImageStore(string root) => Root = LinuxPath.Absolute(root);

    /// <summary>Absolute.</summary>
    public string Root { get; }

    /// <summary>What images may hold that are read into the store.</summary>
    public ImageLimits Limits { get; init; } = ImageLimits.Default;

    /// <summary>Files have the owners that images give them, in the ids of the user namespace that this runs in. A store is of one kind.</summary>
    public bool MapsOwners { get; init; }

    /// <summary>DECANT_ROOT, else $XDG_DATA_HOME/decant, else $HOME/.local/share/decant.</summary>
    /// <exception cref="DecantException">None of the three is set.</exception>
    public static string DefaultRoot
    {
        get
        {
            if (CallerEnvironment.Get("DECANT_ROOT") is { Length: > 0 } root)
                return root;
            // The XDG Base Directory Specification has relative paths ignored.
            if (CallerEnvironment.Get("XDG_DATA_HOME") is ['/', ..] data)
                return data + "/decant";
            if (CallerEnvironment.Get("HOME") is ['/', ..] home)
                return home + "/.local/share/decant";
            throw new DecantException("no place for the image store: none of DECANT_ROOT, XDG_DATA_HOME and HOME is set to an absolute path", "export DECANT_ROOT=/path/to/a/directory");
        }
    }

    /// <summary>
    /// What to give as the source of an overlay mount on these layers, told by the topmost: the store finds it in
    /// /proc/PID/mountinfo and keeps the layers while the mount lasts. Just "decant" where the layer is not a store's.
    /// </summary>
    public static string MountSource(string topLayer)
    {
        string[] parts = topLayer.Split('/');
        return parts is [.., "layers", string chainId, "diff"] ? MountedLayers.Source(chainId, topLayer) : "decant";
    }

    /// <summary>The image of that name, by reading one small file; null where there is none.</summary>
    public StoredImage? Find(string name) => FindRecord(name)?.ToStoredImage(Root);

    /// <summary>All names, in order.</summary>
    public IReadOnlyList<StoredImage> List()
    {
        List<StoredImage> images = [.. Records().Select(record => record.ToStoredImage(Root))];
        images.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return images;
    }

    /// <summary>Removes the name, then blobs and layers that nothing refers to any more. False where there is no such name.</summary>
    public bool Remove(string name) => RemoveFiles([ImageName.ToFileName(name)]) > 0;

    /// <summary>Removes all names, also those whose files are damaged. Kept runs keep their layers.</summary>
    public void RemoveAll() => RemoveFiles(NamesIn("refs"));

    /// <summary>How many of the files were there.</summary>
    int RemoveFiles(List<string> files)
    {
        if (!files.Exists(file => LinuxFile.Exists($"{Root}/refs/{file}")))
            return 0;
        try
        {
            int removed;
            bool indexed;
            using (BeginWork())
            using (Lock("index.lock", exclusive: true))
            {
                removed = files.Count(Unlink);
                DurableFile.SyncDirectory(Root + "/refs");
                indexed = TryWriteIndex();
            }

            Collect();
            // On a full disk there is room for it only now.
            if (!indexed)
            {
                using (BeginWork())
                using (Lock("index.lock", exclusive: true))
                    WriteIndex();
            }

            return removed;
        }
        catch (Exception e) when (StoreFailure.Explain(e, Root) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>False where the file of a name is not there any more.</summary>
    bool Unlink(string file)
    {
        string path = $"{Root}/refs/{file}";
        Errno errno = LinuxFile.TryUnlink(null, path);
        return errno is Errno.None or Errno.ENOENT ? errno == Errno.None : throw new LinuxException("remove", path, errno);
    }

    /// <summary>False where there is no room for it.</summary>
    bool TryWriteIndex()
    {
        try
        {
            WriteIndex();
            return true;
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOSPC or Errno.EDQUOT)
        {
            return false;
        }
    }

    /// <summary>A JSON blob of the store: a manifest or a configuration.</summary>
    /// <exception cref="DecantException">It is not there.</exception>
    public byte[] ReadBlob(Digest digest)
    {
        Errno errno = LinuxFile.TryReadAll(null, BlobPath(digest), out byte[] bytes);
        return errno == Errno.None
            ? bytes
            : throw new LinuxException("read", BlobPath(digest), errno, "pull the image again");
    }

    ImageRecord? FindRecord(string name)
    {
        string path = RefPath(name);
        Errno errno = LinuxFile.TryReadAll(null, path, out byte[] bytes);
        if (errno is Errno.ENOENT or Errno.ENOTDIR)
            return null;
        if (errno != Errno.None)
            throw new LinuxException("read", path, errno);
        return ImageRecord.FromBytes(bytes, path);
    }

    internal IEnumerable<ImageRecord> Records()
    {
        foreach (string file in NamesIn("refs"))
        {
            string path = $"{Root}/refs/{file}";
            Errno errno = LinuxFile.TryReadAll(null, path, out byte[] bytes);
            // Removed since the directory was read.
            if (errno == Errno.ENOENT)
                continue;
            if (errno != Errno.None)
                throw new LinuxException("read", path, errno);
            yield return ImageRecord.FromBytes(bytes, path);
        }
    }

    /// <summary>All but those whose file is damaged, of which other names must not suffer.</summary>
    IEnumerable<ImageRecord> ReadableRecords()
    {
        foreach (string file in NamesIn("refs"))
        {
            if (TryReadRecord(file, out _, out _) is { } record)
                yield return record;
        }
    }

    /// <summary>Null where the file is damaged, with the reason, or gone, without one.</summary>
    internal ImageRecord? TryReadRecord(string file, out byte[] bytes, out DecantException? damage)
    {
        damage = null;
        bytes = [];
        string path = $"{Root}/refs/{file}";
        try
        {
            Errno errno = LinuxFile.TryReadAll(null, path, out bytes);
            if (errno == Errno.ENOENT)
                return null;
            return errno == Errno.None ? ImageRecord.FromBytes(bytes, path) : throw new LinuxException("read", path, errno);
        }
        catch (DecantException e)
        {
            damage = e;
            return null;
        }
    }

    internal string RefPath(string name) => $"{Root}/refs/{ImageName.ToFileName(name)}";

    internal string BlobPath(Digest digest) => $"{Root}/blobs/{digest.Algorithm}/{digest.Hex}";

    internal string LayerPath(Digest chainId) => $"{Root}/layers/{chainId.Hex}";

    /// <summary>The names in one of the store's directories; none where it is missing.</summary>
    internal List<string> NamesIn(string directory)
    {
        string path = $"{Root}/{directory}";
        Errno errno = LinuxFile.TryOpen(null, path, OpenFlags.ReadOnly | OpenFlag.Directory, 0, out SafeFileHandle? opened);
        if (opened is null)
            return errno == Errno.ENOENT ? [] : throw new LinuxException("open", path, errno);
        using (opened)
            return LinuxFile.Names(opened, path);
    }

    /// <summary>Something has been pulled into it once.</summary>
    /// <exception cref="LinuxException">Nobody can tell: it is closed to the caller, or no directory.</exception>
    internal bool IsBegun()
    {
        Errno errno = LinuxFile.TryStatus(null, Root + "/lock", follow: false, out _);
        return errno is Errno.None or Errno.ENOENT ? errno == Errno.None : throw new LinuxException("look into", Root, errno);
    }

    internal FileLock? LockForReading(string file) => FileLock.TakeForReading($"{Root}/{file}");

    /// <summary>A lock of the store, waited for.</summary>
    internal FileLock Lock(string file, bool exclusive) => FileLock.Take($"{Root}/{file}", exclusive);
}
