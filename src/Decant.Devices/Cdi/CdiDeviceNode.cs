namespace Decant.Devices;

/// <summary>A device node that a program gets.</summary>
/// <param name="Path">Inside.</param>
public sealed record CdiDeviceNode(string Path)
{
    /// <summary>On the host; null for the same path.</summary>
    public string? HostPath { get; init; }

    /// <summary>b, c, u (as c) or p; null for what the host's node is.</summary>
    public string? Type { get; init; }

    /// <summary>0 for the host's node's.</summary>
    public long Major { get; init; }

    public long Minor { get; init; }

    /// <summary>Permission bits.</summary>
    public uint? FileMode { get; init; }

    /// <summary>Of r, w, m: for device cgroups; "none" for none.</summary>
    public string? Permissions { get; init; }

    public uint? UserId { get; init; }

    public uint? GroupId { get; init; }
}
