using System.Net;
using System.Runtime.ExceptionServices;
using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>
/// A layer's blob on its way from a registry into a file of the scratch directory, from where it is read as far as it has come.
/// A broken connection is taken up again where it broke (RFC 9110, 14: Range). Nothing is verified here but the size; the
/// reader verifies the digest.
/// </summary>
sealed class BlobDownload : IDisposable
{
    const int BufferSize = 128 * 1024;

    /// <summary>A connection that brought as much before it broke counts as one that helps.</summary>
    const long WorthwhileBytes = 64 * 1024;

    readonly Descriptor blob;
    readonly string path;
    readonly SafeFileHandle file;
    readonly object gate = new();
    long arrived;
    bool done;
    bool moved;
    Exception? failure;

    public BlobDownload(Descriptor blob, string scratch)
    {
        this.blob = blob;
        path = DurableFile.TemporaryName(scratch);
        file = LinuxFile.Open(path, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive, 0x180 /* 0600 */);
    }

    public long Size => blob.Size;

    /// <summary>Nothing more will be written to the file.</summary>
    public bool IsDone
    {
        get
        {
            lock (gate)
                return done;
        }
    }

    /// <summary>Fetches it to its end; how that went is for the readers to hear.</summary>
    /// <param name="clients">Where it may be, in order of preference.</param>
    /// <param name="onBytes">Hears of every piece that has arrived.</param>
    /// <param name="notify">Hears of what is tried again.</param>
    public async Task Run(IReadOnlyList<RegistryClient> clients, TimeSpan stallTimeout, Action<long> onBytes, Action<string> notify, CancellationToken stop)
    {
        try
        {
            await FetchFromAny(clients, stallTimeout, onBytes, notify, stop).ConfigureAwait(false);
            Finish(null);
        }
        catch (Exception e)
        {
            Finish(e);
        }
    }

    /// <summary>Reads at an offset what has arrived, waiting for it where nothing has yet. 0 at the end.</summary>
    /// <exception cref="RegistryException">The download has failed.</exception>
    public int Read(Span<byte> buffer, long offset)
    {
        int wanted;
        lock (gate)
        {
            while (arrived <= offset && !done)
                Monitor.Wait(gate);
            if (arrived <= offset && failure is not null)
                ExceptionDispatchInfo.Throw(failure);
            wanted = (int)Math.Min(buffer.Length, Math.Max(0, arrived - offset));
        }

        return wanted == 0 ? 0 : RandomAccess.Read(file, buffer[..wanted], offset);
    }

    /// <summary>Where its last bytes came from, if there was a choice; null where not.</summary>
    public string? Sender { get; private set; }

    /// <summary>Gives the file another name, in the same file system, and leaves it there for good, on the disk.</summary>
    public void MoveTo(string target)
    {
        LinuxFile.Sync(file, path);
        LinuxFile.Rename(null, path, null, target);
        DurableFile.SyncDirectory(Path.GetDirectoryName(target)!);
        moved = true;
    }

    /// <summary>The same where all has arrived, and is what it should be, though nobody has read it to its end.</summary>
    public bool TryKeep(string target)
    {
        lock (gate)
        {
            if (moved || !done || failure is not null || arrived != blob.Size)
                return false;
        }

        using ContentHash hash = blob.Digest.NewHash();
        byte[] buffer = new byte[BufferSize];
        int read;
        for (long offset = 0; (read = RandomAccess.Read(file, buffer, offset)) > 0; offset += read)
            hash.Append(buffer.AsSpan(0, read));
        if (hash.Finish() != blob.Digest)
            return false;
        MoveTo(target);
        return true;
    }

    /// <summary>The file goes at once: what comes after may need the room.</summary>
    public void Dispose()
    {
        file.Dispose();
        LinuxFile.TryUnlink(null, path);
    }

    void Finish(Exception? e)
    {
        lock (gate)
        {
            failure = e;
            done = true;
            Monitor.PulseAll(gate);
        }
    }

    async Task FetchFromAny(IReadOnlyList<RegistryClient> clients, TimeSpan stallTimeout, Action<long> onBytes, Action<string> notify, CancellationToken stop)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                Sender = clients.Count > 1 ? clients[i].Host : null;
                await Fetch(clients[i], stallTimeout, onBytes, notify, stop).ConfigureAwait(false);
                return;
            }
            catch (RegistryException e) when (i + 1 < clients.Count)
            {
                notify($"{e.Message}; asking {clients[i + 1].Host}");
            }
        }
    }

    async Task Fetch(RegistryClient client, TimeSpan stallTimeout, Action<long> onBytes, Action<string> notify, CancellationToken stop)
    {
        Backoff backoff = new(Random.Shared);
        bool ranges = true;
        while (arrived < blob.Size || blob.Size == 0)
        {
            long before = arrived;
            try
            {
                using HttpResponseMessage response = await client.Blob(blob.Digest, ranges ? arrived : 0, stop).ConfigureAwait(false);
                await Copy(response, client.Host, stallTimeout, onBytes, stop).ConfigureAwait(false);
                return;
            }
            catch (RegistryException e) when (e.Transient || e.Unreachable || (e.Status == HttpStatusCode.RequestedRangeNotSatisfiable && ranges))
            {
                // A registry that does not like the range is asked for the whole.
                ranges &= e.Status != HttpStatusCode.RequestedRangeNotSatisfiable;
                if (arrived > before && (arrived - before >= WorthwhileBytes || blob.Size < WorthwhileBytes))
                    backoff.Succeeded();
                if (backoff.Next(e.RetryAfter) is not { } wait)
                    throw new RegistryException($"{e.Message}; given up after {backoff.Failures} tries, with {arrived} of {blob.Size} bytes there", e.Fix, e) { Status = e.Status };
                notify($"{e.Message}; {arrived} of {blob.Size} bytes of {blob.Digest} are there, going on in {wait.TotalSeconds:0.#} s");
                await Task.Delay(wait, stop).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The answer's body to the file; what is there already is skipped where the answer begins anew.</summary>
    async Task Copy(HttpResponseMessage response, string host, TimeSpan stallTimeout, Action<long> onBytes, CancellationToken stop)
    {
        long position = Start(response, host);
        if (response.Content.Headers.ContentLength is { } length && position + length != blob.Size)
            throw new RegistryException($"{host} has {position + length} bytes under {blob.Digest}, and its descriptor gives {blob.Size}");
        byte[] buffer = new byte[BufferSize];
        using CancellationTokenSource stall = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            using Stream body = await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
            while (true)
            {
                stall.CancelAfter(stallTimeout);
                int read = await body.ReadAsync(buffer, stall.Token).ConfigureAwait(false);
                if (read == 0)
                    break;
                position += read;
                if (position > blob.Size)
                    throw new RegistryException($"{host} sends more under {blob.Digest} than the {blob.Size} bytes that its descriptor gives");
                Keep(buffer.AsSpan(0, read), position - read, onBytes);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw RegistryFailure.Stalled(host, stallTimeout);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw RegistryFailure.Of(e, host, null);
        }

        if (position < blob.Size)
            throw new RegistryException($"{host}: the answer ended after {position} bytes") { Transient = true };
    }

    /// <summary>The byte that the answer begins with.</summary>
    long Start(HttpResponseMessage response, string host)
    {
        if (response.StatusCode != HttpStatusCode.PartialContent)
            return 0;
        // An answer of another part than asked for would be put in the wrong place.
        return response.Content.Headers.ContentRange is { Unit: "bytes", From: { } from } range && from == arrived && (range.Length ?? blob.Size) == blob.Size
            ? from
            : throw new RegistryException($"{host} answers with another part of {blob.Digest} than was asked for") { Transient = true, Status = HttpStatusCode.RequestedRangeNotSatisfiable };
    }

    void Keep(ReadOnlySpan<byte> bytes, long position, Action<long> onBytes)
    {
        int known = (int)Math.Clamp(arrived - position, 0, bytes.Length);
        if (known == bytes.Length)
            return;
        LinuxFile.Write(file, bytes[known..], position + known, path);
        lock (gate)
        {
            arrived = position + bytes.Length;
            Monitor.PulseAll(gate);
        }

        onBytes(bytes.Length - known);
    }
}
