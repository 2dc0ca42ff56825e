using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>One pull at work: blobs and layers are made in a directory of its own, then put in their places together.</summary>
sealed partial class ImagePull(ImageStore store, SourceImage image, string scratch, IPullProgress progress) : IDisposable
{
    readonly IReadOnlyList<Digest> chain = ChainId.Of(image.Config.DiffIds);
    readonly OrderedDictionary<string, string> staged = [];
    readonly List<FileLock> locks = [];

    /// <summary>Makes everything that the store does not have.</summary>
    public void Read()
    {
        if (image.Layers.Count > store.Limits.Layers)
            throw new DecantException($"{image.Text}: the image has {image.Layers.Count} layers, and up to {store.Limits.Layers} are taken", ImageLimits.Raise("layers"));
        progress.Begin(image.Text, image.Layers);
        image.Prepare?.Invoke(layer => !LinuxFile.Exists(store.BlobPath(image.Layers[layer].Digest)), progress);
        ReadLayers();
        WriteBlob(image.ConfigDescriptor.Digest, image.ConfigBytes);
        WriteBlob(image.Manifest.Digest, image.ManifestBytes);
    }

    /// <summary>
    /// To the disk in one go, then to their places: what has its place is whole. Layers go lowest first, as those above
    /// were unpacked over them.
    /// </summary>
    public void Commit()
    {
        if (staged.Count == 0)
            return;
        using (SafeFileHandle directory = LinuxFile.Open(scratch, OpenFlags.ReadOnly | OpenFlag.Directory))
            LinuxFile.SyncFileSystem(directory, scratch);
        foreach ((string target, string from) in staged)
        {
            if (IsKept(target))
                continue;
            Errno errno = LinuxFile.TryRename(null, from, null, target);
            // Another pull put the same layer there first.
            if (errno is not (Errno.None or Errno.EEXIST or Errno.ENOTEMPTY))
                throw new LinuxException("rename", $"{from} to {target}", errno);
        }

        foreach (string directory in staged.Keys.Select(target => Path.GetDirectoryName(target)!).Distinct())
            DurableFile.SyncDirectory(directory);
    }

    /// <summary>Layers that were fetched and verified, and have their places though the pull has failed.</summary>
    public int KeptLayers => kept.Count;

    /// <summary>Keeps also those that have arrived but were not unpacked yet; returns how many there are in all.</summary>
    public int KeepArrived() => kept.Count + (image.KeepArrived?.Invoke(store.BlobPath) ?? 0);

    public void Dispose()
    {
        foreach (FileLock held in locks)
            held.Dispose();
    }

    void Report(string place, LayerReport report)
    {
        if (report.SkippedDevices > 0)
            progress.Warn($"{place}: {report.SkippedDevices} device nodes were left out, which only root may make");
        if (report.SkippedXattrs > 0)
            progress.Warn($"{place}: {report.SkippedXattrs} extended attributes were left out, which this user or file system cannot set");
        if (report.FoldedOwners > 0)
            progress.Warn($"{place}: {report.FoldedOwners} files of other owners belong to this user now");
        if (report.FoldedSetIds > 0)
            progress.Warn($"{place}: {report.FoldedSetIds} of them are set-id programs, which no longer become their owner");
    }

    void WriteBlob(Digest digest, byte[] bytes)
    {
        string target = store.BlobPath(digest);
        if (IsThere(target))
            return;
        using FileStream file = DurableFile.Create(Stage(target));
        file.Write(bytes);
    }

    string Now(string target) => staged.GetValueOrDefault(target, target);

    bool IsThere(string path) => staged.ContainsKey(path) || LinuxFile.Exists(path);

    /// <summary>Where the thing is made until <see cref="Commit"/>.</summary>
    string Stage(string target)
    {
        string path = $"{scratch}/{staged.Count}";
        staged.Add(target, path);
        return path;
    }
}
