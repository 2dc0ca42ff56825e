namespace Decant.Devices;

public enum GpuNodeKind
{
    /// <summary>/dev/nvidia0 and on: one per GPU.</summary>
    NvidiaGpu,

    /// <summary>/dev/nvidiactl, which every NVIDIA program opens first.</summary>
    NvidiaControl,

    /// <summary>/dev/nvidia-uvm: without it CUDA finds no device.</summary>
    NvidiaUvm,
    NvidiaUvmTools,
    NvidiaModeset,

    /// <summary>/dev/nvidia-caps/*: the right to a part of a GPU (MIG).</summary>
    NvidiaCapability,

    /// <summary>/dev/kfd, which every ROCm program opens first.</summary>
    AmdCompute,

    /// <summary>/dev/nvmap, /dev/nvhost-*, /dev/nvgpu/*: of GPUs in NVIDIA's own processors (Jetson).</summary>
    NvidiaTegra,

    /// <summary>/dev/dxg: the GPUs of Windows, in its subsystem for Linux.</summary>
    Wsl,

    /// <summary>/dev/dri/card*.</summary>
    DrmCard,

    /// <summary>/dev/dri/renderD*.</summary>
    DrmRender,
}

/// <summary>A device node of a GPU, and what the caller may do with it.</summary>
/// <param name="Path">As programs open it: below /dev.</param>
public sealed record GpuNode(string Path, GpuNodeKind Kind, bool Readable, bool Writable)
{
    public bool Usable => Readable && Writable;

    /// <summary>Tells a node from its path below /dev; null for one of no GPU.</summary>
    public static GpuNodeKind? KindOf(string path) => path switch
    {
        "/dev/nvidiactl" => GpuNodeKind.NvidiaControl,
        "/dev/nvidia-uvm" => GpuNodeKind.NvidiaUvm,
        "/dev/nvidia-uvm-tools" => GpuNodeKind.NvidiaUvmTools,
        "/dev/nvidia-modeset" => GpuNodeKind.NvidiaModeset,
        "/dev/kfd" => GpuNodeKind.AmdCompute,
        "/dev/dxg" => GpuNodeKind.Wsl,
        "/dev/nvmap" or "/dev/nvsciipc" => GpuNodeKind.NvidiaTegra,
        _ when path.StartsWith("/dev/nvhost-", StringComparison.Ordinal) || path.StartsWith("/dev/nvgpu/igpu0/", StringComparison.Ordinal) => GpuNodeKind.NvidiaTegra,
        _ when Numbered(path, "/dev/nvidia") => GpuNodeKind.NvidiaGpu,
        _ when Numbered(path, "/dev/nvidia-caps/nvidia-cap") => GpuNodeKind.NvidiaCapability,
        _ when Numbered(path, "/dev/dri/card") => GpuNodeKind.DrmCard,
        _ when Numbered(path, "/dev/dri/renderD") => GpuNodeKind.DrmRender,
        _ => null,
    };

    static bool Numbered(string path, string prefix) =>
        path.Length > prefix.Length && path.StartsWith(prefix, StringComparison.Ordinal) && !path.AsSpan(prefix.Length).ContainsAnyExceptInRange('0', '9');
}
