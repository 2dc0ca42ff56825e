using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>ch-run(1) of Charliecloud; root in its user namespace.</summary>
sealed class CharliecloudEnvironment(EnvironmentSpec spec) : RootedEnvironment(spec)
{
    public override string Launcher => "ch-run";

    /// <summary>It ends without USER.</summary>
    public override ImmutableArray<string> LauncherVariables => HostCommand.CallerVariables.Any(variable => variable.StartsWith("USER=", StringComparison.Ordinal)) ? [] : ["USER=root"];

    public override ImmutableArray<string> CommandLine(ImmutableArray<string> command, string trial, TrialCgroup? cgroup) =>
        ["ch-run", "--unset-env=*", .. Variables.Select(variable => "--set-env=" + variable), "--cd", WorkingDirectory, .. Spec.Options, Root, "--", .. WithEntrypoint(command)];
}
