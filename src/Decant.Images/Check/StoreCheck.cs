using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// Checks all that a store holds against what it is named by: blobs against their digests, trees against their archives, names
/// against manifests and configurations, index.json against the names. Damaged trees are unpacked again from their blobs when asked.
/// </summary>
public sealed partial class StoreCheck
{
    const string Collect = "decant gc";
    const string RepairCommand = "decant fsck --repair";

    readonly ImageStore store;
    readonly Action<string> progress;
    readonly List<StoreFinding> findings = [];
    readonly List<CheckedImage> images = [];
    readonly Dictionary<Digest, CheckedLayer> layers = [];
    readonly HashSet<Digest> blobs = [];
    long bytes;
    long unreadable;

    StoreCheck(ImageStore store, Action<string> progress)
    {
        this.store = new ImageStore(store.Root) { Limits = ImageLimits.None, MapsOwners = store.MapsOwners };
        this.progress = progress;
    }

    /// <summary>Looks at everything; pulls may go on meanwhile, unless damage is to be repaired.</summary>
    /// <param name="repair">Mend what can be mended, and remove what cannot.</param>
    /// <param name="progress">Hears what is looked at.</param>
    /// <exception cref="DecantException">The store cannot be read, or is to be repaired while a pull is under way.</exception>
    public static StoreCheckReport Run(ImageStore store, bool repair, Action<string> progress)
    {
        // A store that nothing was ever written to.
        if (!store.IsBegun())
            return new StoreCheckReport();
        StoreCheck check = new(store, progress);
        if (repair)
            check.CheckAndRepair();
        else
            check.CheckOnly();
        return new StoreCheckReport
        {
            Images = check.images.Count,
            Blobs = check.blobs.Count,
            Layers = check.layers.Count,
            Bytes = check.bytes,
            Unreadable = check.unreadable,
            Findings = check.findings,
        };
    }

    void CheckOnly()
    {
        bool alone;
        using (FileLock? all = store.TryLockAll())
        {
            alone = all is not null;
            if (alone)
                CheckLeftovers();
        }

        // From here on nothing is collected, and pulls only add.
        using FileLock? work = store.LockForReading("lock");
        CheckAll();
        if (alone)
            CheckUnreferenced();
    }

    void CheckAndRepair()
    {
        store.BeginWork().Dispose();
        using FileLock all = store.TryLockAll()
            ?? throw new DecantException($"a pull or a removal is under way in {PathBytes.Printable(store.Root)}", "repair when it has ended");
        CheckLeftovers();
        CheckAll();
        CheckUnreferenced();
        Repair();
    }

    void CheckAll()
    {
        CheckLayout();
        foreach (string file in store.NamesIn("refs").Order(StringComparer.Ordinal))
            CheckName(file);
        // The lowest first: what a layer is to hold depends on those below.
        foreach (CheckedLayer layer in layers.Values.OrderBy(layer => layer.Below.Count))
            CheckLayer(layer);
        CheckRuns();
    }

    int Add(StoreFinding finding)
    {
        findings.Add(finding);
        return findings.Count - 1;
    }

    static string PullAgain(ImageRecord record) =>
        record.Name == record.Source ? $"decant run {PathBytes.Printable(record.Source)}" : $"decant pull {PathBytes.Printable(record.Source)} {PathBytes.Printable(record.Name)}";
}
