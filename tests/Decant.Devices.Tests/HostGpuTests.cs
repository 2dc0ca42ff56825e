namespace Decant.Devices.Tests;

public sealed class HostGpuTests
{
    static GpuDevices Probe(params string[] texts)
    {
        using RecordedTree tree = new(texts);
        return GpuDevices.Probe(tree.Root);
    }

    [Fact]
    public void Each_of_nvidia_s_has_its_nodes_and_its_parts()
    {
        IReadOnlyList<HostGpu> gpus = Probe(RecordedTree.H100, RecordedTree.Divided).Gpus;
        Assert.Equal(["GPU-b3cb74d9-42ca-061f-b3b9-ef06ecb5317b", "GPU-0d6cfd3a-7a3d-2bcb-9c5d-4f7e9f7b1a11"], gpus.Select(gpu => gpu.Uuid));
        Assert.Equal(["/dev/nvidia0", "/dev/dri/card1", "/dev/dri/renderD128"], gpus[0].Nodes);
        Assert.Equal(("compute capability 9.0", false, 0, 2), (gpus[0].Architecture, gpus[0].SharesHostMemory, gpus[0].Parts, gpus[1].Parts));
    }

    [Fact]
    public void One_in_the_processor_s_package_uses_the_host_s_memory()
    {
        HostGpu gpu = Assert.Single(Probe(RecordedTree.Spark).Gpus);
        Assert.Equal(("NVIDIA GB10", true, "compute capability 12.1"), (gpu.Model, gpu.SharesHostMemory, gpu.Architecture));
    }

    [Fact]
    public void Amd_s_are_told_by_the_compute_driver_and_the_bus()
    {
        GpuDevices devices = Probe(RecordedTree.Amd);
        Assert.True(devices.HasAmd);
        Assert.Equal(
            [
                ("AMD Instinct MI300X", "GPU-6f5a8d0b1c2e3f40", "gfx942", 206141652992L, "0000:05:00.0", "/dev/dri/card1 /dev/dri/renderD128"),
                ("AMD GPU 0x740f", null, "gfx90a", null, "0000:26:00.0", "/dev/dri/card2 /dev/dri/renderD129"),
            ],
            devices.Gpus.Select(gpu => (gpu.Model, gpu.Uuid, gpu.Architecture, gpu.MemoryBytes, gpu.BusLocation, string.Join(' ', gpu.Nodes))));
    }

    [Fact]
    public void A_display_without_a_gpu_is_none()
    {
        HostGpu gpu = Assert.Single(Probe(RecordedTree.Intel).Gpus);
        Assert.Equal((GpuVendor.Intel, "Intel GPU 0x56c0", "/dev/dri/card1 /dev/dri/renderD128"), (gpu.Vendor, gpu.Model, string.Join(' ', gpu.Nodes)));
    }

    [Fact]
    public void Gpus_of_all_vendors_are_counted_together_nvidia_s_first()
    {
        Assert.Equal([GpuVendor.Nvidia, GpuVendor.Amd, GpuVendor.Amd], Probe(RecordedTree.Amd, RecordedTree.Spark).Gpus.Select(gpu => gpu.Vendor));
    }

    [Fact]
    public void A_jetson_is_known_by_its_release_and_lists_its_files()
    {
        GpuDevices devices = Probe(RecordedTree.Jetson);
        Assert.Equal(new NvidiaTegra("NVIDIA Jetson AGX Orin Developer Kit", "R36.4.0"), devices.Tegra);
        HostGpu gpu = Assert.Single(devices.Gpus);
        Assert.Equal(["/dev/nvgpu/igpu0/ctrl", "/dev/nvhost-ctrl-gpu", "/dev/nvhost-gpu", "/dev/nvmap"], gpu.Nodes);
        Assert.True(gpu.SharesHostMemory);
        using RecordedTree tree = new(RecordedTree.Jetson);
        (IReadOnlyList<string> files, IReadOnlyList<(string, string)> links) = NvidiaTegra.Files(tree.Root);
        Assert.Equal(["/usr/lib/aarch64-linux-gnu/nvidia/libcuda.so.1.1", "/usr/share/nvpmodel"], files);
        Assert.Equal([("libcuda.so.1.1", "/usr/lib/aarch64-linux-gnu/nvidia/libcuda.so")], links);
    }

    [Fact]
    public void Windows_shows_its_gpus_by_one_node()
    {
        GpuDevices devices = Probe(RecordedTree.Wsl);
        Assert.True(devices.IsWsl);
        Assert.Equal(["/dev/dxg"], Assert.Single(devices.Gpus).Nodes);
    }

    [Fact]
    public void Where_proc_is_hidden_the_nodes_count() => Assert.Equal(2, Probe("/dev/nvidia0\n/dev/nvidia1\n/dev/nvidiactl").Gpus.Count);
}
