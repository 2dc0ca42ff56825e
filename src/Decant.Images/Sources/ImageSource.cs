using Decant.Linux;

namespace Decant.Images;

/// <summary>Where an image comes from: a transport that skopeo's users know, and a place.</summary>
public abstract class ImageSource
{
    const string Known = "docker://NAME[:TAG], rootfs:DIR, tar:FILE, docker-archive:FILE[:NAME], oci:DIR[:TAG], oci-archive:FILE[:TAG], docker-daemon:NAME, docker-container:NAME, podman:NAME";

    static readonly string[] transports = ["rootfs:", "tar:", "docker-archive:", "oci:", "oci-archive:", "docker://", "docker-daemon:", "docker-container:", "podman:"];

    private protected ImageSource(string text) => Text = text;

    /// <summary>Canonical: the transport and the absolute path, then the tag where one is given.</summary>
    public string Text { get; }

    /// <summary>The limits of the store that reads it.</summary>
    internal ImageLimits Limits { get; set; } = ImageLimits.Default;

    /// <summary>Whether the text begins with a transport, and so names a source and not an image in the store.</summary>
    public static bool IsSource(string text)
    {
        foreach (string transport in transports)
        {
            if (text.StartsWith(transport, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    /// <param name="registries">How registries are reached; null for the usual way.</param>
    /// <exception cref="DecantException">The transport is unknown or not in this version, or the rest is not as it wants.</exception>
    public static ImageSource Parse(string text, RegistrySettings? registries = null)
    {
        int colon = text.IndexOf(':');
        if (colon < 0)
            throw new DecantException($"{PathBytes.Printable(text)} names no transport", $"write one of {Known}");
        string rest = text[(colon + 1)..];
        return text[..colon] switch
        {
            "rootfs" => new RootfsSource(Whole(rest, text)),
            "tar" => new TarSource(Whole(rest, text)),
            // As skopeo has it, the path ends at the first colon.
            "docker-archive" => ArchiveSource.Docker(Whole(Before(rest), text), After(rest)),
            "oci" => new OciSource(Whole(Before(rest), text), After(rest)),
            "oci-archive" => ArchiveSource.Oci(Whole(Before(rest), text), After(rest)),
            "docker" => RegistrySource.Of(rest, registries ?? new RegistrySettings()),
            "docker-daemon" => new EngineImageSource("docker-daemon", ContainerEngine.Docker, rest),
            "docker-container" => new EngineContainerSource("docker-container", ContainerEngine.Docker, rest),
            "podman" => new EngineImageSource("podman", ContainerEngine.Podman, rest),
            var transport => throw new DecantException($"{PathBytes.Printable(transport)}: is no transport that decant knows", $"use one of {Known}"),
        };
    }

    /// <summary>
    /// Which state of the source this is; null where nothing cheap tells, so that it has to be read again.
    /// </summary>
    internal abstract string? Stamp();

    /// <summary>The image, for reading; the scratch directory is for what cannot be read in place (a pipe, a packed archive).</summary>
    /// <exception cref="DecantException">The source is not what it says, or holds no image for this platform.</exception>
    internal abstract SourceImage Open(Platform platform, string scratch);

    static string Whole(string path, string text) => path.Length == 0
        ? throw new DecantException($"{PathBytes.Printable(text)}: the path is missing", $"write one of {Known}")
        : path == TarSource.StandardInput ? path : LinuxPath.Absolute(path);

    static string Before(string rest) => rest.Contains(':') ? rest[..rest.IndexOf(':')] : rest;

    static string? After(string rest) => rest.IndexOf(':') is int at and >= 0 && at + 1 < rest.Length ? rest[(at + 1)..] : null;

    private protected static string WithTag(string text, string? tag) => tag is null ? text : $"{text}:{tag}";
}
