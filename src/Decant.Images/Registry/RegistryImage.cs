using System.Net;
using Decant.Linux;

namespace Decant.Images;

/// <summary>Finds an image in a registry, or in a mirror of it, by tag or digest, then by platform.</summary>
sealed class RegistryImage(RegistryReference reference, RegistrySettings settings, Platform platform, ImageLimits limits)
{
    /// <summary>The image's layers are fetched as they are asked for; disposing of it ends that.</summary>
    public static SourceImage Open(RegistryReference reference, RegistrySettings settings, Platform platform, ImageLimits limits, string scratch)
    {
        RegistryConnection connection = new(reference, settings, limits);
        try
        {
            return new RegistryImage(reference, settings, platform, limits).Find(connection, scratch).GetAwaiter().GetResult();
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    async Task<SourceImage> Find(RegistryConnection connection, string scratch)
    {
        (RegistryDocument document, int found) = await First(connection.Clients).ConfigureAwait(false);
        // Where the manifest came from, its blobs are most likely.
        IReadOnlyList<RegistryClient> clients = [.. connection.Clients.Skip(found)];
        Descriptor root = Check(document, clients[0].Host);
        ImageResolver resolver = new(reference.Text, platform, (descriptor, what) => Read(clients, descriptor, what).GetAwaiter().GetResult());
        ResolvedImage resolved = resolver.Resolve(root, document.Bytes);
        byte[] config = await Read(clients, resolved.Config, "configuration").ConfigureAwait(false);
        LayerDownloads downloads = new(resolved.Layers, clients, settings, scratch);
        SourceImage image = new(reference.Text, resolved.Manifest, resolved.ManifestBytes, resolved.Config, config, resolved.Layers, downloads.Open, connection)
        {
            SuggestedName = reference.FamiliarName,
            Prepare = downloads.Prepare,
            Cancel = downloads.Cancel,
            KeepArrived = downloads.KeepArrived,
        };
        connection.Downloads = downloads;
        image.CheckPlatform(platform);
        return image;
    }

    /// <summary>The manifest from the first that has it. A mirror gets one try; the registry itself, the last, several.</summary>
    async Task<(RegistryDocument Document, int Client)> First(IReadOnlyList<RegistryClient> clients)
    {
        for (int i = 0; i < clients.Count - 1; i++)
        {
            try
            {
                return (await clients[i].Manifest(reference.ManifestName, default).ConfigureAwait(false), i);
            }
            catch (RegistryException e)
            {
                // Not having an image is what mirrors do all the time.
                if (e.Status != HttpStatusCode.NotFound)
                    settings.Notify($"the mirror {e.Message}");
            }
        }

        RegistryClient registry = clients[^1];
        return (await Persist(() => registry.Manifest(reference.ManifestName, default)).ConfigureAwait(false), clients.Count - 1);
    }

    /// <summary>The document is what the reference means and what the registry says that it is.</summary>
    Descriptor Check(RegistryDocument document, string host)
    {
        string place = $"{reference.Text}: the manifest from {host}";
        if (MediaTypes.IsSchema1(document.MediaType))
            throw new DecantException($"{place}: a Docker manifest of schema 1, which has no digests of its layers' content", "push the image anew with a Docker of this decade");
        Digest expected = reference.Digest ?? Said(document.Digest) ?? Digest.Sha256(document.Bytes);
        using ContentHash hash = expected.NewHash();
        hash.Append(document.Bytes);
        Digest actual = hash.Finish();
        if (actual != expected)
        {
            string why = reference.Digest is null ? "the registry says that it has" : "the reference means";
            throw new DecantException($"{place}: the content has the digest {actual}, and {why} {expected}", "pull again; where that fails too, somebody changes the answers of the registry");
        }

        string type = document.MediaType ?? "";
        return new Descriptor(MediaTypes.IsIndex(type) || MediaTypes.IsManifest(type) ? type : "", actual, document.Bytes.Length);
    }

    static Digest? Said(string? text) => Digest.TryParse(text, out Digest digest) ? digest : null;

    async Task<byte[]> Read(IReadOnlyList<RegistryClient> clients, Descriptor descriptor, string what)
    {
        if (descriptor.Size > limits.Document)
            throw new DecantException($"{reference.Text}: {what} {descriptor.Digest} has {descriptor.Size} bytes; at most {limits.Document} are read", ImageLimits.Raise("document"));
        byte[] bytes = await Fetch(clients, descriptor, what == "manifest").ConfigureAwait(false);
        string place = $"{reference.Text}: {what} {descriptor.Digest}";
        using MemoryStream verified = new();
        using VerifyingStream stream = new(new MemoryStream(bytes), descriptor, place);
        stream.CopyTo(verified);
        return bytes;
    }

    async Task<byte[]> Fetch(IReadOnlyList<RegistryClient> clients, Descriptor descriptor, bool isManifest)
    {
        for (int i = 0; ; i++)
        {
            RegistryClient client = clients[i];
            try
            {
                return await Persist(async () => isManifest
                    ? (await client.Manifest(descriptor.Digest.ToString(), default).ConfigureAwait(false)).Bytes
                    : await client.Document(descriptor.Digest, default).ConfigureAwait(false)).ConfigureAwait(false);
            }
            catch (RegistryException e) when (i + 1 < clients.Count)
            {
                settings.Notify($"{e.Message}; asking {clients[i + 1].Host}");
            }
        }
    }

    /// <summary>Tries again what may pass.</summary>
    async Task<T> Persist<T>(Func<Task<T>> ask)
    {
        Backoff backoff = new(Random.Shared);
        while (true)
        {
            try
            {
                return await ask().ConfigureAwait(false);
            }
            catch (RegistryException e) when (e.Transient)
            {
                if (backoff.Next(e.RetryAfter) is not { } wait)
                    throw new RegistryException($"{e.Message}; given up after {backoff.Failures} tries", e.Fix, e) { Status = e.Status };
                settings.Notify($"{e.Message}; trying again in {wait.TotalSeconds:0.#} s");
                await Task.Delay(wait).ConfigureAwait(false);
            }
        }
    }
}
