namespace Decant.Devices.Tests;

public sealed class NvidiaDriverFilesTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("decant-driver-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    static NvidiaDriver Driver { get; } = NvidiaDriver.Parse("580.159.04")!;

    [Fact]
    public void What_is_of_the_driver_is_told_by_its_version_whatever_lies_beside_it()
    {
        foreach (string name in (string[])["libcuda.so.580.159.04", "libnvidia-ml.so.580.159.04", "libnvidia-ml.so.570.86.10", "libGL.so.1.7.0", "libcudart.so.13.0.96", "libnvidia-container.so.1.17.0", "vdpau/libvdpau_nvidia.so.580.159.04"])
            File($"usr/lib/x86_64-linux-gnu/{name}");
        Link("usr/lib/x86_64-linux-gnu/libcuda.so.1", "libcuda.so.580.159.04");
        Link("usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1", "libnvidia-ml.so.580.159.04");
        NvidiaDriverFiles files = NvidiaDriverFiles.Probe(Driver, DriverCapabilities.All, root);
        Assert.Equal(
            ["/usr/lib/x86_64-linux-gnu/libcuda.so.580.159.04", "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.580.159.04", "/usr/lib/x86_64-linux-gnu/vdpau/libvdpau_nvidia.so.580.159.04"],
            files.Libraries.Select(file => file.Path));
        Assert.Equal(["libcuda.so", "libcuda.so.1"], files.Libraries[0].Names);
        Assert.Equal(["libnvidia-ml.so.1"], files.Libraries[1].Names);
    }

    [Fact]
    public void Some_libraries_have_a_version_of_their_own_and_some_files_lead_to_the_driver()
    {
        foreach (string name in (string[])["libcuda.so.580.159.04", "libnvidia-nvvm70.so.4", "libnvidia-egl-gbm.so.1.1.2", "libnvidia-egl-gbm.so.1", "libEGL.so.1.1.0"])
            File($"usr/lib64/{name}");
        File("usr/share/glvnd/egl_vendor.d/10_nvidia.json");
        File("etc/OpenCL/vendors/nvidia.icd");
        NvidiaDriverFiles Wanted(DriverCapabilities capabilities) => NvidiaDriverFiles.Probe(Driver, capabilities, root);
        Assert.Equal(["/usr/lib64/libcuda.so.580.159.04", "/usr/lib64/libnvidia-nvvm70.so.4"], Wanted(DriverCapabilities.Compute).Libraries.Select(file => file.Path));
        Assert.Equal(["/etc/OpenCL/vendors/nvidia.icd"], Wanted(DriverCapabilities.Compute).VendorFiles);
        Assert.Equal(["/usr/lib64/libnvidia-egl-gbm.so.1.1.2"], Wanted(DriverCapabilities.Graphics).Libraries.Select(file => file.Path));
        Assert.Equal(["/usr/share/glvnd/egl_vendor.d/10_nvidia.json"], Wanted(DriverCapabilities.Graphics).VendorFiles);
    }

    [Fact]
    public void A_link_leads_to_a_directory_that_no_list_has()
    {
        File("opt/driver/lib/libcuda.so.580.159.04");
        File("opt/driver/lib/libnvidia-ptxjitcompiler.so.580.159.04");
        Link("usr/lib64/libcuda.so.1", $"{root}/opt/driver/lib/libcuda.so.580.159.04");
        NvidiaDriverFiles files = NvidiaDriverFiles.Probe(Driver, DriverCapabilities.Compute, root);
        Assert.Equal(["/opt/driver/lib/libcuda.so.580.159.04", "/opt/driver/lib/libnvidia-ptxjitcompiler.so.580.159.04"], files.Libraries.Select(file => file.Path));
    }

    [Fact]
    public void Programs_are_those_that_are_no_scripts()
    {
        File("usr/bin/nvidia-smi", "#!/bin/sh\nexec /usr/local/nvidia/bin/nvidia-smi\n");
        File("usr/local/nvidia/bin/nvidia-smi", "\u007fELF and so on");
        File("run/nvidia-persistenced/socket");
        NvidiaDriverFiles files = NvidiaDriverFiles.Probe(Driver, DriverCapabilities.Utility, root);
        Assert.Equal("/usr/local/nvidia/bin/nvidia-smi", Assert.Single(files.Programs).Path);
        Assert.Equal("/run/nvidia-persistenced/socket", Assert.Single(files.Sockets));
        Assert.Empty(NvidiaDriverFiles.Probe(Driver, DriverCapabilities.Compute, root).Programs);
    }

    [Theory]
    [InlineData(null, DriverCapabilities.Compute | DriverCapabilities.Utility)]
    [InlineData("all", DriverCapabilities.All)]
    [InlineData("video, graphics", DriverCapabilities.Video | DriverCapabilities.Graphics)]
    [InlineData("utility", DriverCapabilities.Utility)]
    public void Capabilities_are_words(string? text, DriverCapabilities expected) => Assert.Equal(expected, DriverCapabilityText.Parse(text));

    [Fact]
    public void A_capability_that_nobody_knows_is_named() =>
        Assert.Contains("teleport", Assert.Throws<Decant.Linux.DecantException>(() => DriverCapabilityText.Parse("compute,teleport")).Message);

    [Theory]
    [InlineData("libcuda.so.580.159.04", DriverCapabilities.Compute)]
    [InlineData("libnvidia-nvvm70.so.580.159.04", DriverCapabilities.Compute)]
    [InlineData("libnvidia-ml.so.580.159.04", DriverCapabilities.Utility)]
    [InlineData("libnvidia-encode.so.580.159.04", DriverCapabilities.Video)]
    [InlineData("libnvidia-glcore.so.580.159.04", DriverCapabilities.Graphics)]
    public void A_library_s_name_says_what_it_is_for(string name, DriverCapabilities expected) => Assert.Equal(expected, NvidiaDriverFiles.Of(name));

    void File(string path, string text = "")
    {
        Directory.CreateDirectory(Path.GetDirectoryName($"{root}/{path}")!);
        System.IO.File.WriteAllText($"{root}/{path}", text);
    }

    void Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName($"{root}/{path}")!);
        System.IO.File.CreateSymbolicLink($"{root}/{path}", target);
    }
}
