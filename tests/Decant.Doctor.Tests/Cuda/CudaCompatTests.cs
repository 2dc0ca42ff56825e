using System.Text;
using CsCheck;
using Decant.Devices;

namespace Decant.Doctor.Tests;

public sealed class CudaCompatTests
{
    /// <summary>The content of the note in the libcuda of cuda-compat-13-0 580.95.05, as readelf shows it.</summary>
    const string Recorded =
        "7b22666f726d6174223a312c22435544412076657273696f6e223a2231332e30222c22647269766572223a5b3533352c3535302c3536352c3537302c3537352c3538305d2c22646576696365223a5b312c322c372c382c392c31302c31312c31322c31332c31345d7d00";

    static CudaCompat Plain(string driver) => new($"/usr/local/cuda/compat/libcuda.so.{driver}", NvidiaDriver.Parse(driver)!, null, null, null);

    static CudaCompat Real { get; } = CudaCompat.Read(Convert.FromHexString(Recorded), Plain("580.95.05"));

    static string? WhyNot(CudaCompat compat, string driver, params string[] models) =>
        compat.WhyNot(NvidiaDriver.Parse(driver)!, [.. models.Select(model => new NvidiaGpu(model, null, null, null))]);

    [Fact]
    public void The_note_of_a_real_package_is_read()
    {
        Assert.Equal(new Version(13, 0), Real.Cuda);
        Assert.Equal([535, 550, 565, 570, 575, 580], Real.Branches);
        Assert.Equal([1, 2, 7, 8, 9, 10, 11, 12, 13, 14], Real.Brands);
    }

    [Theory]
    [InlineData("550.54.14", "NVIDIA H100 80GB HBM3", null)]
    [InlineData("535.104.05", "Tesla T4", null)]
    [InlineData("580.65.06", "NVIDIA A100-SXM4-80GB", null)]
    [InlineData("550.54.14", "NVIDIA GeForce RTX 4090", "it is not made for a NVIDIA GeForce RTX 4090")]
    [InlineData("550.54.14", "NVIDIA of the future", null)]
    [InlineData("580.159.04", "NVIDIA H200", "it is older than the kernel's driver 580.159.04")]
    [InlineData("590.44.01", "NVIDIA H200", "it is older than the kernel's driver 590.44.01")]
    [InlineData("545.23.06", "NVIDIA H200", "it is made for the drivers 535, 550, 565, 570, 575, 580, and the kernel's is 545.23.06")]
    public void It_works_with_the_drivers_and_GPUs_of_its_note(string driver, string model, string? why) => Assert.Equal(why, WhyNot(Real, driver, model));

    [Fact]
    public void Without_a_note_it_works_with_older_branches()
    {
        Assert.Null(WhyNot(Plain("450.80.02"), "418.39", "Tesla V100-SXM2-16GB"));
        Assert.Equal("it is of the same branch as the kernel's driver 450.51.05", WhyNot(Plain("450.80.02"), "450.51.05"));
        Assert.NotNull(WhyNot(Plain("450.80.02"), "418.39", "NVIDIA GeForce GTX 1080 Ti"));
        Assert.Equal(new Version(11, 0), Plain("450.80.02").Provides);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"driver\":5,\"CUDA version\":13}")]
    [InlineData("{\"CUDA version\":\"\\ud800\"}")]
    public void A_note_that_says_nothing_is_none(string json)
    {
        CudaCompat read = CudaCompat.Read(Encoding.UTF8.GetBytes(json), Plain("580.95.05"));
        Assert.Null(read.Cuda);
        Assert.Null(read.Branches);
    }

    [Fact]
    public void No_note_is_too_strange() => Gen.Select(Gen.Int[0, Recorded.Length / 2 - 1], Gen.Byte, Gen.Int[0, Recorded.Length / 2]).Sample((at, value, length) =>
    {
        byte[] note = Convert.FromHexString(Recorded);
        note[at] = value;
        _ = CudaCompat.Read(note, Plain("580.95.05"));
        _ = CudaCompat.Read(note.AsSpan(0, length), Plain("580.95.05"));
    }, iter: 5_000);
}
