using CsCheck;
using Decant.Devices;

namespace Decant.Doctor.Tests;

public sealed class CudaReleaseTests
{
    [Theory]
    [InlineData("580.159.04", "13.0")]
    [InlineData("535.104.05", "12.2")]
    [InlineData("525.60.13", "12.0")]
    [InlineData("470.256.02", "11.4")]
    [InlineData("900.1", "13.3")]
    [InlineData("340.108", null)]
    public void A_driver_has_the_CUDA_of_its_branch(string driver, string? cuda) => Assert.Equal(cuda, CudaRelease.Of(NvidiaDriver.Parse(driver)!.Version)?.ToString());

    [Theory]
    [InlineData("13.0", "580.65.06", CudaSupport.Full)]
    [InlineData("13.0", "575.51.03", CudaSupport.None)]
    [InlineData("13.1", "580.159.04", CudaSupport.WithoutCompiling)]
    [InlineData("12.9", "580.159.04", CudaSupport.Full)]
    [InlineData("12.9", "550.54.14", CudaSupport.WithoutCompiling)]
    [InlineData("12.4", "550.40.07", CudaSupport.Full)]
    [InlineData("12.4", "525.60.13", CudaSupport.WithoutCompiling)]
    [InlineData("12.4", "525.60.12", CudaSupport.None)]
    [InlineData("12.0", "520.61.05", CudaSupport.None)]
    [InlineData("11.8", "450.80.02", CudaSupport.WithoutCompiling)]
    [InlineData("11.8", "450.51.06", CudaSupport.None)]
    [InlineData("10.2", "440.33.01", CudaSupport.Full)]
    [InlineData("10.2", "418.39", CudaSupport.None)]
    [InlineData("14.0", "580.65.06", CudaSupport.Full)]
    public void A_driver_runs_what_is_older_and_within_a_major_release_machine_code(string toolkit, string driver, object support) =>
        Assert.Equal(support, CudaRelease.Judge(Version.Parse(toolkit), NvidiaDriver.Parse(driver)!));

    [Fact]
    public void A_newer_driver_never_runs_less() =>
        Gen.Select(Gen.Int[9, 14], Gen.Int[0, 9], Gen.Int[380, 640], Gen.Int[0, 120], Gen.Int[0, 100]).Sample((major, minor, branch, release, more) =>
        {
            NvidiaDriver Driver(int number) => NvidiaDriver.Parse($"{number}.{release}.1")!;
            Version toolkit = new(major, minor);
            Assert.True(CudaRelease.Judge(toolkit, Driver(branch + more)) >= CudaRelease.Judge(toolkit, Driver(branch)));
        }, iter: 5_000);
}
