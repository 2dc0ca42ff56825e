using Decant.Linux;

namespace Decant.Images;

/// <summary>The small files: names, runs, index.json and oci-layout, and what nothing refers to.</summary>
public sealed partial class StoreCheck
{
    readonly List<(string File, ImageRecord? Record, int Finding)> lostNames = [];
    readonly List<(string File, ImageRecord Right, int Finding)> wrongNames = [];
    readonly HashSet<string> runLayers = [];

    void CheckName(string file)
    {
        if (store.TryReadRecord(file, out byte[] json, out DecantException? damage) is not { } record)
        {
            // Without a reason: it was removed since the directory was read.
            if (damage is not null)
                lostNames.Add((file, null, Add(new StoreFinding(StoreFindingKind.NameDamaged, $"refs/{file}", damage.Message) { Fix = RepairCommand })));
            return;
        }

        string[] names = [record.Name];
        try
        {
            if (ReadImage(record) is not { } image)
                return;
            CheckedImage found = new(file, record, image);
            images.Add(found);
            AddLayers(found);
            ImageRecord right = ImageRecord.Of(record.Name, image, Platform.Parse(record.Platform), record.Stamp);
            if (file != ImageName.ToFileName(record.Name) || !json.AsSpan().SequenceEqual(right.ToBytes()))
            {
                const string text = "does not say what the image's manifest and configuration say";
                wrongNames.Add((file, right, Add(new StoreFinding(StoreFindingKind.NameDamaged, $"refs/{file}", text) { Images = names, Fix = RepairCommand })));
            }
        }
        catch (DecantException e)
        {
            lostNames.Add((file, record, Add(new StoreFinding(StoreFindingKind.NameDamaged, $"refs/{file}", e.Message) { Images = names, Fix = RepairCommand })));
        }

        SourceImage? ReadImage(ImageRecord from)
        {
            Descriptor manifest = new(from.ManifestType, from.Manifest, from.ManifestSize);
            if (ReadDocument(manifest) is not { } manifestBytes)
                return null;
            string place = $"manifest {manifest.Digest}";
            ManifestDocument document = ImagesJson.Read(manifestBytes, ImagesJson.Default.ManifestDocument, place);
            Descriptor config = (document.Config ?? throw new DecantException($"{place}: it names no configuration")).ToDescriptor(place);
            if (ReadDocument(config) is not { } configBytes)
                return null;
            List<Descriptor> descriptors = (document.Layers ?? []).ConvertAll(layer => (layer ?? throw new DecantException($"{place}: a descriptor is null")).ToDescriptor(place));
            return new SourceImage(from.Source, manifest, manifestBytes, config, configBytes, descriptors, layer => OpenBlob(descriptors[layer].Digest), null);
        }

        // Null where it is missing or damaged, which makes the name worthless.
        byte[]? ReadDocument(Descriptor descriptor)
        {
            if (CheckBlob(descriptor, names) is not { } finding)
                return store.ReadBlob(descriptor.Digest);
            lostNames.Add((file, record, finding));
            return null;
        }
    }

    void AddLayers(CheckedImage image)
    {
        for (int i = 0; i < image.Chain.Count; i++)
        {
            Digest chainId = image.Chain[i];
            if (!layers.TryGetValue(chainId, out CheckedLayer? layer))
            {
                layer = new CheckedLayer(chainId, image.Image.Layers[i], image.Image.Config.DiffIds[i], [.. image.Chain.Take(i).Reverse()]);
                layers.Add(chainId, layer);
            }

            // The same content may have come in two packings; the layer is checked against one, and the other for itself.
            layer.Images.Add(image);
            layer.Blobs.Add(image.Image.Layers[i]);
        }
    }

    void CheckRuns()
    {
        foreach (string run in store.NamesIn("runs"))
        {
            string fix = $"decant rm {run}";
            try
            {
                KeptRunRecord record = KeptRunRecord.Read(store.RunPath(run));
                runLayers.UnionWith(record.Chain);
                if (record.Chain.FirstOrDefault(layer => !LinuxFile.Exists($"{store.Root}/layers/{layer}")) is { } missing && !layers.Keys.Any(chainId => chainId.Hex == missing))
                    Add(new StoreFinding(StoreFindingKind.RunDamaged, $"runs/{run}", $"stands on the layer {missing}, which is not there") { Images = [record.Image], Fix = fix });
            }
            catch (DecantException e)
            {
                Add(new StoreFinding(StoreFindingKind.RunDamaged, $"runs/{run}", e.Message) { Fix = fix });
            }
        }
    }

    /// <summary>
    /// A change that was broken off between refs/ and index.json leaves the latter behind: the next change writes it anew, so that is no
    /// damage. Neither is a store that was given up before its first name.
    /// </summary>
    void CheckLayout()
    {
        bool begun = store.NamesIn("refs").Count > 0;
        using FileLock? names = store.LockForReading("index.lock");
        byte[]? layout = CheckDocument(store.LayoutPath, begun, bytes => ImagesJson.Read(bytes, ImagesJson.Default.LayoutDocument, store.LayoutPath));
        if (layout is not null && !layout.AsSpan().SequenceEqual(ImageStore.LayoutBytes()))
            Add(new StoreFinding(StoreFindingKind.LayoutDamaged, "oci-layout", "is not as decant writes it") { Fix = RepairCommand });
        byte[]? index = CheckDocument(store.IndexPath, begun, bytes => ImagesJson.Read(bytes, ImagesJson.Default.ManifestDocument, store.IndexPath));
        if (index is not null && !index.AsSpan().SequenceEqual(store.IndexBytes()))
            Add(new StoreFinding(StoreFindingKind.IndexBehind, "index.json", "has other names than refs/, which count") { Fix = Collect });
    }

    /// <summary>Its bytes; null where it is missing or damaged.</summary>
    byte[]? CheckDocument(string path, bool begun, Action<byte[]> parse)
    {
        string file = Path.GetFileName(path);
        Errno errno = LinuxFile.TryReadAll(null, path, out byte[] document);
        try
        {
            if (errno == Errno.None)
            {
                parse(document);
                return document;
            }

            if (errno != Errno.ENOENT || begun)
                Add(new StoreFinding(StoreFindingKind.LayoutDamaged, file, errno.Describe()) { Fix = RepairCommand });
        }
        catch (DecantException e)
        {
            Add(new StoreFinding(StoreFindingKind.LayoutDamaged, file, e.Message) { Fix = RepairCommand });
        }

        return null;
    }

    void CheckLeftovers()
    {
        foreach (string name in store.NamesIn("tmp"))
        {
            if (!name.EndsWith(".lock", StringComparison.Ordinal))
                Add(new StoreFinding(StoreFindingKind.Leftover, $"tmp/{name}", "left by a change that was broken off") { Fix = Collect });
        }
    }

    /// <summary>Blobs that no image has are read too: a pull would take them as they are.</summary>
    void CheckUnreferenced()
    {
        foreach (string algorithm in store.NamesIn("blobs"))
        {
            foreach (string name in store.NamesIn($"blobs/{algorithm}"))
            {
                if (!Digest.TryParse($"{algorithm}:{name}", out Digest digest))
                    Add(new StoreFinding(StoreFindingKind.Unreferenced, $"blobs/{algorithm}/{name}", "is not named by a digest") { Fix = Collect });
                else if (!blobs.Contains(digest) && CheckBlob(new Descriptor("", digest, LinuxFile.Status(store.BlobPath(digest)).Size), []) is null)
                    Add(new StoreFinding(StoreFindingKind.Unreferenced, digest.ToString(), "no image has this blob") { Fix = Collect });
            }
        }

        // A run that cannot be read may have any.
        if (findings.Exists(finding => finding.Kind == StoreFindingKind.RunDamaged))
            return;
        HashSet<string> used = [.. layers.Keys.Select(chainId => chainId.Hex), .. runLayers];
        List<string> unused = store.NamesIn("layers").FindAll(name => !used.Contains(name));
        if (unused.Count == 0)
            return;
        HashSet<string> mounted = MountedLayers.Find(store.Root);
        foreach (string name in unused.Where(name => !mounted.Contains(name)))
            Add(new StoreFinding(StoreFindingKind.Unreferenced, name, "no image and no kept run has this layer") { Fix = Collect });
    }
}
