using Decant.Linux;

namespace Decant.Images;

public sealed partial class ImageStore
{
    const uint PrivateDirectory = 0x1C0; // 0700
    const uint PrivateFile = 0x180; // 0600

    static readonly string[] directories = ["blobs", "blobs/sha256", "blobs/sha512", "refs", "layers", "runs", "tmp"];

    /// <summary>
    /// Makes what is missing of the store's directories and files, readable for their owner alone, and begins work in tmp/:
    /// until the returned lock is disposed, nothing is collected.
    /// </summary>
    internal FileLock BeginWork()
    {
        MakeParents(LinuxPath.Parent(Root));
        Make(Root);
        foreach (string directory in directories)
            Make($"{Root}/{directory}");
        FileLock work = Lock("lock", exclusive: false);
        if (!NamesIn("tmp").TrueForAll(name => name.EndsWith(".lock", StringComparison.Ordinal)))
        {
            work.Dispose();
            SweepLeftovers();
            work = Lock("lock", exclusive: false);
        }

        try
        {
            if (!LinuxFile.Exists(LayoutPath))
                MakeLayout();
            if (!LinuxFile.Exists(IndexPath))
            {
                using (Lock("index.lock", exclusive: true))
                    WriteIndex();
            }

            return work;
        }
        catch
        {
            work.Dispose();
            throw;
        }
    }

    string OwnersPath => Root + "/owners";

    void MakeLayout()
    {
        if (MapsOwners)
            DurableFile.Write(Root + "/tmp", OwnersPath, "mapped\n"u8.ToArray());
        WriteLayout();
    }

    /// <exception cref="DecantException">The store is of the other kind.</exception>
    public void CheckOwners()
    {
        bool mapped = LinuxFile.Exists(OwnersPath);
        if (mapped && !MapsOwners)
            throw new DecantException($"{Root}: the files of this store belong to subordinate ids of an ordinary user", "as that user, with owners = \"mapped\" in the configuration; or set DECANT_ROOT to another directory");
        if (MapsOwners && !mapped && LinuxFile.Exists(LayoutPath))
            throw new DecantException($"{Root}: this store was made without owners = \"mapped\", and all its files belong to one user", $"set DECANT_ROOT to another directory; or give this one up: rm -r {PathBytes.Printable(Root)}");
    }

    static void MakeParents(string directory)
    {
        Errno errno = LinuxFile.TryMakeDirectories(directory, 0x1FF /* 0777, and the caller's umask */, out string failed);
        if (errno != Errno.None)
            throw new LinuxException("mkdir", failed, errno, StoreElsewhere(errno));
    }

    static string? StoreElsewhere(Errno errno) =>
        errno is Errno.EACCES or Errno.EPERM or Errno.EROFS or Errno.ENOTDIR ? "set DECANT_ROOT to a directory that you may write to" : null;

    /// <summary>A directory that is new is there for good before anything is put into it.</summary>
    static void Make(string directory)
    {
        Errno errno = LinuxFile.TryMakeDirectory(null, directory, PrivateDirectory);
        if (errno == Errno.None)
            DurableFile.SyncDirectory(Path.GetDirectoryName(directory)!);
        if (errno is not (Errno.None or Errno.EEXIST))
            throw new LinuxException("mkdir", directory, errno, StoreElsewhere(errno));
    }

    internal string LayoutPath => Root + "/oci-layout";

    internal static byte[] LayoutBytes() => ImagesJson.Write(new LayoutDocument { ImageLayoutVersion = "1.0.0" }, ImagesJson.Default.LayoutDocument);

    internal void WriteLayout() => DurableFile.Write(Root + "/tmp", LayoutPath, LayoutBytes());

    /// <summary>
    /// index.json as the names are now, for other tools. The caller holds index.lock, so that two writers cannot lose each
    /// other's names, and the lock of <see cref="BeginWork"/>.
    /// </summary>
    internal void WriteIndex() => DurableFile.Write(Root + "/tmp", IndexPath, IndexBytes());

    /// <summary>Writes index.json where a change that was broken off, or another tool, left it other than the names are. Locked as for <see cref="WriteIndex"/>.</summary>
    void RefreshIndex()
    {
        using FileLock index = Lock("index.lock", exclusive: true);
        if (LinuxFile.TryReadAll(null, IndexPath, out byte[] bytes) != Errno.None || !bytes.AsSpan().SequenceEqual(IndexBytes()))
            WriteIndex();
    }

    internal string IndexPath => Root + "/index.json";

    /// <summary>What index.json holds when it is as the names are.</summary>
    internal byte[] IndexBytes()
    {
        List<DescriptorDocument?> manifests = [];
        foreach (ImageRecord record in ReadableRecords().OrderBy(record => record.Name, StringComparer.Ordinal))
        {
            manifests.Add(DescriptorDocument.From(new Descriptor(record.ManifestType, record.Manifest, record.ManifestSize)
            {
                Annotations = new Dictionary<string, string> { ["org.opencontainers.image.ref.name"] = record.Name },
                Platform = Platform.Parse(record.Platform),
            }));
        }

        return ImagesJson.Write(new ManifestDocument { SchemaVersion = 2, MediaType = MediaTypes.Index, Manifests = manifests }, ImagesJson.Default.ManifestDocument);
    }
}
