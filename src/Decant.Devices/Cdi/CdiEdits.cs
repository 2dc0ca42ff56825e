namespace Decant.Devices;

/// <summary>What a specification or a device of it changes of a launch (containerEdits).</summary>
public sealed record CdiEdits
{
    public static CdiEdits None { get; } = new();

    /// <summary>NAME=VALUE.</summary>
    public IReadOnlyList<string> Env { get; init; } = [];

    public IReadOnlyList<CdiDeviceNode> DeviceNodes { get; init; } = [];

    public IReadOnlyList<CdiMount> Mounts { get; init; } = [];

    public IReadOnlyList<CdiHook> Hooks { get; init; } = [];

    /// <summary>Without 0, which the specification ignores.</summary>
    public IReadOnlyList<uint> AdditionalGroups { get; init; } = [];

    /// <summary>It asks for a share of the processor's caches (resctrl).</summary>
    public bool HasIntelRdt { get; init; }

    /// <summary>Interfaces of the host's network that are to be moved.</summary>
    public IReadOnlyList<string> NetDevices { get; init; } = [];

    /// <summary>Both, in this order. Of two nodes or mounts on one place the later counts.</summary>
    public CdiEdits With(CdiEdits other) => new()
    {
        Env = [.. Env, .. other.Env],
        DeviceNodes = [.. DeviceNodes.Where(node => !other.DeviceNodes.Any(later => later.Path == node.Path)), .. other.DeviceNodes],
        Mounts = [.. Mounts.Where(mount => !other.Mounts.Any(later => later.ContainerPath == mount.ContainerPath)), .. other.Mounts],
        Hooks = [.. Hooks, .. other.Hooks],
        AdditionalGroups = [.. AdditionalGroups.Union(other.AdditionalGroups)],
        HasIntelRdt = HasIntelRdt || other.HasIntelRdt,
        NetDevices = [.. NetDevices, .. other.NetDevices],
    };
}
