namespace Decant.Images;

/// <summary><c>oci-archive:FILE[:tag]</c>: an OCI image layout of one image in a tar file, what names the rest first.</summary>
sealed class OciArchiveExport(string text, string path, string? tag) : FileExport(text, path)
{
    private protected override void WriteImage(SourceImage image, Stream into)
    {
        LayoutContent content = new(image);
        ArchiveWriter archive = new(into);
        archive.AddFile("oci-layout", LayoutContent.LayoutFile);
        archive.AddFile("index.json", LayoutIndex.With(null, content.Manifest, tag, Text));
        archive.AddDirectory("blobs");
        foreach (string algorithm in content.Blobs().Select(blob => blob.Blob.Digest.Algorithm).Distinct().Order(StringComparer.Ordinal))
            archive.AddDirectory("blobs/" + algorithm);
        foreach ((Descriptor blob, Func<Stream> open) in content.Blobs())
        {
            using Stream stream = open();
            archive.AddFile(LayoutContent.NameOf(blob.Digest), blob.Size, stream);
        }

        archive.End();
    }
}
