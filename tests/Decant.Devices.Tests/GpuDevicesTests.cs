using CsCheck;

namespace Decant.Devices.Tests;

public sealed class GpuDevicesTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("decant-devices-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    /// <summary>As an H100 machine with the open kernel module has it.</summary>
    const string H100Information = "Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 41\nGPU UUID: \t GPU-b3cb74d9-42ca-061f-b3b9-ef06ecb5317b\nVideo BIOS: \t 96.00.da.00.0c\nBus Type: \t PCIe\nDMA Size: \t 52 bits\nDMA Mask: \t 0xfffffffffffff\nBus Location: \t 0000:00:06.0\nDevice Minor: \t 0\nGPU Firmware: \t 580.159.04\nGPU Excluded:\t No\n";

    [Fact]
    public void A_recorded_nvidia_host_is_read()
    {
        foreach (string path in (string[])["dev/nvidia0", "dev/nvidia1", "dev/nvidiactl", "dev/nvidia-uvm", "dev/nvidia-uvm-tools", "dev/nvidia-modeset", "dev/nvidia-caps/nvidia-cap1", "dev/null", "dev/nvidia-fs0"])
            Record(path, "");
        Record("proc/driver/nvidia/version", "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.159.04  Release Build  (nixbld@)  \nGCC version:  gcc version 15.3.0 (GCC) \n");
        Record("proc/driver/nvidia/gpus/0000:00:06.0/information", H100Information);

        GpuDevices gpus = GpuDevices.Probe(root);

        Assert.Equal(
            ["/dev/nvidia-caps/nvidia-cap1", "/dev/nvidia-modeset", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools", "/dev/nvidia0", "/dev/nvidia1", "/dev/nvidiactl"],
            gpus.Nodes.Select(node => node.Path));
        Assert.All(gpus.Nodes, node => Assert.True(node.Usable));
        Assert.Equal(("580.159.04", new Version(580, 159, 4)), (gpus.NvidiaDriver!.Text, gpus.NvidiaDriver.Version));
        Assert.Equal(new Version(9, 0), gpus.NvidiaGpus[0].ComputeCapability);
        Assert.Equal([new NvidiaGpu("NVIDIA H100 80GB HBM3", "GPU-b3cb74d9-42ca-061f-b3b9-ef06ecb5317b", "0000:00:06.0", 0)], gpus.NvidiaGpus);
        Assert.True(gpus.HasNvidia);
        Assert.False(gpus.HasAmd);
    }

    [Fact]
    public void A_recorded_amd_host_is_read()
    {
        foreach (string path in (string[])["dev/kfd", "dev/dri/card0", "dev/dri/renderD128", "dev/dri/by-path/pci-0000:03:00.0-card"])
            Record(path, "");
        GpuDevices gpus = GpuDevices.Probe(root);
        Assert.Equal([GpuNodeKind.DrmCard, GpuNodeKind.DrmRender, GpuNodeKind.AmdCompute], gpus.Nodes.Select(node => node.Kind));
        Assert.True(gpus.HasAmd);
        Assert.False(gpus.HasNvidia);
    }

    [Fact]
    public void A_host_without_gpus_has_none()
    {
        GpuDevices gpus = GpuDevices.Probe(root);
        Assert.Empty(gpus.Nodes);
        Assert.Null(gpus.NvidiaDriver);
        Assert.Empty(gpus.NvidiaGpus);
    }

    [Fact]
    public void This_host_answers_as_its_own_dev_does()
    {
        Assert.Equal(File.Exists("/dev/kfd"), GpuDevices.Probe().HasAmdCompute);
        Assert.Equal(File.Exists("/dev/nvidiactl"), GpuDevices.Probe().Nodes.Any(node => node.Kind == GpuNodeKind.NvidiaControl));
    }

    [Theory]
    [InlineData("NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19 01:15:15 UTC 2023\n", "535.104.05")]
    [InlineData("NVRM version: NVIDIA UNIX Open Kernel Module for aarch64  580.95.05  Release Build  (dvs-builder@U22)\n", "580.95.05")]
    [InlineData("NVRM version: NVIDIA UNIX x86_64 Kernel Module  396.26  Mon Apr 30 18:01:39 PDT 2018\n", "396.26")]
    [InlineData("", null)]
    [InlineData("Kernel Module", null)]
    [InlineData("NVRM version: NVIDIA UNIX Kernel Module  many  words\n  1.2\n", null)]
    public void Both_kernel_modules_tell_their_version(string text, string? version) => Assert.Equal(version, NvidiaDriver.ParseModule(text)?.Text);

    [Fact]
    public void The_module_tells_its_version_where_proc_is_hidden()
    {
        Record("sys/module/nvidia/version", "580.159.04\n");
        Assert.Equal("580.159.04", NvidiaDriver.Probe(root)!.Text);
        Record("proc/driver/nvidia/version", "NVRM version: nothing that is known\n");
        Assert.Equal("580.159.04", NvidiaDriver.Probe(root)!.Text);
    }

    [Fact]
    public void Random_texts_are_no_drivers_or_versions() => Gen.String.Sample(text =>
    {
        Assert.Equal(NvidiaDriver.Parse(text) is null, !Version.TryParse(text.Trim(), out _));
        _ = NvidiaDriver.ParseModule("Kernel Module" + text);
        _ = NvidiaGpu.Parse(text).ComputeCapability;
    }, iter: 3_000);

    [Theory]
    [InlineData("NVIDIA H200", "9.0", "nvidia")]
    [InlineData("NVIDIA H100 80GB HBM3", "9.0", "nvidia")]
    [InlineData("NVIDIA GH200 480GB", "9.0", "nvidia")]
    [InlineData("NVIDIA A100-SXM4-80GB", "8.0", "nvidia")]
    [InlineData("NVIDIA A10G", "8.6", "nvidia")]
    [InlineData("NVIDIA L4", "8.9", "nvidia")]
    [InlineData("NVIDIA L40S", "8.9", "nvidia")]
    [InlineData("NVIDIA B200", "10.0", "nvidia")]
    [InlineData("NVIDIA GB300", "10.3", "nvidia")]
    [InlineData("NVIDIA GB10", "12.1", "nvidia")]
    [InlineData("NVIDIA RTX PRO 6000 Blackwell Workstation Edition", "12.0", "nvidiartx")]
    [InlineData("NVIDIA RTX 6000 Ada Generation", "8.9", "nvidiartx")]
    [InlineData("NVIDIA RTX A6000", "8.6", "nvidiartx")]
    [InlineData("NVIDIA GeForce RTX 5090", "12.0", "geforce")]
    [InlineData("NVIDIA GeForce RTX 4070 Ti SUPER", "8.9", "geforce")]
    [InlineData("NVIDIA GeForce RTX 3060 Laptop GPU", "8.6", "geforce")]
    [InlineData("NVIDIA GeForce RTX 2080 Ti", "7.5", "geforce")]
    [InlineData("NVIDIA GeForce GTX 1650", "7.5", "geforce")]
    [InlineData("NVIDIA GeForce GTX 1080 Ti", "6.1", "geforce")]
    [InlineData("Quadro RTX 6000", "7.5", "quadrortx")]
    [InlineData("Tesla V100-SXM2-16GB", "7.0", "tesla")]
    [InlineData("Tesla T4", "7.5", "tesla")]
    [InlineData("NVIDIA TITAN V", "7.0", "titan")]
    [InlineData("Tesla P100-PCIE-16GB", "6.0", "tesla")]
    [InlineData("Tesla K80", "3.7", "tesla")]
    [InlineData("Orin (nvgpu)", null, null)]
    [InlineData("NVIDIA Thor", null, null)]
    [InlineData("", null, null)]
    public void A_model_tells_its_capability_and_brand(string model, string? capability, string? brand)
    {
        NvidiaGpu gpu = new(model, null, null, null);
        Assert.Equal((capability, brand), (gpu.ComputeCapability?.ToString(), gpu.Brand));
    }

    void Record(string path, string text)
    {
        string file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
