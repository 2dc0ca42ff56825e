using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>bwrap(1), with the mounts of its own example for a whole root.</summary>
sealed class BubblewrapEnvironment(EnvironmentSpec spec) : RootedEnvironment(spec)
{
    public override string Launcher => "bwrap";

    public override ImmutableArray<string> CommandLine(ImmutableArray<string> command, string trial, TrialCgroup? cgroup) =>
    [
        "bwrap", "--ro-bind", Root, "/", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--clearenv",
        .. Variables.SelectMany(variable => (string[])["--setenv", variable[..variable.IndexOf('=')], variable[(variable.IndexOf('=') + 1)..]]),
        "--chdir", WorkingDirectory, .. Spec.Options, "--", .. WithEntrypoint(command),
    ];
}
