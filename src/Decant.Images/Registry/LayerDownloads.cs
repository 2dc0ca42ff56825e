namespace Decant.Images;

/// <summary>
/// The layers of one image on their way: several at once, the lowest first, ahead of whoever unpacks them. What has arrived lies
/// in the scratch directory, not in memory, until its reader is done with it.
/// </summary>
/// <param name="layers">The lowest first.</param>
/// <param name="clients">Where they may be, in order of preference.</param>
sealed class LayerDownloads(IReadOnlyList<Descriptor> layers, IReadOnlyList<RegistryClient> clients, RegistrySettings settings, string scratch) : IDisposable
{
    readonly object gate = new();
    readonly BlobDownload?[] downloads = new BlobDownload?[layers.Count];
    readonly int[] readers = new int[layers.Count];
    readonly Queue<int> waiting = new();
    readonly List<Task> work = [];
    readonly CancellationTokenSource stop = new();
    Func<int, bool> isWanted = _ => false;
    IPullProgress progress = SilentProgress.Instance;
    bool begun;

    /// <summary>
    /// Tells which layers will be asked for. That is asked at the first <see cref="Open"/>, and nothing is fetched before it:
    /// another pull that has the layer's lock may be fetching the same.
    /// </summary>
    public void Prepare(Func<int, bool> wanted, IPullProgress hears)
    {
        isWanted = wanted;
        progress = hears;
    }

    /// <summary>The layer as it arrives.</summary>
    public Stream Open(int layer)
    {
        lock (gate)
        {
            if (!begun)
                Begin(layer);
            BlobDownload download = downloads[layer] ??= Start(layer);
            readers[layer]++;
            return new BlobDownloadStream(download, () => Close(layer));
        }
    }

    /// <summary>Nobody needs the rest. What has arrived stays until <see cref="Dispose"/>.</summary>
    public void Cancel() => stop.Cancel();

    /// <summary>Once nobody reads any more.</summary>
    public int KeepArrived(Func<Digest, string> place)
    {
        int kept = 0;
        for (int layer = 0; layer < layers.Count; layer++)
        {
            if (downloads[layer]?.TryKeep(place(layers[layer].Digest)) == true)
                kept++;
        }

        return kept;
    }

    public void Dispose()
    {
        stop.Cancel();
        Task[] all;
        lock (gate)
            all = [.. work];
        Task.WaitAll(all);
        foreach (BlobDownload? download in downloads)
            download?.Dispose();
        stop.Dispose();
    }

    void Begin(int first)
    {
        begun = true;
        HashSet<Digest> seen = [];
        for (int layer = 0; layer < layers.Count; layer++)
        {
            // Layers may come twice in one image, as empty ones do: the second is read from what the first left.
            if ((layer != first && !isWanted(layer)) || !seen.Add(layers[layer].Digest))
                continue;
            downloads[layer] = new BlobDownload(layers[layer], scratch);
            progress.Fetching(layer);
            waiting.Enqueue(layer);
        }

        for (int i = 0; i < Math.Min(settings.ParallelDownloads, waiting.Count); i++)
            work.Add(Task.Run(Work));
    }

    async Task Work()
    {
        while (true)
        {
            int layer;
            lock (gate)
            {
                if (!waiting.TryDequeue(out layer))
                    return;
            }

            await Fetch(layer, downloads[layer]!).ConfigureAwait(false);
        }
    }

    /// <summary>One that nobody thought to be wanted.</summary>
    BlobDownload Start(int layer)
    {
        BlobDownload download = new(layers[layer], scratch);
        progress.Fetching(layer);
        work.Add(Task.Run(() => Fetch(layer, download)));
        return download;
    }

    Task Fetch(int layer, BlobDownload download) =>
        download.Run(clients, settings.StallTimeout, bytes => progress.Fetched(layer, bytes), progress.Warn, stop.Token);

    void Close(int layer)
    {
        lock (gate)
        {
            if (--readers[layer] > 0 || stop.IsCancellationRequested || downloads[layer] is not { IsDone: true } download)
                return;
            downloads[layer] = null;
            download.Dispose();
        }
    }
}
