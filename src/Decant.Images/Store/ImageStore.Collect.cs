using Decant.Linux;

namespace Decant.Images;

public sealed partial class ImageStore
{
    /// <summary>
    /// Removes blobs and layers that no name and no kept run refers to, and what broken-off pulls left in tmp/. Where a
    /// pull is under way nothing happens, as its end collects.
    /// </summary>
    /// <param name="dryRun">Only tells what it would remove.</param>
    /// <exception cref="DecantException">The file of a name or a run is damaged, so that nobody knows what it refers to; nothing is removed.</exception>
    public GarbageReport CollectGarbage(bool dryRun)
    {
        if (!IsBegun())
            return new GarbageReport();
        using FileLock? all = TryLockAll();
        if (all is null)
            return new GarbageReport { Busy = true };
        GarbageReport report = new GarbageCollection(this, dryRun, measure: true).Run();
        // On a full disk there is room for it only now.
        if (!dryRun)
            RefreshIndex();
        return report;
    }

    /// <summary>What every change ends with.</summary>
    void Collect()
    {
        using FileLock? all = TryLockAll();
        if (all is not null)
            new GarbageCollection(this, dryRun: false, measure: false).Run();
    }

    /// <summary>What was broken off takes room that the work to come may need.</summary>
    void SweepLeftovers()
    {
        using FileLock? all = TryLockAll();
        if (all is null)
            return;
        try
        {
            new GarbageCollection(this, dryRun: false, measure: false).RemoveLeftovers();
        }
        catch (DecantException)
        {
            // It is in nobody's way as long as there is room; the collection at the end tells.
        }
    }

    /// <summary>Null where work is under way.</summary>
    internal FileLock? TryLockAll()
    {
        string path = Root + "/lock";
        return FileLock.TryTakeExclusive(LinuxFile.Open(path, OpenFlags.ReadOnly), path);
    }
}
