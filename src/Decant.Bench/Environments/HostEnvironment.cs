using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>The host itself, with the caller's environment.</summary>
sealed class HostEnvironment(EnvironmentSpec spec) : BenchEnvironment(spec)
{
    public override string? Launcher => null;

    public override ImmutableArray<string> CommandLine(ImmutableArray<string> command, string trial, TrialCgroup? cgroup) => command;
}
