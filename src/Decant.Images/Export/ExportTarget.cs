using Decant.Linux;
using ZstdSharp;

namespace Decant.Images;

/// <summary>Where an image is written to: a transport that skopeo's users know, and a place.</summary>
public abstract class ExportTarget
{
    const string Known = "oci:DIR[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:NAME[:TAG]], tar:FILE; - as FILE is standard output";

    private protected ExportTarget(string text) => Text = text;

    /// <summary>As the user wrote it.</summary>
    public string Text { get; }

    /// <summary>The archive goes to standard output.</summary>
    public virtual bool IsStandardOutput => false;

    /// <param name="text">TRANSPORT:PLACE.</param>
    /// <param name="imageName">What the image is called where the target wants a name and the text has none.</param>
    /// <exception cref="DecantException">The transport is none that images are written to, or the rest is not as it wants.</exception>
    public static ExportTarget Parse(string text, string imageName)
    {
        int colon = text.IndexOf(':');
        string transport = colon < 0 ? "" : text[..colon];
        string rest = text[(colon + 1)..];
        // As skopeo has it, the path ends at the first colon, but for tar:, which has nothing behind it.
        string path = transport == "tar" || !rest.Contains(':') ? rest : rest[..rest.IndexOf(':')];
        string? behind = path.Length + 1 < rest.Length ? rest[(path.Length + 1)..] : null;
        ExportTarget target = transport switch
        {
            "oci" when path != OutputFile.StandardOutput => new OciExport(text, path, behind),
            "oci-archive" => new OciArchiveExport(text, path, behind),
            "docker-archive" => new DockerArchiveExport(text, path, behind is null ? DockerReference.TryNormalize(imageName) : DockerReference.Normalize(behind)),
            "tar" => new TarExport(text, path),
            _ => throw new DecantException($"{PathBytes.Printable(text)} is no place that an image can be written to", $"write one of {Known}"),
        };
        return path.Length > 0 ? target : throw new DecantException($"{PathBytes.Printable(text)}: the path is missing", $"write one of {Known}");
    }

    /// <summary>Writes the image; what is there stays as it was until all is written.</summary>
    internal void Write(SourceImage image, ImageLimits limits)
    {
        Limits = limits;
        try
        {
            WriteImage(image);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ZstdException)
        {
            throw new DecantException($"{image.Text}: {PathBytes.Printable(e.Message)}", "pull the image again: it is damaged", e);
        }
    }

    /// <summary>What the image's layers may hold.</summary>
    private protected ImageLimits Limits { get; private set; } = ImageLimits.Default;

    private protected abstract void WriteImage(SourceImage image);
}
