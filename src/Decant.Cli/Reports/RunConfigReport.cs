using Decant.Images;

namespace Decant.Cli;

/// <summary>An image's run configuration, under the names of image-spec's config.md in camel case.</summary>
sealed record RunConfigReport(
    IReadOnlyList<string> Env,
    IReadOnlyList<string> Entrypoint,
    IReadOnlyList<string> Cmd,
    string WorkingDir,
    string User,
    string StopSignal,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<string> Volumes,
    IReadOnlyList<string> ExposedPorts)
{
    public static RunConfigReport Of(ImageRunConfig config) => new(
        config.Env,
        config.Entrypoint,
        config.Cmd,
        config.WorkingDir,
        config.User,
        config.StopSignal,
        config.Labels,
        config.Volumes,
        config.ExposedPorts);
}
