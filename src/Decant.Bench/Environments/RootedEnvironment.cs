using System.Collections.Immutable;
using Decant.Images;
using Decant.Launch;

namespace Decant.Bench;

/// <summary>A launcher that takes a directory as root and knows nothing of images: it gets the image's variables, entrypoint and directory by its options.</summary>
abstract class RootedEnvironment(EnvironmentSpec spec) : BenchEnvironment(spec)
{
    ImageRunConfig config = ImageRunConfig.Empty;
    ImmutableArray<string> layers = [];

    /// <summary>The root directory; it is never written to.</summary>
    protected string Root { get; private set; } = "";

    /// <summary>NAME=VALUE, as <c>decant run</c> would give them to root.</summary>
    protected ImmutableArray<string> Variables { get; private set; } = [];

    protected string WorkingDirectory => config.WorkingDir.Length > 0 ? config.WorkingDir : "/";

    protected ImmutableArray<string> WithEntrypoint(ImmutableArray<string> command) => [.. config.Entrypoint, .. command];

    public override ImmutableSortedDictionary<string, string> Facts => LayerFacts(layers);

    public override IEnumerable<FileClass> Files(ObservedProcess? observed) => Root == "/" ? [] : [new FileClass(OverlayFiles.ImageLayers, Root, SeenAs: "")];

    public override void Prepare(EnvironmentSetup setup)
    {
        RootImage image = setup.Open(Spec.Image);
        config = image.Config;
        layers = image.Layers;
        Root = image.Flatten is { } flatten ? flatten() : image.Layers[0];
        string[] missing = [.. ((string[])["PATH=" + LaunchEnvironment.DefaultPath, "HOME=/root"]).Where(variable => !config.Env.Any(given => given.StartsWith(variable[..(variable.IndexOf('=') + 1)], StringComparison.Ordinal)))];
        Variables = [.. config.Env, .. missing];
    }
}
