using System.Collections.Immutable;
using System.Text.Json;

namespace Decant.Bench;

/// <summary>runc run and crun run, of a bundle with what docker run --network host would ask of them (OCI runtime specification 1.0, config.md).</summary>
sealed class OciRuntimeEnvironment(EnvironmentSpec spec) : RootedEnvironment(spec)
{
    /// <summary>docker's default set.</summary>
    static readonly string[] Capabilities =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP",
        "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
    ];

    static readonly (string Destination, string Type, string[] Options)[] Mounts =
    [
        ("/proc", "proc", ["nosuid", "noexec", "nodev"]),
        ("/dev", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
        ("/dev/pts", "devpts", ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]),
        ("/dev/shm", "tmpfs", ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]),
        ("/sys", "sysfs", ["nosuid", "noexec", "nodev", "ro"]),
        ("/tmp", "tmpfs", ["nosuid", "nodev", "mode=1777"]),
    ];

    string bundle = "";

    public override string Launcher => Spec.Kind == EnvironmentKind.Runc ? "runc" : "crun";

    public override void Prepare(EnvironmentSetup setup)
    {
        base.Prepare(setup);
        bundle = $"{setup.Directory}/{Name}.bundle";
        Directory.CreateDirectory(bundle);
    }

    public override bool LauncherStaysOutside => true;

    public override ImmutableArray<string> CommandLine(ImmutableArray<string> command, string trial, TrialCgroup? cgroup)
    {
        using (FileStream file = File.Create(bundle + "/config.json"))
            Write(file, WithEntrypoint(command), cgroup?.EngineParent is { } parent ? parent + "/container" : null);
        return [Launcher, "run", .. Spec.Options, "--bundle", bundle, trial];
    }

    public override ImmutableArray<string> Teardown(string trial) => [Launcher, "delete", "--force", trial];

    void Write(Stream file, ImmutableArray<string> command, string? cgroup)
    {
        using Utf8JsonWriter json = new(file);
        json.WriteStartObject();
        json.WriteString("ociVersion", "1.0.2");
        json.WriteStartObject("process");
        json.WriteStartObject("user");
        json.WriteNumber("uid", 0);
        json.WriteNumber("gid", 0);
        json.WriteEndObject();
        Strings(json, "args", command);
        Strings(json, "env", Variables);
        json.WriteString("cwd", WorkingDirectory);
        json.WriteStartObject("capabilities");
        foreach (string set in (string[])["bounding", "effective", "permitted"])
            Strings(json, set, Capabilities);
        json.WriteEndObject();
        json.WriteStartArray("rlimits");
        foreach ((string name, ulong? soft, ulong? hard) in CallerLimits.All)
        {
            json.WriteStartObject();
            json.WriteString("type", "RLIMIT_" + name.ToUpperInvariant());
            json.WriteNumber("soft", soft ?? ulong.MaxValue);
            json.WriteNumber("hard", hard ?? ulong.MaxValue);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("root");
        json.WriteString("path", Root);
        json.WriteBoolean("readonly", true);
        json.WriteEndObject();
        json.WriteStartArray("mounts");
        foreach ((string destination, string type, string[] options) in Mounts)
        {
            json.WriteStartObject();
            json.WriteString("destination", destination);
            json.WriteString("type", type);
            json.WriteString("source", type);
            Strings(json, "options", options);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("linux");
        json.WriteStartArray("namespaces");
        foreach (string name in (string[])["pid", "ipc", "uts", "mount"])
        {
            json.WriteStartObject();
            json.WriteString("type", name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (cgroup is not null)
            json.WriteString("cgroupsPath", cgroup);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
