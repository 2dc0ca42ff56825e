namespace Decant.Doctor.Tests;

public sealed class TritonCheckTests : IDisposable
{
    const string Package = "/opt/site-packages/triton";

    readonly ScratchRoot root = new();

    public void Dispose() => root.Dispose();

    void Toolkit(string directory, string version) => root
        .File($"{directory}/version.json", $$$"""{"cuda": {"name": "CUDA SDK", "version": "{{{version}}}.1"}}""")
        .File($"{directory}/bin/ptxas", $"\u007fELF ... Cuda compilation tools, release {version}, V{version}.48", executable: true);

    void Triton(string table) => root.File($"{Package}/backends/nvidia/compiler.py", $"def ptx_get_version(cuda_version):\n    major, minor = map(int, cuda_version.split('.'))\n{table}\n    raise RuntimeError('no')\n\ndef other():\n    if major == 99:\n        pass\n");

    Finding? Examine(string ptxas) => TritonCheck.Examine(root.Command([("TRITON_PTXAS_PATH", ptxas)], ["python3"]), Package);

    [Fact]
    public void Toolkits_are_found_wherever_they_lie_each_once()
    {
        Toolkit("/usr/local/cuda-13.0", "13.0");
        Toolkit("/opt/nvidia/cuda", "12.9");
        root.Link("/usr/local/cuda", "cuda-13.0").File("/old/version.txt", "CUDA Version 10.2.89\n").File("/old/lib64/libcudart.so.10.2", "")
            .File("/broken/version.json", "[1]").File("/broken/bin/nvcc", "", executable: true)
            .File("/hostile/version.json/a", "a directory").File("/hostile/bin/nvcc", "", executable: true);
        RootIndex index = root.Command("x").Root;
        Assert.Equal(["10.2 /old", "12.9 /opt/nvidia/cuda", "13.0 /usr/local/cuda-13.0"], CudaToolkit.Find(index).Select(toolkit => $"{toolkit.Version} {toolkit.Directory}"));
        Assert.Equal(new Version(13, 0), CudaToolkit.At(index, "/usr/local/cuda")!.Version);
        Assert.Null(CudaToolkit.At(index, "/nowhere"));
    }

    [Fact]
    public void A_version_that_is_no_text_is_none()
    {
        root.File("/cuda/version.json", "").File("/cuda/bin/nvcc", "", executable: true);
        File.WriteAllBytes(root.At("/cuda/version.json"), [.. "{\"cuda\": {\"version\": \"12."u8, 0xff, .. "\"}}"u8]);
        Assert.Empty(CudaToolkit.Find(root.Command("x").Root));
    }

    [Fact]
    public void A_ptxas_of_a_CUDA_that_Triton_does_not_know_is_told_with_one_that_it_knows()
    {
        Toolkit("/usr/local/cuda-13.0", "13.0");
        Toolkit("/usr/local/cuda-12.9", "12.9");
        root.Link("/usr/local/cuda", "cuda-13.0");
        Triton("    if major == 12:\n        return 80 + minor\n    if major == 11:\n        return 70 + minor");
        Finding finding = Examine("/usr/local/cuda/bin/ptxas")!;
        Assert.Equal("the Triton in /opt/site-packages/triton knows CUDA 11, 12, and runs the ptxas of CUDA 13.0", finding.Cause);
        Assert.Contains("TRITON_PTXAS_PATH is /usr/local/cuda/bin/ptxas, which leads to /usr/local/cuda-13.0/bin/ptxas: release 13.0", finding.Evidence);
        EnvironmentChange change = Assert.Single(finding.Candidates);
        Assert.Equal("/usr/local/cuda-12.9/bin/ptxas", change.Value);
        Assert.Null(Examine(change.Value!));
    }

    [Theory]
    [InlineData("    if major >= 13:\n        return 90 + minor\n    if major == 12:\n        return 80")]
    [InlineData("    if major == 13:\n        return 90 + minor")]
    [InlineData("    return TABLE[cuda_version]")]
    public void A_Triton_that_knows_it_or_tells_no_table_is_left_alone(string table)
    {
        Toolkit("/usr/local/cuda-13.0", "13.0");
        Triton(table);
        Assert.Null(Examine("/usr/local/cuda-13.0/bin/ptxas"));
        Assert.Null(Examine("/nowhere/ptxas"));
    }
}
