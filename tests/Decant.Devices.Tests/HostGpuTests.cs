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
        Assert.Equal(("compute capability 9.0", false, 0, 2), (gpus[0].Architecture, gpus[0].SharesHostMemory, gpus[0].Parts.Count, gpus[1].Parts.Count));
    }

    [Fact]
    public void A_part_comes_with_its_own_rights_and_nobody_gets_that_to_divide()
    {
        GpuDevices devices = Probe(RecordedTree.H100, RecordedTree.Divided);
        string Rights(IReadOnlyList<HostGpu>? gpus) => string.Join(' ', devices.NodesOf(gpus).Where(node => node.Kind == GpuNodeKind.NvidiaCapability).Select(node => node.Path["/dev/nvidia-caps/nvidia-".Length..]));
        Assert.Equal("cap12 cap13 cap21 cap22", Rights(null));
        Assert.Equal("", Rights([devices.Gpus[0]]));
        Assert.Equal("cap21 cap22", Rights([devices.Gpus[1] with { Parts = [devices.Gpus[1].Parts[1]] }]));
        Assert.DoesNotContain(devices.NodesOf([devices.Gpus[1]]), node => node.Path == "/dev/nvidia0");
        Assert.Contains(devices.NodesOf([devices.Gpus[1]]), node => node.Path == "/dev/nvidiactl");
    }

    [Fact]
    public void The_driver_s_libraries_are_told_to_make_no_node_but_those_of_the_run_s_parts()
    {
        using RecordedTree tree = new(RecordedTree.H100, RecordedTree.Divided);
        string Told(params string[] but) => string.Join(' ', NvidiaParameters.WithoutDeviceFiles(but.ToHashSet(), tree.Root).Select(file => file.Path["/proc/driver/nvidia/".Length..]));
        const string Others = "params capabilities/gpu1/mig/gi1/access capabilities/gpu1/mig/gi1/ci0/access";
        Assert.Equal($"{Others} capabilities/gpu1/mig/gi2/access capabilities/gpu1/mig/gi2/ci0/access capabilities/mig/config", Told());
        Assert.Equal($"{Others} capabilities/mig/config", Told("/dev/nvidia-caps/nvidia-cap21", "/dev/nvidia-caps/nvidia-cap22"));
        Assert.All(NvidiaParameters.WithoutDeviceFiles(new HashSet<string>(), tree.Root), file => Assert.Contains(": 0\n", System.Text.Encoding.ASCII.GetString(file.Content)));
    }

    [Fact]
    public void A_grace_machine_s_gpu_is_one_of_its_own_on_the_bus()
    {
        GpuDevices devices = Probe(RecordedTree.Grace);
        HostGpu gpu = Assert.Single(devices.Gpus);
        Assert.Equal(("NVIDIA GH200 480GB", "0009:01:00.0", "compute capability 9.0", "/dev/nvidia0"), (gpu.Model, gpu.BusLocation, gpu.Architecture, string.Join(' ', gpu.Nodes)));
        Assert.Equal("580.95.05", devices.NvidiaDriver?.Text);
        Assert.False(devices.UsesTegraFiles);
    }

    [Fact]
    public void A_gpu_of_its_own_in_a_computer_of_the_jetson_family_has_the_usual_driver()
    {
        Assert.True(Probe(RecordedTree.Jetson).UsesTegraFiles);
        Assert.True(Probe(RecordedTree.Jetson, "/proc/driver/nvidia/gpus/0000:00:00.0/information = Model: Orin (nvgpu)\\n").UsesTegraFiles);
        Assert.False(Probe(RecordedTree.Jetson, "/proc/driver/nvidia/gpus/0000:01:00.0/information = Model: NVIDIA RTX A6000\\n").UsesTegraFiles);
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
    public void Amd_s_without_the_compute_driver_are_there_for_graphics()
    {
        GpuDevices devices = Probe(string.Join('\n', RecordedTree.Amd.Split('\n').Where(line => !line.Contains("kfd", StringComparison.Ordinal))));
        Assert.Equal((true, false), (devices.HasAmd, devices.HasAmdCompute));
        Assert.Equal([("/dev/dri/card1 /dev/dri/renderD128", null), ("/dev/dri/card2 /dev/dri/renderD129", null)], devices.Gpus.Select(gpu => (string.Join(' ', gpu.Nodes), gpu.Architecture)));
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
    public void A_jetson_is_known_by_its_processor_too_and_another_processor_is_none()
    {
        Assert.Equal(new NvidiaTegra("NVIDIA Tegra", null), Probe("/sys/devices/soc0/family = Tegra\\n\n/dev/nvmap").Tegra);
        Assert.Null(Probe("/sys/devices/soc0/family = Snapdragon\\n\n/dev/nvmap").Tegra);
        Assert.Null(Probe(RecordedTree.Spark).Tegra);
    }

    [Fact]
    public void A_jetson_with_the_usual_driver_has_one_gpu_that_uses_the_host_s_memory()
    {
        GpuDevices devices = Probe("""
            /etc/nv_tegra_release = # R38 (release), REVISION: 2.0, GCID: 1\n
            /proc/driver/nvidia/version = NVRM version: NVIDIA UNIX Open Kernel Module for aarch64  580.00  Release Build\n
            /proc/driver/nvidia/gpus/0000:01:00.0/information = Model: \t NVIDIA Thor\nGPU UUID: \t 12345678-1234\nBus Location: \t 0000:01:00.0\nDevice Minor: \t 0\n
            /dev/nvidia0
            /dev/nvidiactl
            /dev/nvmap
            """);
        HostGpu gpu = Assert.Single(devices.Gpus);
        Assert.Equal(("NVIDIA Thor", true, "12345678-1234", "/dev/nvidia0"), (gpu.Model, gpu.SharesHostMemory, gpu.Uuid, string.Join(' ', gpu.Nodes)));
        Assert.Equal("R38.2.0", devices.Tegra!.Release);
    }

    [Fact]
    public void What_a_jetson_lists_in_another_form_is_no_file_of_it()
    {
        using RecordedTree tree = new("""
            /etc/nvidia-container-runtime/host-files-for-container.d/l4t.csv = lib, usr/lib/relative.so\nlib /usr/lib/a.so\nsym, /usr/lib/a.so\nlib, /usr/lib/a.so\nlib, /usr/lib/a.so\nexec, /usr/lib/a.so\n
            /etc/nvidia-container-runtime/host-files-for-container.d/l4t.csv.bak = lib, /usr/lib/b.so\n
            /usr/lib/a.so
            /usr/lib/b.so
            /usr/lib/relative.so
            """);
        (IReadOnlyList<string> files, IReadOnlyList<(string, string)> links) = NvidiaTegra.Files(tree.Root);
        Assert.Equal(["/usr/lib/a.so"], files);
        Assert.Empty(links);
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
