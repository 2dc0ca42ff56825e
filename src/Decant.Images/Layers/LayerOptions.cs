using Decant.Linux;

namespace Decant.Images;

/// <summary>How <see cref="LayerExtractor"/> unpacks.</summary>
public sealed record LayerOptions
{
    /// <summary>
    /// Owners, devices and all extended attributes as the archive has them; else everything belongs to the caller, and
    /// what only root may make is left out and counted.
    /// </summary>
    public bool Privileged { get; init; } = CallerNamespace.IsRoot;

    /// <summary>Names the archive in messages.</summary>
    public string Subject { get; init; } = "layer";

    public ImageLimits Limits { get; init; } = ImageLimits.Default;

    /// <summary>Bytes that directories may take that are unpacked but not finished; those that cannot be finished earlier take more.</summary>
    public long DirectoryMemory { get; init; } = 2 << 20;

    /// <summary>How long the archive is as it is stored, where it is packed.</summary>
    public long? PackedBytes { get; init; }

    /// <summary>Returns when the layers below are unpacked; called before they are first looked at. Null where they are already.</summary>
    public Action? AwaitLower { get; init; }
}
