using System.Text.Json;

namespace Decant.EndToEnd.Tests;

/// <summary>The programs of workloads/, with the numpy of this host.</summary>
public sealed class WorkloadTests : IDisposable
{
    readonly string directory = Directory.CreateTempSubdirectory("decant-workload").FullName;

    static string Workloads { get; } = Path.Combine(Workplace.Checkout, "workloads");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    static JsonElement Json(ProgramResult result) => JsonDocument.Parse(result.Expect(0).Output).RootElement;

    [Fact]
    public void The_cache_is_a_part_of_what_was_free_and_says_nothing_of_the_process()
    {
        Shell.Run($"/usr/bin/python3 {Workloads}/infer.py {directory}/w --make 1048576").Expect(0);
        JsonElement report = Json(Shell.Run($"/usr/bin/python3 {Workloads}/infer.py {directory}/w --hidden 128 --tokens 4 --fraction 0.25 --free memavailable"));
        Assert.Equal(report.GetProperty("free_before_cache").GetInt64() / 4, report.GetProperty("kv_cache").GetInt64());
        Assert.Equal((16, 4, 1 << 20), (report.GetProperty("layers").GetInt32(), report.GetProperty("tokens").GetInt32(), report.GetProperty("weights_bytes").GetInt32()));
        Assert.Equal(16 * 4 * 128 * 4, report.GetProperty("kv_cache_touched").GetInt32());
        Assert.True(report.GetProperty("tokens_per_second").GetDouble() > 0);
    }

    [Fact]
    public void A_copy_of_the_weights_is_what_is_loaded()
    {
        Shell.Run($"/usr/bin/python3 {Workloads}/infer.py {directory}/w --make 65536").Expect(0);
        JsonElement report = Json(Shell.Run($"/usr/bin/python3 {Workloads}/infer.py {directory}/w --copy-to {directory}/copy --hidden 64 --tokens 1 --drop-cache"));
        Assert.Equal($"{directory}/copy", report.GetProperty("weights").GetString());
        Assert.Equal(File.ReadAllBytes($"{directory}/w"), File.ReadAllBytes($"{directory}/copy"));
    }

    [Fact]
    public void Weights_of_less_than_a_layer_and_a_cache_that_is_too_small_are_refused()
    {
        Shell.Run($"/usr/bin/python3 {Workloads}/infer.py {directory}/w --make 65536").Expect(0);
        Assert.Contains("fewer numbers than one layer of 1024 by 1024", Shell.Run($"/usr/bin/python3 {Workloads}/infer.py {directory}/w").Expect(1).Error);
        Assert.Contains("bytes of KV cache hold 1 states, and 3 tokens need 12", Shell.Run($"/usr/bin/python3 {Workloads}/infer.py {directory}/w --hidden 64 --tokens 3 --fraction 0").Expect(1).Error);
    }

    [Fact]
    public void Products_of_matrices_are_timed_one_by_one()
    {
        JsonElement report = Json(Shell.Run($"/usr/bin/python3 {Workloads}/matmul.py --size 64 --repeat 3 --device cpu"));
        Assert.Equal(3, report.GetProperty("seconds").GetArrayLength());
        Assert.Equal(3 * 64 * 64 * 4, report.GetProperty("allocated").GetInt32());
        Assert.Equal(2.0 * 64 * 64 * 64 / report.GetProperty("median").GetDouble(), report.GetProperty("flops").GetDouble(), 1e-6 * report.GetProperty("flops").GetDouble());
    }

    [Theory]
    [InlineData("small", 0, "")]
    [InlineData("large", 1, "asked for large, and the report is of small")]
    public void A_report_of_another_model_than_the_one_that_was_asked_for_is_refused(string model, int code, string reason)
    {
        // What trtllm-bench leaves, by the path that it is given; its own run takes a GPU.
        File.WriteAllText($"{directory}/bench", """
            #!/bin/sh
            while [ "$1" != --report_json ]; do shift; done
            echo '{"engine": {"model": "small"}, "performance": {"request_throughput_req_s": 1}}' >"$2"
            """.ReplaceLineEndings("\n"));
        File.SetUnixFileMode($"{directory}/bench", (UnixFileMode)0x1ED);
        Assert.Contains(reason, Shell.Run($"/usr/bin/python3 {Workloads}/trtllm.py --program {directory}/bench --model {model}").Expect(code).Error);
    }

    [Fact]
    public void The_documented_experiment_is_one()
    {
        string error = DecantBinary.Script(User.Root, $"\"$decant\" bench -f {Workloads}/mystery.toml --files weights=/nosuch").Expect(125).Error;
        Assert.Contains("--files weights: there is no /nosuch", error);
    }
}
