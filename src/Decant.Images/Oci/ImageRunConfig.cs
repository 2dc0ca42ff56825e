using System.Collections.Immutable;
namespace Decant.Images;

/// <summary>The "config" object of an OCI image configuration (image-spec config.md): how its makers want it run. What is missing is empty.</summary>
public sealed record ImageRunConfig
{
    public static ImageRunConfig Empty { get; } = new();

    /// <summary>NAME=VALUE, in order.</summary>
    public ImmutableArray<string> Env { get; init; } = [];

    public ImmutableArray<string> Entrypoint { get; init; } = [];
    public ImmutableArray<string> Cmd { get; init; } = [];
    public string WorkingDir { get; init; } = "";

    /// <summary>user[:group], names or numbers.</summary>
    public string User { get; init; } = "";

    /// <summary>Such as SIGTERM or 15.</summary>
    public string StopSignal { get; init; } = "";

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Directories inside the image.</summary>
    public ImmutableArray<string> Volumes { get; init; } = [];

    /// <summary>Such as 80/tcp.</summary>
    public ImmutableArray<string> ExposedPorts { get; init; } = [];
}
