namespace Decant.Images;

/// <summary><c>tar:FILE</c>: what <c>docker export</c> wrote, plain, gzip or zstd; <c>tar:-</c> is standard input.</summary>
public sealed class TarSource : ImageSource
{
    internal const string StandardInput = "-";

    static readonly string[] endings = [".tar", ".tgz", ".tar.gz", ".tar.zst", ".tzst"];

    readonly string path;

    internal TarSource(string path)
        : base("tar:" + path) => this.path = path;

    internal override string? Stamp() => SourceStamp.Of(path);

    internal override SourceImage Open(Platform platform, string scratch) =>
        TreeImage.Open(Text, ArchiveFile.Open(path, scratch, Limits), NameOf(path), platform, Limits);

    /// <summary>The file's name without what says that it is an archive; nothing for standard input.</summary>
    static string? NameOf(string path)
    {
        if (path == StandardInput)
            return null;
        string name = Path.GetFileName(path);
        string? ending = Array.Find(endings, ending => name.EndsWith(ending, StringComparison.Ordinal));
        return ending is null ? name : name[..^ending.Length];
    }
}
