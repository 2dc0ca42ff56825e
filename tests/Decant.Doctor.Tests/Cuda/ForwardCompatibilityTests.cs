using Decant.Devices;

namespace Decant.Doctor.Tests;

public sealed class ForwardCompatibilityTests : IDisposable
{
    readonly CudaRoot root = new();

    public void Dispose() => root.Dispose();

    string? Directory(string driver) => ForwardCompatibility.Directory(root.Root.Command([], ["/app"]).Root.View, new CudaCompatRequest(driver, null, "/usr/local/cuda/compat"));

    [Fact]
    public void Without_a_note_a_newer_branch_is_used()
    {
        Assert.Null(Directory("535.104.05"));
        root.Library("/usr/local/cuda/compat/libcuda.so.580.95.05", "libcuda.so.1");
        Assert.Equal("/usr/local/cuda/compat", Directory("535.104.05"));
        Assert.Null(Directory("580.65.06"));
        Assert.Null(Directory("590.44.01"));
        Assert.Null(Directory("no version"));
    }

    [Fact]
    public void Of_two_libraries_none_is_used()
    {
        root.Library("/usr/local/cuda/compat/libcuda.so.580.95.05", "libcuda.so.1").Library("/usr/local/cuda/compat/libcuda.so.590.44.01", "libcuda.so.1");
        Assert.Null(Directory("535.104.05"));
    }
}
