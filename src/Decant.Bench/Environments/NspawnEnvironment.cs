using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>systemd-nspawn(1), without registration, so that it needs no systemd.</summary>
sealed class NspawnEnvironment(EnvironmentSpec spec) : RootedEnvironment(spec)
{
    public override string Launcher => "systemd-nspawn";

    public override ImmutableArray<string> CommandLine(ImmutableArray<string> command, string trial, TrialCgroup? cgroup) =>
    [
        "systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--read-only", "--tmpfs=/tmp", "-M", trial, "-D", Root, "--chdir=" + WorkingDirectory,
        .. CallerLimits.All.Select(limit => $"--rlimit={limit.Name.ToUpperInvariant()}={limit.Soft?.ToString() ?? "infinity"}:{limit.Hard?.ToString() ?? "infinity"}"),
        .. Variables.Select(variable => "--setenv=" + variable), .. Spec.Options, "--", .. WithEntrypoint(command),
    ];
}
