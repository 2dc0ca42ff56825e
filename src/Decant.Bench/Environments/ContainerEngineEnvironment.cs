using System.Collections.Immutable;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>docker run and podman run. The container is kept until the trial has been looked at, and removed apart from the measured time.</summary>
sealed class ContainerEngineEnvironment(EnvironmentSpec spec) : BenchEnvironment(spec)
{
    ImmutableSortedDictionary<string, string> facts = ImmutableSortedDictionary<string, string>.Empty;
    bool parents = true;

    string Engine => Spec.Kind == EnvironmentKind.Docker ? "docker" : "podman";

    public override string? Launcher => Engine;

    public override string? Absent() =>
        base.Absent() ?? (HostCommand.TryAsk(Engine, "version", "--format", Spec.Kind == EnvironmentKind.Docker ? "{{.Server.Version}}" : "{{.Client.Version}}") is null
            ? $"{Engine} version fails: " + (Spec.Kind == EnvironmentKind.Docker ? "no daemon answers at DOCKER_HOST, or this user may not talk to it" : "podman does not work for this user")
            : null);

    public override void Prepare(EnvironmentSetup setup)
    {
        if (HostCommand.TryAsk(Engine, "image", "inspect", "--format", "{{.Id}}", Spec.Image) is not { } id)
            throw new DecantException($"{Name}: {Engine} has no image {PathBytes.Printable(Spec.Image)}", $"{Engine} pull {PathBytes.Printable(Spec.Image)}");
        facts = facts.SetItem("image.id", id)
            .SetItem("engine", Engine + " " + HostCommand.TryAsk(Engine, "version", "--format", Spec.Kind == EnvironmentKind.Docker ? "{{.Server.Version}}" : "{{.Client.Version}}"));
        if (Spec.Kind == EnvironmentKind.Docker && HostCommand.TryAsk("docker", "info", "--format", "{{.CgroupDriver}} {{.CgroupVersion}} {{.Driver}}")?.Split(' ') is [var driver, var version, var storage])
        {
            facts = facts.SetItem("engine.cgroups", $"{driver}, version {version}").SetItem("engine.storage", storage);
            // systemd's driver takes the name of a slice only.
            parents = driver != "systemd";
        }
    }

    public override bool LauncherStaysOutside => true;

    public override ImmutableArray<string> CommandLine(ImmutableArray<string> command, string trial, TrialCgroup? cgroup) =>
        parents && cgroup?.EngineParent is { } parent
            // podman under systemd would take the name of a slice only.
            ? [Engine, .. Spec.Kind == EnvironmentKind.Podman ? ["--cgroup-manager", "cgroupfs"] : (string[])[], "run", "--name", trial, "--cgroup-parent", parent, .. CallerLimits.Options(Spec.Options), .. Spec.Options, Spec.Image, .. command]
            : [Engine, "run", "--name", trial, .. CallerLimits.Options(Spec.Options), .. Spec.Options, Spec.Image, .. command];

    public override ImmutableArray<string> Teardown(string trial) => [Engine, "rm", "--force", "--volumes", trial];

    public override IEnumerable<string> Programs =>
        Spec.Kind == EnvironmentKind.Docker ? ["docker", "dockerd", "containerd", "containerd-shim-runc-v2", "runc"] : ["podman", "conmon", "runc", "crun"];

    public override IReadOnlyList<string> Daemons => Spec.Kind == EnvironmentKind.Docker ? ["dockerd", "containerd", "docker-proxy"] : ["conmon", "podman"];

    public override ImmutableSortedDictionary<string, string> Facts => facts;
}
