namespace Decant.Devices.Tests;

/// <summary>A host's files, as far as they tell of devices: one a line, "PATH", "PATH = TEXT" with \n and \t, or "PATH -> TARGET".</summary>
sealed class RecordedTree : IDisposable
{
    public RecordedTree(params string[] texts)
    {
        foreach (string line in string.Join('\n', texts).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.Split(" -> ") is [var link, var target])
                File.CreateSymbolicLink(Made(link), target);
            else if (line.Split(" = ", 2) is [var path, var text])
                File.WriteAllText(Made(path), text.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\u007f", "\u007f", StringComparison.Ordinal));
            else
                File.WriteAllText(Made(line), "");
        }
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("decant-host-").FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);

    string Made(string path)
    {
        string full = Root + path;
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return full;
    }

    /// <summary>As a machine with two H100, the open kernel module 580.159.04 and Ubuntu's layout has it.</summary>
    public const string H100 = """
        /proc/driver/nvidia/version = NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.159.04  Release Build  (nixbld@)\nGCC version:  gcc version 15.3.0 (GCC)\n
        /proc/driver/nvidia/params = ResmanDebugLevel: 4294967295\nModifyDeviceFiles: 1\nDeviceFileUID: 0\n
        /proc/driver/nvidia/gpus/0000:18:00.0/information = Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 41\nGPU UUID: \t GPU-b3cb74d9-42ca-061f-b3b9-ef06ecb5317b\nBus Type: \t PCIe\nBus Location: \t 0000:18:00.0\nDevice Minor: \t 0\n
        /proc/driver/nvidia/gpus/0000:2a:00.0/information = Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 42\nGPU UUID: \t GPU-0d6cfd3a-7a3d-2bcb-9c5d-4f7e9f7b1a11\nBus Type: \t PCIe\nBus Location: \t 0000:2a:00.0\nDevice Minor: \t 1\n
        /proc/driver/nvidia/capabilities/mig/config = DeviceFileMinor: 1\nDeviceFileMode: 256\nDeviceFileModify: 1\n
        /proc/sys/kernel/osrelease = 6.8.0-60-generic\n
        /sys/bus/pci/devices/0000:18:00.0/drm/card1/dev
        /sys/bus/pci/devices/0000:18:00.0/drm/renderD128/dev
        /dev/nvidia0
        /dev/nvidia1
        /dev/nvidiactl
        /dev/nvidia-uvm
        /dev/nvidia-uvm-tools
        /dev/nvidia-modeset
        /dev/nvidia-caps/nvidia-cap1
        /dev/nvidia-caps/nvidia-cap2
        /dev/dri/card1
        /dev/dri/renderD128
        /usr/lib/x86_64-linux-gnu/libcuda.so.580.159.04
        /usr/lib/x86_64-linux-gnu/libcuda.so.1 -> libcuda.so.580.159.04
        /usr/lib/x86_64-linux-gnu/libcuda.so -> libcuda.so.1
        /usr/lib/x86_64-linux-gnu/libnvidia-ml.so.580.159.04
        /usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1 -> libnvidia-ml.so.580.159.04
        /usr/lib/x86_64-linux-gnu/libnvidia-allocator.so.580.159.04
        /usr/lib/x86_64-linux-gnu/libnvidia-allocator.so.1 -> libnvidia-allocator.so.580.159.04
        /usr/lib/x86_64-linux-gnu/libGLX_nvidia.so.580.159.04
        /usr/lib/x86_64-linux-gnu/libGLX_nvidia.so.0 -> libGLX_nvidia.so.580.159.04
        /usr/lib/x86_64-linux-gnu/libGL.so.1.7.0
        /usr/lib/x86_64-linux-gnu/vdpau/libvdpau_nvidia.so.580.159.04
        /usr/share/glvnd/egl_vendor.d/10_nvidia.json = {}
        /usr/bin/nvidia-smi = \u007fELF and so on
        /opt/nvidia/bin/unrelated
        /lib/firmware/nvidia/580.159.04/gsp_ga10x.bin
        /lib/firmware/nvidia/580.159.04/gsp_tu10x.bin
        /lib/firmware/nvidia/570.1/gsp_tu10x.bin
        /run/nvidia-persistenced/socket
        """;

    /// <summary>The second of its GPUs is divided in two.</summary>
    public const string Divided = """
        /proc/driver/nvidia/capabilities/gpu1/mig/gi1/access = DeviceFileMinor: 12\nDeviceFileMode: 292\n
        /proc/driver/nvidia/capabilities/gpu1/mig/gi1/ci0/access = DeviceFileMinor: 13\nDeviceFileMode: 292\n
        /proc/driver/nvidia/capabilities/gpu1/mig/gi2/access = DeviceFileMinor: 21\nDeviceFileMode: 292\n
        /proc/driver/nvidia/capabilities/gpu1/mig/gi2/ci0/access = DeviceFileMinor: 22\nDeviceFileMode: 292\n
        /dev/nvidia-caps/nvidia-cap12
        /dev/nvidia-caps/nvidia-cap13
        /dev/nvidia-caps/nvidia-cap21
        /dev/nvidia-caps/nvidia-cap22
        """;
}
