using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary><c>decant run</c>.</summary>
sealed class DecantEnvironment(EnvironmentSpec spec) : BenchEnvironment(spec)
{
    string decant = "decant";
    ImmutableArray<string> layers = [];

    public override string? Launcher => null;

    /// <summary>The image is pulled here where it must be, and not in the first trial.</summary>
    public override void Prepare(EnvironmentSetup setup)
    {
        decant = setup.Decant;
        layers = setup.Open(Spec.Image).Layers;
        HostCommand.Run([decant, "env", .. Spec.Options, Spec.Image], $"look up {Name}");
    }

    public override IEnumerable<string> Programs => [decant];

    /// <summary>Its root names the layers by descriptors, which say nothing afterwards.</summary>
    public override ImmutableSortedDictionary<string, string> Facts => LayerFacts(layers);

    public override IEnumerable<FileClass> Files(ObservedProcess? observed) => layers.Where(layer => layer != "/").Select(layer => new FileClass(OverlayFiles.ImageLayers, layer, SeenAs: ""));

    public override ImmutableArray<string> CommandLine(ImmutableArray<string> command, string trial, TrialCgroup? cgroup) =>
        [decant, "run", .. Spec.Options, Spec.Image, .. command];
}
