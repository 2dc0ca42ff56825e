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

    /// <summary>A DGX Spark: the GPU is in the processor's package, and is driven as any other.</summary>
    public const string Spark = """
        /proc/driver/nvidia/version = NVRM version: NVIDIA UNIX Open Kernel Module for aarch64  580.95.05  Release Build  (dvs-builder@U22)\n
        /proc/driver/nvidia/gpus/000f:01:00.0/information = Model: \t\t NVIDIA GB10\nGPU UUID: \t GPU-5f2b7e0c-0c2b-4f4e-8a57-0a1f6a3c9d10\nBus Location: \t 000f:01:00.0\nDevice Minor: \t 0\n
        /dev/nvidia0
        /dev/nvidiactl
        /dev/nvidia-uvm
        /usr/lib/aarch64-linux-gnu/libcuda.so.580.95.05
        /usr/lib/aarch64-linux-gnu/libcuda.so.1 -> libcuda.so.580.95.05
        """;

    /// <summary>Two of AMD's for computing, and a processor's display.</summary>
    public const string Amd = """
        /dev/kfd
        /dev/dri/card0
        /dev/dri/card1
        /dev/dri/card2
        /dev/dri/renderD128
        /dev/dri/renderD129
        /sys/devices/pci0000:00/0000:05:00.0/vendor = 0x1002\n
        /sys/devices/pci0000:00/0000:05:00.0/device = 0x74a1\n
        /sys/devices/pci0000:00/0000:05:00.0/product_name = Instinct MI300X\n
        /sys/devices/pci0000:00/0000:05:00.0/unique_id = 6f5a8d0b1c2e3f40\n
        /sys/devices/pci0000:00/0000:05:00.0/mem_info_vram_total = 206141652992\n
        /sys/devices/pci0000:00/0000:05:00.0/drm/card1/dev
        /sys/devices/pci0000:00/0000:05:00.0/drm/renderD128/device -> ../../../0000:05:00.0
        /sys/devices/pci0000:00/0000:26:00.0/vendor = 0x1002\n
        /sys/devices/pci0000:00/0000:26:00.0/device = 0x740f\n
        /sys/devices/pci0000:00/0000:26:00.0/drm/card2/dev
        /sys/devices/pci0000:00/0000:26:00.0/drm/renderD129/device -> ../../../0000:26:00.0
        /sys/class/drm/renderD128 -> ../../devices/pci0000:00/0000:05:00.0/drm/renderD128
        /sys/class/drm/renderD129 -> ../../devices/pci0000:00/0000:26:00.0/drm/renderD129
        /sys/class/kfd/kfd/topology/nodes/0/properties = cpu_cores_count 96\nsimd_count 0\ndrm_render_minor 0\ngfx_target_version 0\n
        /sys/class/kfd/kfd/topology/nodes/1/properties = simd_count 1216\ndrm_render_minor 128\ngfx_target_version 90402\n
        /sys/class/kfd/kfd/topology/nodes/2/properties = simd_count 416\ndrm_render_minor 129\ngfx_target_version 90010\n
        """;

    /// <summary>One of Intel's, beside a server's own display, which is no GPU.</summary>
    public const string Intel = """
        /dev/dri/card0
        /dev/dri/card1
        /dev/dri/renderD128
        /sys/class/drm/card0/device/vendor = 0x1a03\n
        /sys/class/drm/renderD128/device/vendor = 0x8086\n
        /sys/class/drm/renderD128/device/device = 0x56c0\n
        /sys/class/drm/renderD128/device/drm/card1/dev
        """;

    public const string Jetson = """
        /etc/nv_tegra_release = # R36 (release), REVISION: 4.0, GCID: 37537400, BOARD: generic, EABI: aarch64\n
        /proc/device-tree/model = NVIDIA Jetson AGX Orin Developer Kit
        /dev/nvmap
        /dev/nvhost-ctrl-gpu
        /dev/nvhost-gpu
        /dev/nvgpu/igpu0/ctrl
        /usr/lib/aarch64-linux-gnu/nvidia/libcuda.so.1.1
        /usr/lib/aarch64-linux-gnu/nvidia/libcuda.so -> libcuda.so.1.1
        /usr/share/nvpmodel/file
        /etc/nvidia-container-runtime/host-files-for-container.d/drivers.csv = dev, /dev/nvmap\nlib, /usr/lib/aarch64-linux-gnu/nvidia/libcuda.so.1.1\nsym, /usr/lib/aarch64-linux-gnu/nvidia/libcuda.so\nlib, /usr/lib/absent.so\ndir, /usr/share/nvpmodel\nnonsense\n
        """;

    /// <summary>Its GPU's memory is a NUMA node of the host.</summary>
    public const string Grace = """
        /proc/driver/nvidia/version = NVRM version: NVIDIA UNIX Open Kernel Module for aarch64  580.95.05  Release Build  (dvs-builder@)\nGCC version:  gcc version 13.3.0\n
        /proc/driver/nvidia/gpus/0009:01:00.0/information = Model: \t\t NVIDIA GH200 480GB\nIRQ:   \t\t 332\nGPU UUID: \t GPU-5f1a7f0e-6b9d-4c2c-9d3e-2a7c5b8e1f64\nBus Type: \t PCIe\nBus Location: \t 0009:01:00.0\nDevice Minor: \t 0\n
        /sys/module/nvidia/version = 580.95.05\n
        /dev/nvidia0
        /dev/nvidiactl
        /dev/nvidia-uvm
        /dev/nvidia-uvm-tools
        /usr/lib/aarch64-linux-gnu/libcuda.so.580.95.05
        """;

    public const string Wsl = """
        /dev/dxg
        /usr/lib/wsl/lib/libdxcore.so
        /usr/lib/wsl/lib/libcuda.so.1.1
        """;

    /// <summary>The second of its GPUs is divided in two.</summary>
    public const string Divided = """
        /proc/driver/nvidia/capabilities/gpu1/mig/gi1/access = DeviceFileMinor: 12\nDeviceFileMode: 292\nDeviceFileModify: 1\n
        /proc/driver/nvidia/capabilities/gpu1/mig/gi1/ci0/access = DeviceFileMinor: 13\nDeviceFileMode: 292\nDeviceFileModify: 1\n
        /proc/driver/nvidia/capabilities/gpu1/mig/gi2/access = DeviceFileMinor: 21\nDeviceFileMode: 292\nDeviceFileModify: 1\n
        /proc/driver/nvidia/capabilities/gpu1/mig/gi2/ci0/access = DeviceFileMinor: 22\nDeviceFileMode: 292\nDeviceFileModify: 1\n
        /dev/nvidia-caps/nvidia-cap12
        /dev/nvidia-caps/nvidia-cap13
        /dev/nvidia-caps/nvidia-cap21
        /dev/nvidia-caps/nvidia-cap22
        """;
}
