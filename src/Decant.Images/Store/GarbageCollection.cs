using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// One collection of garbage: blobs and layers that no name and no kept run refers to, and what is in tmp/. Its caller holds the
/// store's lock exclusively, so nobody works in tmp/, and whatever is in there is nobody's.
/// </summary>
sealed class GarbageCollection(ImageStore store, bool dryRun, bool measure)
{
    readonly List<GarbageItem> removed = [];
    readonly List<GarbageItem> inUse = [];
    readonly TreeUsage usage = new();

    /// <exception cref="DecantException">The file of a name or a run is damaged, so that nobody knows what it refers to; nothing is removed.</exception>
    public GarbageReport Run()
    {
        HashSet<string> blobs = [];
        HashSet<string> layers = [];
        foreach (ImageRecord record in store.Records())
        {
            blobs.Add(record.Manifest.Hex);
            blobs.Add(record.Config.Hex);
            foreach (string blob in record.Blobs)
                blobs.Add(Digest.Parse(blob).Hex);
            layers.UnionWith(record.Chain);
        }

        foreach (string run in store.NamesIn("runs"))
            layers.UnionWith(KeptRunRecord.Read(store.RunPath(run)).Chain);

        // Blobs first: on a full disk, moving layers aside may need the room.
        RemoveLeftovers();
        foreach (string algorithm in store.NamesIn("blobs"))
            RemoveBlobs(algorithm, blobs);
        List<string> unused = store.NamesIn("layers").FindAll(layer => !layers.Contains(layer));
        if (unused.Count > 0)
            RemoveLayers(unused);
        return new GarbageReport { Removed = removed, InUse = inUse };
    }

    /// <summary>What is in tmp/ and not a layer put aside that a program came to stand on at the last moment.</summary>
    public void RemoveLeftovers()
    {
        List<string> names = store.NamesIn("tmp");
        HashSet<string> mounted = names.Exists(IsLayerAside) ? MountedLayers.Find(store.Root) : [];
        foreach (string name in names)
        {
            string path = $"{store.Root}/tmp/{name}";
            if (IsLayerAside(name) && mounted.Contains(name[..name.IndexOf('.')]))
                continue;
            // The lock of a layer is no leftover: it is made for every layer that is unpacked.
            if (!name.EndsWith(".lock", StringComparison.Ordinal))
                Add(removed, GarbageKind.Leftover, $"tmp/{name}", path);
            if (!dryRun)
                Remove(path);
        }
    }

    void RemoveBlobs(string algorithm, HashSet<string> keep)
    {
        foreach (string name in store.NamesIn($"blobs/{algorithm}"))
        {
            if (keep.Contains(name))
                continue;
            string path = $"{store.Root}/blobs/{algorithm}/{name}";
            Add(removed, GarbageKind.Blob, $"{algorithm}:{name}", path);
            if (!dryRun)
                Remove(path);
        }
    }

    /// <summary>
    /// Out of layers/ in one step, and for good, before the first file goes: a directory there is always whole, also after a crash.
    /// A launch looks whether its layers are still in their places after it has mounted them, and mounts are looked for after layers
    /// have been moved: so either the launch gives up, or its mount is seen here and the layer put back.
    /// </summary>
    void RemoveLayers(List<string> unused)
    {
        HashSet<string> mounted = MountedLayers.Find(store.Root);
        List<(string Layer, string Aside)> moved = [];
        foreach (string layer in unused)
        {
            string path = $"{store.Root}/layers/{layer}";
            Add(mounted.Contains(layer) ? inUse : removed, GarbageKind.Layer, layer, path);
            if (mounted.Contains(layer) || dryRun)
                continue;
            string aside = $"{store.Root}/tmp/{layer}.{Guid.NewGuid():N}";
            LinuxFile.Rename(null, path, null, aside);
            moved.Add((layer, aside));
        }

        if (moved.Count == 0)
            return;
        DurableFile.SyncDirectory(store.Root + "/layers");
        // Some are of these layers; the others are found again.
        Remove($"{store.Root}/{ImageStore.AnswersDirectory}");
        mounted = MountedLayers.Find(store.Root);
        foreach ((string layer, string aside) in moved)
        {
            if (mounted.Contains(layer))
                LinuxFile.Rename(null, aside, null, $"{store.Root}/layers/{layer}");
            else
                Remove(aside);
        }
    }

    void Add(List<GarbageItem> to, GarbageKind kind, string name, string path) =>
        to.Add(new GarbageItem(kind, name, measure ? usage.Measure(path) : 0));

    static bool IsLayerAside(string name) => name.IndexOf('.') is 64 or 128 && !name.EndsWith(".lock", StringComparison.Ordinal);

    static void Remove(string path)
    {
        try
        {
            TreeRemoval.Remove(path);
        }
        catch (LinuxException e)
        {
            string fix = e.Errno is Errno.EACCES or Errno.EPERM ? $"it belongs to another user: sudo rm -rf {PathBytes.Printable(path)}" : $"rm -rf {PathBytes.Printable(path)}";
            throw new DecantException($"cannot remove {PathBytes.Printable(path)}: {e.Message}", fix, e);
        }
    }
}
