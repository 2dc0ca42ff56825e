using CsCheck;
using Decant.Devices;
using Decant.Launch;

namespace Decant.Doctor.Tests;

public sealed class CudaRequirementTests : IDisposable
{
    /// <summary>The beginning of what images of CUDA 13.0 have.</summary>
    const string Recorded = "cuda>=13.0 brand=unknown,driver>=535,driver<536 brand=grid,driver>=535,driver<536 brand=tesla,driver>=535,driver<536 brand=nvidia,driver>=535,driver<536";

    readonly ScratchRoot root = new();

    public void Dispose() => root.Dispose();

    static CudaFacts Facts(string? cuda, string? driver, string? architecture = null, string? brand = null) =>
        new(cuda is null ? null : Version.Parse(cuda), driver is null ? null : Version.Parse(driver), architecture is null ? null : Version.Parse(architecture), brand);

    [Theory]
    [InlineData(Recorded, "13.0", "580.159.4", null, "nvidia", true)]
    [InlineData(Recorded, "12.2", "535.104.5", null, "nvidia", true)]
    [InlineData(Recorded, "12.2", "535.104.5", null, "geforce", false)]
    [InlineData(Recorded, "12.2", "535.104.5", null, null, null)]
    [InlineData(Recorded, "12.4", "550.54.14", null, null, false)]
    [InlineData("cuda>=12.4 arch>=9", "12.0", null, "9.0", null, true)]
    [InlineData("cuda>=12.4,arch>=9", "12.4", null, "8.0", null, false)]
    [InlineData("arch=8.0", null, null, "8.0", null, true)]
    [InlineData("arch!=8.0", null, null, "8.0", null, false)]
    [InlineData("driver<=550", null, "550.0", null, null, true)]
    [InlineData("driver>550", null, "550.1", null, null, true)]
    [InlineData("brand!=geforce", null, null, null, "tesla", true)]
    [InlineData("brand>geforce", null, null, null, "tesla", null)]
    [InlineData("weather=fine", "12.0", "550.1", "8.0", "tesla", null)]
    [InlineData("cuda>=", "12.0", "550.1", "8.0", "tesla", null)]
    [InlineData("nonsense", "12.0", "550.1", "8.0", "tesla", null)]
    [InlineData("", "12.0", "550.1", "8.0", "tesla", true)]
    public void A_requirement_holds_by_one_alternative_all_of_whose_conditions_hold(string text, string? cuda, string? driver, string? architecture, string? brand, bool? holds) =>
        Assert.Equal(holds, CudaRequirement.Parse(text).Holds(Facts(cuda, driver, architecture, brand)));

    [Fact]
    public void Random_texts_are_requirements_of_something()
    {
        Gen<string> words = Gen.OneOf("cuda", "driver", "arch", "brand", ">=", "<", "=", "!", ",", " ", "12.4", "550", "tesla", "9", ".");
        words.Array[0, 12].Sample(text => _ = CudaRequirement.Parse(string.Concat(text)).Holds(Facts("12.4", "550.1", "9.0", "tesla")), iter: 5_000);
    }

    Finding? Examine(string driver, (string, string)[] variables, params string[] models) =>
        CudaRequirementCheck.Examine(root.Command(variables, ["x"]), CudaRoot.Host(driver, models), provided: null).SingleOrDefault();

    [Fact]
    public void A_host_that_is_not_what_the_image_wants_is_told()
    {
        Finding finding = Examine("550.54.14", [("NVIDIA_REQUIRE_CUDA", Recorded)], "NVIDIA H100 PCIe")!;
        Assert.Equal(("cuda-requirement-unmet", FindingSeverity.Warning), (finding.Id, finding.Severity));
        Assert.Equal("the image wants CUDA 13.0 or later of the driver, and the host has the driver 550.54.14, of CUDA 12.4", finding.Cause);
        Assert.Contains("branch 580", finding.Fix);
        Assert.Contains("NVIDIA_DISABLE_REQUIRE=1 starts it all the same", CudaRequirementCheck.Refusal(new LaunchEnvironment().With("NVIDIA_REQUIRE_CUDA", "cuda>=13.0", "image"), CudaRoot.Host("550.54.14"), [])!.Fix);
        Assert.Null(CudaRequirementCheck.Refusal(new LaunchEnvironment().With("NVIDIA_REQUIRE_CUDA", "cuda>=13.0 driver>=550", "image"), CudaRoot.Host("550.54.14"), []));
    }

    [Fact]
    public void What_a_run_is_refused_for_is_an_error_whatever_its_program()
    {
        root.Program("/app", "/bin/true");
        ExaminedCommand plain = root.Command([("NVIDIA_REQUIRE_CUDA", "cuda>=13.0")], ["/app"]);
        Assert.Empty(Decant.Doctor.Examination.Examine(plain, CudaRoot.Host("550.54.14")));
        ExaminedCommand given = new(plain.Root, plain.Environment, "/", plain.Arguments) { GpuNodes = ["/dev/nvidia0"] };
        Finding finding = Assert.Single(Decant.Doctor.Examination.Examine(given, CudaRoot.Host("550.54.14")));
        Assert.Equal(("cuda-requirement-unmet", FindingSeverity.Error), (finding.Id, finding.Severity));
        Assert.Empty(Decant.Doctor.Examination.Examine(given.With([new EnvironmentChange("NVIDIA_DISABLE_REQUIRE", "1", "")]), CudaRoot.Host("550.54.14")));
    }

    [Fact]
    public void Every_GPU_that_a_run_gets_must_be_what_the_image_wants_and_words_count_whatever_their_case()
    {
        DoctorHost host = CudaRoot.Host("550.54.14");
        host = host with { Gpus = [new NvidiaGpu("Tesla T4", null, null, 0), new NvidiaGpu("NVIDIA GeForce RTX 4090", null, null, 1)] };
        bool Refuses(string wanted, params string[] nodes) => CudaRequirementCheck.Refusal(new LaunchEnvironment().With("NVIDIA_REQUIRE_CUDA", wanted, "image"), host, nodes) is not null;
        Assert.False(Refuses("brand=Tesla", "/dev/nvidia0", "/dev/nvidiactl"));
        Assert.True(Refuses("BRAND=tesla", "/dev/nvidia1"));
        Assert.True(Refuses("brand=tesla", "/dev/nvidia0", "/dev/nvidia1"));
        Assert.False(Refuses("brand=tesla brand=GeForce", "/dev/nvidia0", "/dev/nvidia1"));
    }

    [Fact]
    public void A_host_that_fits_and_one_that_is_not_to_be_asked_are_left_alone()
    {
        Assert.Null(Examine("580.159.04", [("NVIDIA_REQUIRE_CUDA", Recorded)], "NVIDIA H200"));
        Assert.Null(Examine("535.104.05", [("NVIDIA_REQUIRE_CUDA", Recorded)], "NVIDIA H100 PCIe"));
        Assert.Null(Examine("550.54.14", [("NVIDIA_REQUIRE_CUDA", Recorded), ("NVIDIA_DISABLE_REQUIRE", "true")]));
        Assert.Null(Examine("550.54.14", []));
        Assert.Empty(CudaRequirementCheck.Examine(root.Command([("NVIDIA_REQUIRE_CUDA", Recorded)], ["x"]), CudaRoot.NoGpus, provided: null));
    }
}
