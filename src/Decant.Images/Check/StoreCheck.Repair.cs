using Decant.Linux;

namespace Decant.Images;

/// <summary>Mends what was found. What cannot be made from what the store holds is removed, and with it the names that need it.</summary>
public sealed partial class StoreCheck
{
    void Repair()
    {
        RemoveBadBlobs();
        RepairNames();
        RepairLayers();
        RepairLayout();
        CollectGarbage();
    }

    void RemoveBadBlobs()
    {
        foreach ((Digest digest, int finding) in badBlobs)
        {
            TreeRemoval.Remove(store.BlobPath(digest));
            List<CheckedImage> losing = images.FindAll(image => image.Image.Layers.Any(layer => layer.Digest == digest));
            foreach (CheckedImage image in losing)
            {
                image.Lost = true;
                TreeRemoval.Remove($"{store.Root}/refs/{image.File}");
            }

            string done = losing.Count == 0 ? "removed" : $"removed, and with it {PathBytes.Printable(string.Join(", ", losing.Select(image => image.Record.Name)))}";
            Mend(finding, done, losing.Count == 0 ? null : string.Join("; ", losing.Select(image => PullAgain(image.Record))));
        }
    }

    void RepairNames()
    {
        foreach ((string file, ImageRecord? record, int finding) in lostNames)
        {
            TreeRemoval.Remove($"{store.Root}/refs/{file}");
            Mend(finding, $"removed the name {PathBytes.Printable(record?.Name ?? file)}", record is null ? "pull the image again" : PullAgain(record));
        }

        foreach ((string file, ImageRecord right, int finding) in wrongNames)
        {
            if (images.Exists(image => image.File == file && image.Lost))
            {
                Mend(finding, "removed with its image", null);
                continue;
            }

            DurableFile.Write(store.Root + "/tmp", store.RefPath(right.Name), right.ToBytes());
            if (file != ImageName.ToFileName(right.Name))
                TreeRemoval.Remove($"{store.Root}/refs/{file}");
            Mend(finding, "written anew", null);
        }

        DurableFile.SyncDirectory(store.Root + "/refs");
    }

    /// <summary>Damaged trees are put aside, and a pull from the store's own blobs makes what is missing then.</summary>
    void RepairLayers()
    {
        if (badLayers.Count == 0)
            return;
        HashSet<string> mounted = MountedLayers.Find(store.Root);
        HashSet<Digest> mended = [];
        for (int done = 0; done < badLayers.Count;)
        {
            List<(CheckedLayer Layer, int Finding)> bad = badLayers[done..];
            done = badLayers.Count;
            foreach (CheckedImage image in images.Where(image => !image.Lost))
                UnpackAgain(image, bad.FindAll(b => image.Chain.Contains(b.Layer.ChainId) && !mended.Contains(b.Layer.ChainId)), mounted, mended);
            // What has hard links to damaged files of a layer below is damaged too, which shows only now that those are mended.
            foreach (CheckedLayer above in layers.Values.Where(layer => layer.Below.Any(mended.Contains) && !badLayers.Exists(b => b.Layer == layer)).OrderBy(layer => layer.Below.Count))
                CheckLayer(above);
        }

        // A flat root is made of links to the files of all layers; the next run that needs it makes it anew.
        foreach (CheckedLayer above in layers.Values.Where(layer => layer.Below.Any(mended.Contains) && !mounted.Contains(layer.ChainId.Hex)))
            TreeRemoval.Remove(store.LayerPath(above.ChainId) + "/flat");
        foreach ((CheckedLayer layer, int finding) in badLayers)
        {
            if (layer.Images.TrueForAll(image => image.Lost))
                Mend(finding, "removed with its image", null);
        }
    }

    void UnpackAgain(CheckedImage image, List<(CheckedLayer Layer, int Finding)> bad, HashSet<string> mounted, HashSet<Digest> mended)
    {
        if (bad.Count == 0)
            return;
        string? reason = bad.Exists(b => mounted.Contains(b.Layer.ChainId.Hex))
            ? $"end the programs that run from it, then: {RepairCommand}"
            : TryUnpackAgain(image, [.. bad.Select(b => b.Layer.ChainId)]);
        foreach ((CheckedLayer layer, int finding) in bad)
        {
            findings[finding] = findings[finding] with { Done = reason is null ? "unpacked again" : null, Fix = reason };
            if (reason is null)
                mended.Add(layer.ChainId);
        }
    }

    /// <summary>Why it could not be done, the damaged trees back in their places; null where it was.</summary>
    string? TryUnpackAgain(CheckedImage image, IReadOnlyList<Digest> chainIds)
    {
        progress($"unpacking {PathBytes.Printable(image.Record.Name)} again");
        using ScratchDirectory aside = new(store.Root + "/tmp");
        List<(string Place, string Aside)> moved = [];
        foreach (Digest chainId in chainIds)
        {
            string place = store.LayerPath(chainId);
            if (!LinuxFile.Exists(place))
                continue;
            moved.Add((place, $"{aside.Path}/{chainId.Hex}"));
            LinuxFile.Rename(null, place, null, moved[^1].Aside);
        }

        try
        {
            using ScratchDirectory scratch = new(store.Root + "/tmp");
            using ImagePull pull = new(store, image.Image, scratch.Path, SilentProgress.Instance);
            pull.Read();
            pull.Commit();
            return null;
        }
        catch (DecantException e)
        {
            foreach ((string place, string from) in moved)
                _ = LinuxFile.TryRename(null, from, null, place);
            return e.Message;
        }
    }

    void RepairLayout()
    {
        using FileLock names = store.Lock("index.lock", exclusive: true);
        store.WriteLayout();
        store.WriteIndex();
        Mend(finding => finding.Kind is StoreFindingKind.LayoutDamaged or StoreFindingKind.IndexBehind, "written anew");
    }

    void CollectGarbage()
    {
        // An unreadable run may need any layer.
        if (findings.Exists(finding => finding.Kind == StoreFindingKind.RunDamaged))
            return;
        new GarbageCollection(store, dryRun: false, measure: false).Run();
        Mend(finding => finding.Kind is StoreFindingKind.Leftover or StoreFindingKind.Unreferenced, "removed");
    }

    void Mend(int finding, string done, string? fix) => findings[finding] = findings[finding] with { Done = done, Fix = fix };

    void Mend(Predicate<StoreFinding> which, string done)
    {
        for (int i = 0; i < findings.Count; i++)
        {
            if (which(findings[i]))
                Mend(i, done, null);
        }
    }
}
