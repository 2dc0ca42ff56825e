namespace Decant.Images;

/// <summary><c>oci:DIR[:tag]</c>: an OCI image layout.</summary>
public sealed class OciSource : ImageSource
{
    readonly string directory;
    readonly string? tag;

    internal OciSource(string directory, string? tag)
        : base(WithTag("oci:" + directory, tag))
    {
        this.directory = directory;
        this.tag = tag;
    }

    internal override string? Stamp() => SourceStamp.Of(directory + "/index.json");

    internal override SourceImage Open(Platform platform, string scratch) =>
        new LayoutImage(Text, new DirectoryContainer(directory, Limits), platform).Open(tag, Path.GetFileName(directory));
}
