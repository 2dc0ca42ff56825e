using System.Runtime.ExceptionServices;
using System.Text;
using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>
/// The layers, several at a time. Each is taken in its turn, the lowest first, and waits for those below only where it must look at
/// them: so the lowest in work never waits, and all end.
/// </summary>
sealed partial class ImagePull
{
    const int BufferSize = 128 * 1024;

    readonly BlockPool pool = new();

    // Held while a layer is taken, which may mean waiting for another pull.
    readonly object turn = new();
    int next;

    // Guards how far the layers are.
    readonly object state = new();
    readonly bool[] done = new bool[image.Layers.Count];
    int allDone;
    readonly HashSet<string> kept = [];
    ExceptionDispatchInfo? failure;

    /// <summary>A layer has several threads of its own; two at once keep two processors busy while one of them begins or ends.</summary>
    void ReadLayers()
    {
        int workers = Math.Min(image.Layers.Count, Math.Clamp(Environment.ProcessorCount / 2, 2, 8));
        List<Thread> others = [];
        for (int i = 1; i < workers; i++)
        {
            if (WorkerThread.TryStart(Work) is { } other)
                others.Add(other);
        }

        Work();
        foreach (Thread other in others)
            other.Join();
        failure?.Throw();
    }

    void Work()
    {
        while (true)
        {
            int layer = -1;
            string place = "";
            try
            {
                LayerWork work;
                lock (turn)
                {
                    if (next == image.Layers.Count || Failed)
                        return;
                    layer = next++;
                    place = $"{image.Text}: layer {layer + 1} of {image.Layers.Count} ({image.Layers[layer].Digest})";
                    work = Take(layer, place);
                }

                Read(work);
                End(layer, null);
            }
            catch (Exception e)
            {
                End(layer, Explained(e, place));
            }
        }
    }

    bool Failed => Volatile.Read(ref failure) is not null;

    void End(int layer, Exception? reason)
    {
        // What is still on its way would be waited for, however slow it is. First of all: what has arrived for the others is to stay.
        if (reason is not null)
            image.Cancel?.Invoke();
        lock (state)
        {
            // Who was stopped by another's failure is not the reason.
            if (reason is not null and not AbandonedException and not OperationCanceledException)
                failure ??= ExceptionDispatchInfo.Capture(reason);
            done[layer] = reason is null;
            while (allDone < done.Length && done[allDone])
                allDone++;
            Monitor.PulseAll(state);
        }
    }

    /// <summary>Waits until that many of the lowest layers are done.</summary>
    void Await(int layers)
    {
        lock (state)
        {
            while (allDone < layers && failure is null)
                Monitor.Wait(state);
        }

        Check();
    }

    void Check()
    {
        if (Failed)
            throw new AbandonedException();
    }

    Exception Explained(Exception e, string place) => e switch
    {
        InvalidDataException or IOException or ZstdSharp.ZstdException => new DecantException($"{place}: {PathBytes.Printable(e.Message)}", inner: e),
        DecantException known when !e.Message.StartsWith(image.Text, StringComparison.Ordinal) => new DecantException($"{place}: {e.Message}", known.Fix, e),
        _ => e,
    };

    /// <summary>Decides what there is to do, with all layers below decided before.</summary>
    LayerWork Take(int layer, string place)
    {
        string blobPath = store.BlobPath(image.Layers[layer].Digest);
        string layerPath = store.LayerPath(chain[layer]);
        bool hasLayer = IsThere(layerPath) || AwaitOther(layer, layerPath);
        bool hasBlob = IsThere(blobPath);
        List<string> below = [];
        for (int lower = layer - 1; lower >= 0 && !hasLayer; lower--)
            below.Add(Now(store.LayerPath(chain[lower])) + "/diff");
        return new LayerWork(layer, place)
        {
            // Of two layers with the same blob the lower one reads it from the source, maybe at this moment.
            AwaitsLower = staged.ContainsKey(blobPath),
            StoredBlob = hasBlob ? Now(blobPath) : null,
            BlobCopy = hasBlob ? null : Stage(blobPath),
            Directory = hasLayer ? null : Stage(layerPath),
            Below = below,
        };
    }

    /// <summary>Another pull may be unpacking this layer: wait for its end, rather than doing the same beside it. Locks are taken from the lowest layer up, so no two pulls wait for each other.</summary>
    bool AwaitOther(int layer, string layerPath)
    {
        locks.Add(store.Lock($"tmp/{chain[layer].Hex}.lock", exclusive: true));
        return IsThere(layerPath);
    }

    void Read(LayerWork work)
    {
        if (work.StoredBlob is not null && work.Directory is null)
        {
            progress.Present(work.Layer);
            return;
        }

        if (work.AwaitsLower)
            Await(work.Layer);
        Stream source = OpenBlob(work);
        using VerifyingStream verified = new(source, image.Layers[work.Layer], work.Place, () => (source as BlobDownloadStream)?.Sender);
        // What was fetched lies in a file already.
        BlobDownloadStream? fetched = work.BlobCopy is null ? null : source as BlobDownloadStream;
        using FileStream? copy = work.BlobCopy is null || fetched is not null ? null : DurableFile.Create(work.BlobCopy);
        using CopyingStream blob = new(verified, copy, bytes =>
        {
            Check();
            progress.Advance(work.Layer, bytes);
        });
        if (work.Directory is not null)
        {
            Unpack(work, work.Directory, blob);
            progress.Unpacked(work.Layer);
        }
        else
        {
            byte[] buffer = new byte[BufferSize];
            while (blob.Read(buffer) > 0)
            {
            }
        }

        if (fetched is not null)
            Keep(fetched, image.Layers[work.Layer].Digest);
    }

    /// <summary>What was fetched and verified takes its place at once: a pull that does not come to its end has not fetched it for nothing.</summary>
    void Keep(BlobDownloadStream fetched, Digest digest)
    {
        string target = store.BlobPath(digest);
        fetched.MoveTo(target);
        lock (state)
            kept.Add(target);
    }

    bool IsKept(string target)
    {
        lock (state)
            return kept.Contains(target);
    }

    /// <summary>From the store where it has the blob, wherever this pull has got so far, else from the source.</summary>
    Stream OpenBlob(LayerWork work)
    {
        if (work.StoredBlob is not { } path)
            return image.OpenLayer(work.Layer);
        string target = store.BlobPath(image.Layers[work.Layer].Digest);
        if (IsKept(target))
            path = target;
        SafeFileHandle file = LinuxFile.Open(path, OpenFlags.ReadOnly);
        return new SectionStream(file, path, 0, LinuxFile.Status(file).Size, ownsFile: true);
    }

    void Unpack(LayerWork work, string directory, Stream blob)
    {
        LinuxFile.MakeDirectory(null, directory, 0x1C0 /* 0700 */);
        LinuxFile.MakeDirectory(null, directory + "/diff", 0x1ED /* 0755, until the archive says otherwise */);
        using (FileStream file = DurableFile.Create($"{directory}/{MountedLayers.BelowFile}"))
            file.Write(Encoding.ASCII.GetBytes(string.Join('\n', chain.Take(work.Layer).Reverse().Select(id => id.Hex))));
        Descriptor descriptor = image.Layers[work.Layer];
        using LayerPipeline pipeline = new(pool, work.Place, store.Limits);
        pipeline.Run(blob, descriptor.Digest, image.Config.DiffIds[work.Layer], (tar, compression) =>
            Report(work.Place, LayerExtractor.Extract(tar, directory + "/diff", work.Below, new LayerOptions
            {
                Subject = work.Place,
                Limits = store.Limits,
                PackedBytes = compression == LayerCompression.None ? null : descriptor.Size,
                AwaitLower = () => Await(work.Layer),
            })));
    }
}
