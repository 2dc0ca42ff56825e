using System.Collections.Immutable;
using Decant.Images;

namespace Decant.Launch;

/// <summary>
/// What was asked: an image and the options of <c>decant run</c>, checked for form but not yet for what the host and the
/// image allow. <see cref="LaunchPlanner"/> turns it into a <see cref="LaunchPlan"/>.
/// </summary>
public sealed record LaunchSpec
{
    public required RootImage Image { get; init; }

    /// <summary>What follows IMAGE on the command line; replaces the image's Cmd where it is not empty.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>Replaces the image's Entrypoint and clears its Cmd; an empty list means none at all; null keeps the image's.</summary>
    public ImmutableArray<string>? Entrypoint { get; init; }

    /// <summary>Variables that the user named, in order; the last of one name wins.</summary>
    public ImmutableArray<EnvRequest> Env { get; init; } = [];

    public string? WorkingDirectory { get; init; }

    /// <summary>user[:group], names or numbers; null for the image's own.</summary>
    public string? User { get; init; }

    /// <summary>Why decant should be there when the program ends; null where there is no such reason.</summary>
    public string? WaitFor { get; init; }

    /// <summary>--root: as an ordinary user, be uid 0 inside.</summary>
    public bool MapToRoot { get; init; }

    public ImmutableArray<MountRequest> Mounts { get; init; } = [];
    public ImmutableArray<DeviceRequest> Devices { get; init; } = [];

    /// <summary>--gpus: what comes with the devices; null for nothing.</summary>
    public DeviceFiles? DeviceFiles { get; init; }

    /// <summary>--device VENDOR/CLASS=NAME: what their specifications want beside nodes and variables; null for nothing.</summary>
    public DeviceEdits? DeviceEdits { get; init; }

    /// <summary>Soft and hard limits, as <c>docker run --ulimit</c> has them.</summary>
    public ImmutableArray<UlimitRequest> Ulimits { get; init; } = [];

    /// <summary>The root file system is mounted read-only and nothing written to it.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>--name: where what the run writes is kept, opened by <see cref="ImageStore.OpenRun"/>; null throws it away.</summary>
    public KeptRun? Kept { get; init; }

    /// <summary>System calls are refused as docker's built-in profile does.</summary>
    public bool Seccomp { get; init; }

    /// <summary>Set-id programs of the image stay without effect, as they always do in a user namespace.</summary>
    public bool NoNewPrivileges { get; init; }

    public string? Hostname { get; init; }

    /// <summary>-i: the program gets the caller's standard input; otherwise it gets an empty one.</summary>
    public bool Interactive { get; init; }

    /// <summary>-t: the program gets a terminal of its own.</summary>
    public bool Terminal { get; init; }

    /// <summary>--mpi: the program is a rank of this job; null for one by itself.</summary>
    public MpiJob? Mpi { get; init; }

    /// <summary>Namespaces that are not the host's. Mount, and user when not root, are always new.</summary>
    public bool PrivateIpc { get; init; }
    public bool PrivateNetwork { get; init; }
    public bool PrivatePids { get; init; }
    public bool PrivateHostname => Hostname is not null;

    /// <summary>Bytes of a fresh /dev/shm; null shares the host's (or is 64 MiB with a private ipc namespace, as docker's).</summary>
    public long? SharedMemoryBytes { get; init; }

    /// <summary>Bytes of memory that the program's cgroup allows; null for no cgroup.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>CPUs' worth of time per second, such as 1.5; null for no limit.</summary>
    public double? Cpus { get; init; }
}

/// <summary>A root file system and the configuration that goes with it.</summary>
/// <param name="Name">What the user called it, for messages.</param>
/// <param name="Layers">Absolute directories, the topmost first, in overlayfs form (whiteouts as device 0:0, opaque directories by xattr). At least one.</param>
/// <param name="Config">The image's run configuration; empty for a plain directory.</param>
public sealed record RootImage(string Name, ImmutableArray<string> Layers, ImageRunConfig Config)
{
    /// <summary>Gives the layers as one directory, with what a launch mounts on, where the host has no overlayfs; null where the one layer is no store's.</summary>
    public Func<string>? Flatten { get; init; }
}

/// <summary>A variable that the user named: with a value, or (null) to be taken from decant's own environment if set there.</summary>
/// <param name="Origin">Where it was named, for <c>decant env</c>: "--env", "--env-file FILE", "configuration FILE".</param>
/// <param name="Remove">Takes the variable away, wherever it came from.</param>
public sealed record EnvRequest(string Name, string? Value, string Origin, bool Remove = false);

public enum MountKind
{
    Bind,
    Tmpfs,
    Overlay,
}

/// <summary>One -v, --mount or --tmpfs.</summary>
public sealed record MountRequest
{
    public required MountKind Kind { get; init; }

    /// <summary>The host's file or directory, absolute; for an overlay the lower directory; null for tmpfs.</summary>
    public string? Source { get; init; }

    /// <summary>An absolute path inside the root.</summary>
    public required string Target { get; init; }

    public bool ReadOnly { get; init; }

    /// <summary>Bind only the mount itself, not those below it (--mount bind-nonrecursive).</summary>
    public bool NonRecursive { get; init; }

    public MountPropagation Propagation { get; init; } = MountPropagation.Private;

    public bool NoExec { get; init; }
    public bool NoSuid { get; init; }
    public bool NoDev { get; init; }

    /// <summary>tmpfs: bytes; null for the kernel's half of memory.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>tmpfs: permission bits of its root; 01777 as docker's.</summary>
    public uint Mode { get; init; } = 0x3FF;

    /// <summary>-v creates a missing source directory, as docker does; --mount refuses.</summary>
    public bool CreateSource { get; init; }

    /// <summary>The option as typed, for messages.</summary>
    public required string Text { get; init; }
}

public enum MountPropagation
{
    Private,
    Slave,
    Shared,
}

/// <summary>One --device: a node or a directory of nodes of the host, under a path inside. Permissions are docker's r, w, m.</summary>
/// <param name="Text">The option that asked, for messages.</param>
public sealed record DeviceRequest(string Source, string Target, string Text);

/// <summary>One --ulimit. Null means unlimited.</summary>
public sealed record UlimitRequest(string Name, ulong? Soft, ulong? Hard);
