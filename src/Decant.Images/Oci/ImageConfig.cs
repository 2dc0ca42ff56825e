using System.Globalization;
using Decant.Linux;

namespace Decant.Images;

/// <summary>An image configuration (image-spec config.md), checked: what the image is for, how it runs, and of which layers it is made.</summary>
sealed record ImageConfig
{
    /// <summary>Null where the configuration does not say.</summary>
    public required Platform? Platform { get; init; }

    public required ImageRunConfig Run { get; init; }

    /// <summary>Digests of the uncompressed layers, the lowest first.</summary>
    public required IReadOnlyList<Digest> DiffIds { get; init; }

    public DateTimeOffset? Created { get; init; }

    public static ImageConfig Parse(ReadOnlySpan<byte> json, string place)
    {
        ConfigDocument document = ImagesJson.Read(json, ImagesJson.Default.ConfigDocument, place);
        if (document.Rootfs?.Type is string type && type != "layers")
            throw new DecantException($"{place}: rootfs.type is {PathBytes.Printable(type)}, not layers");
        List<Digest> diffIds = [];
        foreach (string? text in document.Rootfs?.DiffIds ?? [])
        {
            if (!Digest.TryParse(text, out Digest diffId))
                throw new DecantException($"{place}: rootfs.diff_ids has {PathBytes.Printable(text ?? "null")}, which is not a sha256 or sha512 digest");
            diffIds.Add(diffId);
        }

        bool hasPlatform = !string.IsNullOrEmpty(document.Architecture);
        return new ImageConfig
        {
            Platform = hasPlatform
                ? Platform.Of(string.IsNullOrEmpty(document.Os) ? "linux" : document.Os, document.Architecture!, document.Variant)
                : null,
            Run = document.Config?.ToRunConfig() ?? ImageRunConfig.Empty,
            DiffIds = diffIds,
            Created = DateTimeOffset.TryParse(document.Created, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset created)
                ? created
                : null,
        };
    }

    /// <summary>The configuration that decant makes for a bare tree: the platform and its layer, how it runs where that is known, no date, so that one tree makes one image.</summary>
    public static byte[] ForTree(Platform platform, Digest diffId, RunConfigDocument? run) => ImagesJson.Write(
        new ConfigDocument
        {
            Architecture = platform.Architecture,
            Os = platform.Os,
            Variant = platform.Variant,
            Config = run,
            Rootfs = new RootFsDocument { Type = "layers", DiffIds = [diffId.ToString()] },
        },
        ImagesJson.Default.ConfigDocument);
}
