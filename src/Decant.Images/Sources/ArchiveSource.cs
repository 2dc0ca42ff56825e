namespace Decant.Images;

/// <summary>Images in one file, plain, gzip or zstd: what <c>docker save</c> wrote, or an OCI image layout in a tar.</summary>
sealed class ArchiveSource : ImageSource
{
    readonly string path;
    readonly Func<TarContainer, Platform, SourceImage> find;

    ArchiveSource(string transport, string path, string? reference, Func<string, TarContainer, Platform, SourceImage> find)
        : base(WithTag($"{transport}:{path}", reference))
    {
        this.path = path;
        this.find = (files, platform) => find(Text, files, platform);
    }

    /// <summary><c>docker-archive:FILE[:name:tag]</c> or <c>[:@index]</c>, of any version.</summary>
    public static ArchiveSource Docker(string path, string? reference) => new("docker-archive", path, reference,
        (text, files, platform) => new DockerArchiveImage(text, files, platform).Open(reference, Path.GetFileNameWithoutExtension(path)));

    /// <summary><c>oci-archive:FILE[:tag]</c></summary>
    public static ArchiveSource Oci(string path, string? tag) => new("oci-archive", path, tag,
        (text, files, platform) => new LayoutImage(text, files, platform).Open(tag, Path.GetFileNameWithoutExtension(path)));

    internal override string? Stamp() => SourceStamp.Of(path);

    internal override SourceImage Open(Platform platform, string scratch)
    {
        TarContainer files = TarContainer.Open(path, scratch, Limits);
        try
        {
            return find(files, platform);
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }
}
