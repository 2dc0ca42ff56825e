using Decant.Devices;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Where the checks look. The defaults are this host and this process.</summary>
public sealed record HostProbes
{
    public HostFiles Files { get; init; } = new();

    public uint UserId { get; init; } = Libc.GetEffectiveUserId();

    public required KernelFeatures Kernel { get; init; }

    public required GpuDevices Gpus { get; init; }

    /// <summary>Absolute; need not exist yet.</summary>
    public required string StoreRoot { get; init; }

    public required string DecantPath { get; init; }

    /// <summary>
    /// Makes a user namespace for real and mounts a tmpfs in it (where AppArmor restricts, only the mount fails); null where
    /// that is not to be tried, and the settings alone are judged.
    /// </summary>
    public Func<Errno>? TryUserNamespace { get; init; }

    /// <summary>Mounts an overlay as a run by this caller would; null where that is not to be tried.</summary>
    public Func<Errno>? TryOverlay { get; init; }

    /// <summary>In the user namespace of an ordinary user: nobody else exists in it.</summary>
    public bool IsAlone => CallerNamespace.DeniesGroups(Files.Text("/proc/self/setgroups"));

    public bool IsRoot => UserId == 0 && !IsAlone;

    /// <param name="storeRoot">Absolute.</param>
    public static HostProbes ThisHost(string storeRoot, Func<Errno>? tryUserNamespace, Func<Errno>? tryOverlay) => new()
    {
        Kernel = KernelFeatures.Probe(),
        Gpus = GpuDevices.Probe().WithManagement(),
        StoreRoot = storeRoot,
        DecantPath = Environment.ProcessPath ?? "/usr/local/bin/decant",
        TryUserNamespace = tryUserNamespace,
        TryOverlay = tryOverlay,
    };
}
