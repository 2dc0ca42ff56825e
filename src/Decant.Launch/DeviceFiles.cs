using System.Collections.Immutable;

namespace Decant.Launch;

/// <summary>What devices need in a root beside their nodes: the host's libraries and programs for them.</summary>
public sealed record DeviceFiles
{
    /// <summary>Where they appear: a directory of the launch's own, which hides what the image has there.</summary>
    public required string Directory { get; init; }

    /// <summary>Into lib64, where the image's loader finds them before any of its own.</summary>
    public ImmutableArray<DeviceFile> Libraries { get; init; } = [];

    /// <summary>Into /usr/bin.</summary>
    public ImmutableArray<DeviceFile> Programs { get; init; } = [];

    /// <summary>Files, sockets and directories that appear at their own paths.</summary>
    public ImmutableArray<string> AtTheirPaths { get; init; } = [];

    /// <summary>The option that asked, for messages.</summary>
    public required string Text { get; init; }
}
