using System.Text;
using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>Blobs and trees.</summary>
public sealed partial class StoreCheck
{
    readonly Dictionary<Digest, int> badBlobs = [];
    readonly List<(CheckedLayer Layer, int Finding)> badLayers = [];

    void CheckLayer(CheckedLayer layer)
    {
        progress($"layer {layer.ChainId.Hex[..12]}");
        string[] names = [.. layer.Images.Select(image => image.Record.Name)];
        foreach (Descriptor packing in layer.Blobs)
        {
            // The archive is verified while it is compared with the tree.
            if (packing.Digest != layer.Blob.Digest)
                CheckBlob(packing, names);
        }

        string directory = store.LayerPath(layer.ChainId);
        if (!LinuxFile.Exists(directory))
        {
            CheckBlob(layer.Blob, names);
            AddBadLayer(StoreFindingKind.LayerMissing, "is not unpacked", []);
            return;
        }

        if (badBlobs.ContainsKey(layer.Blob.Digest) || !LinuxFile.Exists(store.BlobPath(layer.Blob.Digest)))
        {
            CheckBlob(layer.Blob, names);
            return;
        }

        try
        {
            IReadOnlyList<string> differences = Compare(layer, directory);
            // It was read to its end, which verifies it.
            if (blobs.Add(layer.Blob.Digest))
                bytes += layer.Blob.Size;
            if (differences.Count > 0)
                AddBadLayer(StoreFindingKind.LayerDamaged, "is not what its archive holds", differences);
        }
        catch (Exception e) when (e is DecantException or InvalidDataException or IOException or ZstdSharp.ZstdException)
        {
            if (CheckBlob(layer.Blob, names) is null)
                AddBadLayer(StoreFindingKind.LayerDamaged, $"cannot be compared with its archive: {PathBytes.Printable(e.Message)}", []);
        }

        void AddBadLayer(StoreFindingKind kind, string text, IReadOnlyList<string> details) =>
            badLayers.Add((layer, Add(new StoreFinding(kind, layer.ChainId.Hex, text) { Images = names, Details = details, Fix = RepairCommand })));
    }

    IReadOnlyList<string> Compare(CheckedLayer layer, string directory)
    {
        string below = string.Join('\n', layer.Below.Select(chainId => chainId.Hex));
        if (LinuxFile.TryReadAll(null, $"{directory}/{MountedLayers.BelowFile}", out byte[] list) != Errno.None || Encoding.ASCII.GetString(list) != below)
            return [$"{MountedLayers.BelowFile} does not name the layers below"];
        using TreeCheck tree = new(directory + "/diff", [.. layer.Below.Select(lower => store.LayerPath(lower) + "/diff")], LinuxFile.Status(directory).Owner);
        ReadArchive(layer, tree.Read);
        if (tree.NeedsSecondReading)
            ReadArchive(layer, tree.ReadAgain);
        IReadOnlyList<string> differences = tree.Differences();
        unreadable += tree.Unreadable;
        return differences;
    }

    /// <summary>Verifies the blob's digest and the archive's.</summary>
    void ReadArchive(CheckedLayer layer, Action<Stream, string> read)
    {
        string place = $"blob {layer.Blob.Digest}";
        using VerifyingStream blob = new(OpenBlob(layer.Blob.Digest), layer.Blob, place);
        using ContentHash hash = layer.DiffId.NewHash();
        using HashingStream tar = new(LayerCompressions.Unpack(blob, place, ImageLimits.None, out _), hash);
        read(tar, place);
        tar.CopyTo(Stream.Null);
        blob.CopyTo(Stream.Null);
        Digest actual = hash.Finish();
        if (actual != layer.DiffId)
            throw new DecantException($"{place}: unpacked it has the digest {actual}, and the configuration wants {layer.DiffId}");
    }

    /// <summary>Reads the blob, once however often it is asked for. The place of its finding, or null where it is whole.</summary>
    int? CheckBlob(Descriptor blob, IReadOnlyList<string> names)
    {
        if (badBlobs.TryGetValue(blob.Digest, out int known))
            return known;
        if (blobs.Contains(blob.Digest))
            return null;
        progress($"blob {blob.Digest.Hex[..12]}");
        blobs.Add(blob.Digest);
        StoreFindingKind kind = StoreFindingKind.BlobDamaged;
        string text;
        if (!LinuxFile.Exists(store.BlobPath(blob.Digest)))
        {
            kind = StoreFindingKind.BlobMissing;
            text = "is not there";
        }
        else
        {
            try
            {
                using VerifyingStream stream = new(OpenBlob(blob.Digest), blob, "the blob");
                stream.CopyTo(Stream.Null);
                bytes += blob.Size;
                return null;
            }
            catch (Exception e) when (e is DecantException or IOException)
            {
                text = PathBytes.Printable(e.Message);
            }
        }

        int finding = Add(new StoreFinding(kind, blob.Digest.ToString(), text) { Images = names, Fix = RepairCommand });
        badBlobs.Add(blob.Digest, finding);
        return finding;
    }

    SectionStream OpenBlob(Digest digest)
    {
        string path = store.BlobPath(digest);
        SafeFileHandle file = LinuxFile.Open(path, OpenFlags.ReadOnly | OpenFlag.NoFollow);
        return new SectionStream(file, path, 0, LinuxFile.Status(file).Size, ownsFile: true);
    }
}
