using System.Text;
using CsCheck;
using Decant.Linux;

namespace Decant.Devices.Tests;

public sealed class NvidiaCdiTests
{
    static CdiSpec Generate(params string[] texts)
    {
        using RecordedTree tree = new(texts);
        foreach (string node in Directory.EnumerateFiles(tree.Root + "/dev", "*", SearchOption.AllDirectories))
            File.SetUnixFileMode(node, (UnixFileMode)0x1B6);
        return NvidiaCdi.Generate(GpuDevices.Probe(tree.Root), tree.Root);
    }

    static string Nodes(CdiSpec spec, string name) => string.Join(' ', spec.Devices.Single(device => device.Name == name).Edits.DeviceNodes.Select(node => node.Path));

    [Fact]
    public void Each_gpu_has_its_number_and_its_uuid_and_all_have_one_name_together()
    {
        CdiSpec spec = Generate(RecordedTree.H100);
        Assert.Equal(["0", "GPU-b3cb74d9-42ca-061f-b3b9-ef06ecb5317b", "1", "GPU-0d6cfd3a-7a3d-2bcb-9c5d-4f7e9f7b1a11", "all"], spec.Devices.Select(device => device.Name));
        Assert.Equal("/dev/nvidia0 /dev/dri/card1 /dev/dri/renderD128", Nodes(spec, "0"));
        Assert.Equal("/dev/nvidia1", Nodes(spec, "1"));
        Assert.Equal("/dev/nvidia0 /dev/dri/card1 /dev/dri/renderD128 /dev/nvidia1", Nodes(spec, "all"));
        Assert.Equal(("0.5.0", "nvidia.com/gpu"), (spec.Version, spec.Kind));
        Assert.Equal([("../card1", "/dev/dri/by-path/pci-0000:18:00.0-card"), ("../renderD128", "/dev/dri/by-path/pci-0000:18:00.0-render")], NvidiaHooks.Parse(spec.Devices[0].Edits.Hooks, "x").Links);
    }

    [Fact]
    public void What_all_gpus_need_is_the_driver_and_its_control_nodes()
    {
        CdiEdits edits = Generate(RecordedTree.H100).Edits;
        Assert.Equal(["/dev/nvidia-modeset", "/dev/nvidia-uvm-tools", "/dev/nvidia-uvm", "/dev/nvidiactl"], edits.DeviceNodes.Select(node => node.Path));
        Assert.Equal(["NVIDIA_CTK_LIBCUDA_DIR=/usr/lib/x86_64-linux-gnu", "NVIDIA_VISIBLE_DEVICES=void"], edits.Env);
        Assert.Equal(
            [
                "/usr/lib/x86_64-linux-gnu/libGLX_nvidia.so.580.159.04", "/usr/lib/x86_64-linux-gnu/libcuda.so.580.159.04", "/usr/lib/x86_64-linux-gnu/libnvidia-allocator.so.580.159.04",
                "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.580.159.04", "/usr/lib/x86_64-linux-gnu/vdpau/libvdpau_nvidia.so.580.159.04", "/usr/bin/nvidia-smi", "/usr/share/glvnd/egl_vendor.d/10_nvidia.json",
                "/lib/firmware/nvidia/580.159.04/gsp_ga10x.bin", "/lib/firmware/nvidia/580.159.04/gsp_tu10x.bin", "/run/nvidia-persistenced/socket",
            ],
            edits.Mounts.Select(mount => mount.ContainerPath));
        Assert.Equal(["nosuid", "nodev", "rbind", "rprivate", "noexec"], edits.Mounts[^1].Options);
        NvidiaHooks hooks = NvidiaHooks.Parse(edits.Hooks, "x");
        Assert.Contains(("libcuda.so.1", "/usr/lib/x86_64-linux-gnu/libcuda.so"), hooks.Links);
        Assert.Contains(("libGLX_nvidia.so.580.159.04", "/usr/lib/x86_64-linux-gnu/libGLX_indirect.so.0"), hooks.Links);
        Assert.Contains(("../libnvidia-allocator.so.1", "/usr/lib/x86_64-linux-gnu/gbm/nvidia-drm_gbm.so"), hooks.Links);
        Assert.Equal(["/usr/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu/vdpau"], hooks.Folders);
        Assert.Equal("580.159.04", hooks.Compat!.DriverVersion);
        Assert.True(hooks.HidesDeviceFiles);
    }

    [Fact]
    public void Without_hooks_each_library_is_mounted_under_each_of_its_names()
    {
        using RecordedTree tree = new(RecordedTree.H100);
        CdiSpec spec = NvidiaCdi.Generate(GpuDevices.Probe(tree.Root), tree.Root, hooks: false);
        Assert.All([spec.Edits, .. spec.Devices.Select(device => device.Edits)], edits => Assert.Empty(edits.Hooks));
        const string Directory = "/usr/lib/x86_64-linux-gnu";
        Assert.Equal([$"{Directory}/libcuda.so", $"{Directory}/libcuda.so.1", $"{Directory}/libcuda.so.580.159.04"], Places("libcuda.so.580.159.04"));
        Assert.Equal([$"{Directory}/gbm/nvidia-drm_gbm.so", $"{Directory}/libnvidia-allocator.so.1", $"{Directory}/libnvidia-allocator.so.580.159.04"], Places("libnvidia-allocator.so.580.159.04"));
        Assert.Equal(spec.Edits.Mounts.Count, spec.Edits.Mounts.DistinctBy(mount => mount.ContainerPath).Count());
        CdiSpec hooked = NvidiaCdi.Generate(GpuDevices.Probe(tree.Root), tree.Root);
        Assert.Equal(hooked.Edits.DeviceNodes, spec.Edits.DeviceNodes);
        Assert.Equal(hooked.Edits.Mounts.Select(mount => mount.ContainerPath), spec.Edits.Mounts.Select(mount => mount.ContainerPath).Where(path => hooked.Edits.Mounts.Any(mount => mount.ContainerPath == path)));

        IEnumerable<string> Places(string file) => spec.Edits.Mounts.Where(mount => LinuxPath.Name(mount.HostPath) == file).Select(mount => mount.ContainerPath).Order(StringComparer.Ordinal);
    }

    [Fact]
    public void A_divided_gpu_is_given_by_its_parts()
    {
        CdiSpec spec = Generate(RecordedTree.H100, RecordedTree.Divided);
        Assert.Equal(["0", "GPU-b3cb74d9-42ca-061f-b3b9-ef06ecb5317b", "1:0", "1:1", "all"], spec.Devices.Select(device => device.Name));
        Assert.Equal("/dev/nvidia1 /dev/nvidia-caps/nvidia-cap12 /dev/nvidia-caps/nvidia-cap13", Nodes(spec, "1:0"));
        Assert.Equal("/dev/nvidia1 /dev/nvidia-caps/nvidia-cap21 /dev/nvidia-caps/nvidia-cap22", Nodes(spec, "1:1"));
    }

    [Fact]
    public void What_is_written_is_read_as_the_same()
    {
        CdiSpec spec = Generate(RecordedTree.H100, RecordedTree.Divided);
        foreach (string text in (string[])[CdiText.Yaml(spec), CdiText.Json(spec)])
        {
            CdiSpec read = CdiSpec.Read(Encoding.UTF8.GetBytes(text), "");
            Assert.Equal((spec.Version, spec.Kind), (read.Version, read.Kind));
            Assert.Equal(CdiText.Json(spec), CdiText.Json(read));
        }
    }

    [Fact]
    public void Any_text_is_read_as_it_was_written() => Gen.String[Gen.Char[' ', '~'], 1, 12].Sample(text =>
    {
        CdiSpec spec = new("", "0.5.0", "v/c", [new CdiDevice("x", new CdiEdits { Env = ["A=" + text], Hooks = [new CdiHook("createContainer", "/h", [text, text + ":", "--" + text, "0"])] })], CdiEdits.None);
        CdiSpec read = CdiSpec.Read(Encoding.UTF8.GetBytes(CdiText.Yaml(spec)), "");
        Assert.Equal(spec.Devices[0].Edits.Env, read.Devices[0].Edits.Env);
        Assert.Equal(spec.Devices[0].Edits.Hooks[0].Arguments, read.Devices[0].Edits.Hooks[0].Arguments);
    }, iter: 2_000);

    [Fact]
    public void A_yaml_text_is_as_people_write_it()
    {
        CdiSpec spec = new("", "0.5.0", "v/c", [new CdiDevice("0", new CdiEdits { DeviceNodes = [new CdiDeviceNode("/dev/a") { HostPath = "/dev/b" }], AdditionalGroups = [44] })], new CdiEdits { Env = ["A=b"] });
        Assert.Equal("""
            ---
            cdiVersion: "0.5.0"
            kind: v/c
            devices:
              - name: "0"
                containerEdits:
                  deviceNodes:
                    - path: /dev/a
                      hostPath: /dev/b
                  additionalGids:
                    - 44
            containerEdits:
              env:
                - A=b

            """, CdiText.Yaml(spec));
    }

    [Fact]
    public void Jetson_s_is_what_its_lists_have_and_windows_s_is_its_directory()
    {
        CdiSpec jetson = Generate(RecordedTree.Jetson);
        Assert.Equal(["0", "all"], jetson.Devices.Select(device => device.Name));
        Assert.Equal("/dev/nvgpu/igpu0/ctrl /dev/nvhost-ctrl-gpu /dev/nvhost-gpu /dev/nvmap", Nodes(jetson, "all"));
        Assert.Equal(["/usr/lib/aarch64-linux-gnu/nvidia/libcuda.so.1.1", "/usr/share/nvpmodel"], jetson.Edits.Mounts.Select(mount => mount.ContainerPath));
        NvidiaHooks hooks = NvidiaHooks.Parse(jetson.Edits.Hooks, "x");
        Assert.Equal([("libcuda.so.1.1", "/usr/lib/aarch64-linux-gnu/nvidia/libcuda.so")], hooks.Links);
        Assert.Equal(["/usr/lib/aarch64-linux-gnu/nvidia"], hooks.Folders);

        CdiSpec windows = Generate(RecordedTree.Wsl);
        Assert.Equal("/dev/dxg", Nodes(windows, "0"));
        Assert.Equal("/usr/lib/wsl", Assert.Single(windows.Edits.Mounts).HostPath);
        Assert.Equal(["/usr/lib/wsl/lib"], NvidiaHooks.Parse(windows.Edits.Hooks, "x").Folders);
    }

    [Fact]
    public void Without_a_driver_there_is_nothing_to_write()
    {
        using RecordedTree tree = new("/dev/nvidia0");
        Assert.Contains("no NVIDIA GPU", Assert.Throws<DecantException>(() => NvidiaCdi.Generate(GpuDevices.Probe(tree.Root), tree.Root)).Message);
        using RecordedTree bare = new("/sys/module/nvidia/version = 580.1\n");
        Assert.Contains("no /dev/nvidia0", Assert.Throws<DecantException>(() => NvidiaCdi.Generate(GpuDevices.Probe(bare.Root), bare.Root)).Message);
    }

    [Fact]
    public void The_driver_s_libraries_are_told_to_make_no_nodes()
    {
        using RecordedTree tree = new(RecordedTree.H100);
        Assert.Equal("ResmanDebugLevel: 4294967295\nModifyDeviceFiles: 0\nDeviceFileUID: 0\n", Encoding.UTF8.GetString(NvidiaParameters.WithoutDeviceFiles(new HashSet<string>(), tree.Root).First().Content));
        using RecordedTree told = new("/proc/driver/nvidia/params = ModifyDeviceFiles: 0\\n");
        Assert.Empty(NvidiaParameters.WithoutDeviceFiles(new HashSet<string>(), told.Root));
    }

    [Fact]
    public void Graphics_sees_the_gpus_whose_nodes_are_there()
    {
        Assert.Contains("\"EGLVisibleDGPUDevices\", 0x5]", Encoding.ASCII.GetString(NvidiaGraphicsProfile.For(["/dev/nvidia0", "/dev/nvidia2", "/dev/nvidiactl"])!));
        Assert.Null(NvidiaGraphicsProfile.For(["/dev/nvidiactl", "/dev/nvidia99"]));
    }
}
