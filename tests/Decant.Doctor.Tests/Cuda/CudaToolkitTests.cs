using CsCheck;

namespace Decant.Doctor.Tests;

public sealed class CudaToolkitTests : IDisposable
{
    readonly ScratchRoot root = new();

    public void Dispose() => root.Dispose();

    CudaToolkit? At(string directory) => CudaToolkit.At(root.Command("x").Root, directory);

    [Theory]
    [InlineData("/version.json", """{"cuda": {"version": "12.9.0"}}""", "12.9")]
    [InlineData("/version.txt", "CUDA Version 10.2.89\n", "10.2")]
    [InlineData("/lib64/libcudart.so.12.9.79", "", "12.9")]
    [InlineData("/lib/libcudart.so.11.8.89", "", "11.8")]
    [InlineData("/targets/x86_64-linux/lib/libcudart.so.13.0.96", "", "13.0")]
    [InlineData("/bin/nvcc", "\0Cuda compilation tools, release 13.0, V13.0.88\0", "13.0")]
    [InlineData("/bin/ptxas", "\0Cuda compilation tools, release 12.4, V12.4.131\0", "12.4")]
    [InlineData("/include/cuda.h", "#define CUDA_VERSION 12060\n", "12.6")]
    public void Each_part_tells_the_version(string file, string content, string version)
    {
        root.File("/opt/cuda" + file, content);
        Assert.Equal((version, "/opt/cuda" + file), (At("/opt/cuda")!.Version.ToString(), At("/opt/cuda")!.Teller));
    }

    [Fact]
    public void The_installers_own_word_counts_most()
    {
        root.File("/c/version.json", """{"cuda": {"version": "12.9.0"}}""").File("/c/lib64/libcudart.so.12.8.90", "").File("/c/bin/nvcc", "release 12.6");
        Assert.Equal(new Version(12, 9), At("/c")!.Version);
    }

    [Theory]
    [InlineData("cu13", "nvidia_cuda_runtime-13.0.96.dist-info", "13.0")]
    [InlineData("cuda_runtime", "nvidia_cuda_runtime_cu12-12.4.127.dist-info", "12.4")]
    public void A_python_package_is_told_by_its_metadata(string directory, string package, string version)
    {
        root.File($"/site-packages/nvidia/{directory}/lib/libcudart.so.{version.Split('.')[0]}", "").File($"/site-packages/{package}/METADATA", "");
        Assert.Equal(version, Assert.Single(CudaToolkit.Find(root.Command("x").Root)).Version.ToString());
    }

    [Fact]
    public void What_is_no_version_tells_none()
    {
        root.File("/a/version.json", """{"cuda": {"version": 12}}""").File("/b/version.json", "[").File("/c/version.json", "\"\\ud800\"").File("/d/version.json/x", "")
            .File("/e/include/cuda.h", "#define CUDA_VERSION twelve").File("/f/bin/nvcc", "release candidate").File("/g/lib64/libcudart.so.12", "")
            .File("/h/version.json", """{"cuda": {"version": "\ud800"}}""").Link("/i", "/nowhere");
        Assert.Equal(0, System.Diagnostics.Process.Start("mkfifo", root.Command("x").View.Resolve("/b").HostPath + "/version.txt").WaitForExit(10_000) ? 0 : 1);
        foreach (char directory in "abcdefghi")
            Assert.Null(At($"/{directory}"));
    }

    [Fact]
    public void Random_files_tell_at_most_a_version()
    {
        string[] files = ["/r/version.json", "/r/version.txt", "/r/bin/nvcc", "/r/include/cuda.h"];
        Gen.Select(Gen.OneOf(files), Gen.OneOf("", "{\"cuda\":", "CUDA Version ", "release ", "#define CUDA_VERSION "), Gen.String).Sample((file, start, rest) =>
        {
            root.File(file, start + rest);
            _ = At("/r");
        }, iter: 300, threads: 1);
    }

    [Theory]
    [InlineData("libcudart.so.12", "12.0")]
    [InlineData("libcudnn.so.9.14.0", "9.14.0")]
    [InlineData("libcudart.so.11.0", "11.0")]
    [InlineData("libcudart.so", null)]
    [InlineData("libcudart.so.", null)]
    [InlineData("libcudart.so.x.1", null)]
    public void A_file_name_ends_in_a_version(string name, string? version) => Assert.Equal(version, CudaLibrary.Suffix(name)?.ToString());
}
