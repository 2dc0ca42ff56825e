using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// Small files on their way into a layer's directory. What a small file costs is the kernel's work, so two threads share it: the one
/// that reads the archive collects batches, and writes one itself whenever the other has enough to do. Files come to be in any order;
/// whoever is about to look at a name, to make it or to remove it, settles it first.
/// </summary>
sealed class PendingFiles(LayerTree tree, MetadataWriter metadata, string subject) : IDisposable
{
    const int MostWaiting = 4;

    readonly object changed = new();
    readonly HashSet<PendingName> names = [];
    readonly Stack<FileBatch> free = new();
    FileBatch filling = new();
    bool begun;

    // Null where it is not needed, or the system allows none.
    Thread? second;

    // Under the lock.
    readonly Queue<FileBatch> waiting = new();
    readonly Queue<FileBatch> written = new();
    bool busy;
    bool ended;

    /// <summary>Takes on the entry that the reader is at, content included; false where it is nothing for a batch.</summary>
    /// <param name="directory">Of this layer.</param>
    public bool TryAdd(LayerDirectory directory, string name, TarEntry entry, TarReader reader)
    {
        if (entry.Size > FileBatch.MostContent || entry.Sparse is not null || entry.Xattrs.Count > 0 || directory.Child(name) is not null)
            return false;
        Settle(directory, name);
        if (!filling.HasRoom(directory, (int)entry.Size))
            Submit();
        names.Add(new(directory, name));
        filling.Add(directory, tree.Open(directory), name, entry, reader);
        return true;
    }

    /// <summary>After it, the directory has under this name what the archive has said so far.</summary>
    public void Settle(LayerDirectory directory, string name)
    {
        if (names.Count > 0 && names.Contains(new(directory, name)))
            Flush();
    }

    /// <summary>After it, every file is there.</summary>
    public void Flush()
    {
        if (names.Count == 0)
            return;
        while (Take(waiting) is { } batch)
            Write(batch);
        Write(filling);
        lock (changed)
        {
            while (busy)
                Monitor.Wait(changed);
        }

        Collect();
        filling = Fresh();
    }

    public void Dispose()
    {
        lock (changed)
        {
            ended = true;
            Monitor.PulseAll(changed);
        }

        second?.Join();
        filling.Clear();
        foreach (FileBatch batch in waiting)
            batch.Clear();
        foreach (FileBatch batch in written)
            batch.Clear();
    }

    void Submit()
    {
        if (!begun)
            second = WorkerThread.TryStart(WriteWaiting);
        begun = true;
        bool handedOver;
        lock (changed)
        {
            handedOver = second is not null && waiting.Count < MostWaiting;
            if (handedOver)
            {
                waiting.Enqueue(filling);
                Monitor.PulseAll(changed);
            }
        }

        if (!handedOver)
            Write(filling);
        Collect();
        filling = Fresh();
    }

    /// <summary>On the extractor's own thread, as the tree is.</summary>
    void Collect()
    {
        while (Take(written) is { } batch)
        {
            if (batch.Failure is { } failure)
            {
                batch.Clear();
                ExceptionDispatchInfo.Throw(failure);
            }

            LayerDirectory directory = batch.Directory!;
            foreach (int file in batch.Taken)
            {
                tree.Remove(directory, batch.NameOf(file));
                if (!batch.TryWrite(file, metadata, subject))
                    throw new DecantException($"{subject}: {PathBytes.Printable(batch.NameOf(file))} came back after it was removed");
            }

            for (int file = 0; file < batch.Count; file++)
                names.Remove(new(directory, batch.NameOf(file)));
            batch.Clear();
            free.Push(batch);
        }
    }

    FileBatch Fresh() => free.TryPop(out FileBatch? batch) ? batch : new FileBatch();

    FileBatch? Take(Queue<FileBatch> from)
    {
        lock (changed)
            return from.TryDequeue(out FileBatch? batch) ? batch : null;
    }

    void Write(FileBatch batch)
    {
        batch.Write(metadata, subject);
        lock (changed)
            written.Enqueue(batch);
    }

    void WriteWaiting()
    {
        while (Next() is { } batch)
            Write(batch);
    }

    /// <summary>Null at the end.</summary>
    FileBatch? Next()
    {
        lock (changed)
        {
            busy = false;
            Monitor.PulseAll(changed);
            while (waiting.Count == 0 && !ended)
                Monitor.Wait(changed);
            busy = !ended;
            return ended ? null : waiting.Dequeue();
        }
    }

    /// <summary>The default comparison of two references in a pair takes longer than making the file's times does.</summary>
    readonly struct PendingName(LayerDirectory directory, string name) : IEquatable<PendingName>
    {
        readonly LayerDirectory directory = directory;
        readonly string name = name;

        public bool Equals(PendingName other) => directory == other.directory && name == other.name;

        public override bool Equals(object? obj) => obj is PendingName other && Equals(other);

        public override int GetHashCode() => name.GetHashCode(StringComparison.Ordinal) ^ RuntimeHelpers.GetHashCode(directory);
    }
}
