using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>apptainer exec IMAGE and enroot start NAME: the launcher finds its image by itself.</summary>
sealed class NamedImageEnvironment(EnvironmentSpec spec) : BenchEnvironment(spec)
{
    public override string Launcher => Spec.Kind == EnvironmentKind.Enroot ? "enroot" : "apptainer";

    public override ImmutableArray<string> CommandLine(ImmutableArray<string> command, string trial, TrialCgroup? cgroup) =>
        [Launcher, Spec.Kind == EnvironmentKind.Enroot ? "start" : "exec", .. Spec.Options, Spec.Image, .. command];
}
