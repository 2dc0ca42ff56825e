using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

public sealed partial class ImageStore
{
    /// <summary>Writes an image of the store to a file or directory of the user's.</summary>
    /// <exception cref="DecantException">There is no such image, a blob is missing or damaged, or the target cannot be written.</exception>
    public void Export(string name, ExportTarget target)
    {
        // Shared, so that no collection of garbage removes the blobs meanwhile.
        using FileLock work = Lock("lock", exclusive: false);
        ImageRecord record = FindRecord(name) ?? throw new DecantException($"no image {PathBytes.Printable(name)} in {PathBytes.Printable(Root)}", "decant images");
        using SourceImage image = OpenStored(record);
        // The pull has applied the limits, maybe others than today's; what an archive may come to is today's.
        target.Write(image, ImageLimits.None with { Bytes = Limits.Bytes });
    }

    /// <summary>Writes an image to a file or directory of the user's straight from its source; the store keeps nothing of it.</summary>
    public void Export(ImageSource source, Platform platform, ExportTarget target)
    {
        source.Limits = Limits;
        using FileLock work = BeginWork();
        using ScratchDirectory scratch = new(Root + "/tmp");
        using SourceImage image = source.Open(platform, scratch.Path);
        target.Write(image, Limits);
    }

    /// <summary>Writes an image that is put together file by file; the store only lends the room for that.</summary>
    /// <returns>Bytes of the image's layer as stored.</returns>
    public long Export(ImageRunConfig config, Action<TreeArchive> fill, ExportTarget target)
    {
        using FileLock work = BeginWork();
        return TreeExport.Write(target, Root + "/tmp", config, fill);
    }

    /// <summary>The image as it was pulled: its documents byte for byte and its layers' blobs, whoever owns the unpacked trees.</summary>
    SourceImage OpenStored(ImageRecord record)
    {
        string place = $"{PathBytes.Printable(record.Name)}: manifest {record.Manifest}";
        byte[] manifest = ReadVerified(record.Manifest);
        ManifestDocument document = ImagesJson.Read(manifest, ImagesJson.Default.ManifestDocument, place);
        List<Descriptor> layers = (document.Layers ?? []).ConvertAll(layer =>
            (layer ?? throw new DecantException($"{place}: a layer is null")).ToDescriptor(place));
        Descriptor config = (document.Config ?? throw new DecantException($"{place}: it names no configuration")).ToDescriptor(place);
        return new SourceImage(
            PathBytes.Printable(record.Name), new Descriptor(record.ManifestType, record.Manifest, manifest.Length), manifest,
            config, ReadVerified(config.Digest), layers, layer => OpenBlob(layers[layer].Digest), owned: null);
    }

    byte[] ReadVerified(Digest digest)
    {
        byte[] bytes = ReadBlob(digest);
        using ContentHash hash = digest.NewHash();
        hash.Append(bytes);
        return hash.Finish() is var actual && actual == digest
            ? bytes
            : throw new DecantException($"{BlobPath(digest)}: the content has the digest {actual}", "pull the image again");
    }

    SectionStream OpenBlob(Digest digest)
    {
        string path = BlobPath(digest);
        Errno errno = LinuxFile.TryOpen(null, path, OpenFlags.ReadOnly, 0, out SafeFileHandle? file);
        return file is null
            ? throw new LinuxException("open", path, errno, "pull the image again")
            : new SectionStream(file, path, 0, LinuxFile.Status(file).Size, ownsFile: true);
    }
}
