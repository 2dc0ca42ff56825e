using System.Text.Json;

namespace Decant.EndToEnd.Tests;

public sealed class CompareTests : IDisposable
{
    readonly string directory = Directory.CreateTempSubdirectory("decant-compare").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    static readonly User Root = User.Root;

    string Hyperfine(string name, string command, double first)
    {
        string path = $"{directory}/{name}";
        string times = string.Join(',', Enumerable.Range(0, 8).Select(i => (first * (1 + 0.001 * (5 * i % 8))).ToString("R", System.Globalization.CultureInfo.InvariantCulture)));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $$"""{"results":[{"command":"{{command}}","mean":{{first}},"times":[{{times}}]}]}""");
        return path;
    }

    [Fact]
    public void Files_of_one_arm_each_are_held_against_each_other_and_the_order_is_told()
    {
        ProgramResult result = DecantBinary.Run(Root, "compare", Hyperfine("native.json", "train", 1), Hyperfine("docker.json", "docker run train", 1.25)).Expect(0);
        Assert.Contains("docker run train", result.Output);
        Assert.Contains("+25.0 %", result.Output);
        Assert.Contains("All trials of train came before those of docker run train", result.Output);
        Assert.Contains("separate measurements: native and docker", result.Output);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public void The_same_command_in_two_files_goes_by_their_names_and_can_fail_a_build()
    {
        Hyperfine("old/r.json", "train", 1);
        Hyperfine("new/r.json", "train", 1.1);
        ProgramResult result = DecantBinary.Script(Root, $"cd {directory}; \"$decant\" compare old/r.json new/r.json --json --fail-if 'wall > 2%'").Expect(1);
        JsonElement joined = JsonDocument.Parse(result.Output).RootElement.GetProperty("results").EnumerateArray().Single();
        Assert.Equal(["old/r", "new/r"], joined.GetProperty("environments").EnumerateArray().Select(arm => arm.GetProperty("name").GetString()));
        Assert.Contains("wall of new/r", result.Error);
    }

    [Fact]
    public void A_report_as_json_is_a_result_like_any_other()
    {
        string first = DecantBinary.Run(Root, "compare", "--json", "--margin", "3", Hyperfine("a.json", "x", 1), Hyperfine("b.json", "y", 1.1)).Expect(0).Output;
        File.WriteAllText($"{directory}/report.json", first);
        Assert.Equal(first, DecantBinary.Run(Root, "compare", "--json", $"{directory}/report.json").Expect(0).Output);
        DecantBinary.Script(Root, $"cd {directory}; \"$decant\" bench --env host --env again=host --blocks 4 --primes 0 --metric user --metric wall --json -o session -- true >bench.json; \"$decant\" compare --json bench.json >read.json; cmp bench.json read.json").Expect(0);
        File.WriteAllText($"{directory}/other.json", first.Replace("results/1", "results/2", StringComparison.Ordinal));
        Assert.Contains("$.schema is not decant.bench.results/1: another release of decant wrote it", DecantBinary.Run(Root, "compare", $"{directory}/other.json").Expect(125).Error);
    }

    [Fact]
    public void What_has_no_metric_in_common_is_shown_one_after_another_with_the_reason()
    {
        string other = $"{directory}/pyperf.json";
        File.WriteAllText(other, """{"benchmarks":[{"metadata":{"name":"b"},"runs":[{"values":[1,2]},{"values":[1,2.1]}]}]}""");
        ProgramResult result = DecantBinary.Run(Root, "compare", Hyperfine("a.json", "x", 1), other).Expect(0);
        Assert.Contains("shown one after another, as they have no metric in common", result.Error);
    }

    [Fact]
    public void What_is_asked_afterwards_changes_no_more_of_the_question_than_it_says()
    {
        DecantBinary.Script(Root, $"cd {directory}; \"$decant\" bench --env host --env other=host --margin 6 --self-test --blocks 6 --primes 0 -o session -- sh -c 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done' >/dev/null").Expect(0);
        (string, string, double)[] Asked(params string[] options)
        {
            JsonElement result = JsonDocument.Parse(DecantBinary.Run(Root, ["compare", "--json", $"{directory}/session", .. options]).Expect(0).Output).RootElement.GetProperty("results")[0];
            Assert.DoesNotContain(result.GetProperty("threats").EnumerateArray(), threat => threat.GetProperty("id").GetString() == "nothing-declared");
            Assert.Equal(options.Length > 0, result.GetProperty("remarks").EnumerateArray().Any(remark => remark.GetString()!.Contains("wall against host with a margin of 6 % was declared; what this report is about was chosen afterwards", StringComparison.Ordinal)));
            return [.. result.GetProperty("verdicts").EnumerateArray().Select(verdict => (verdict.GetProperty("comparison").GetProperty("subject").GetString()!, verdict.GetProperty("comparison").GetProperty("baseline").GetString()!, Math.Round(verdict.GetProperty("marginHigh").GetDouble(), 9)))];
        }

        Assert.Equal([("other", "host", 1.06)], Asked());
        Assert.Equal([("other", "host", 1.06)], Asked("--metric", "user"));
        Assert.Equal([("host", "other", 1.06)], Asked("--baseline", "other"));
        Assert.Equal([("other", "host", 1.02)], Asked("--margin", "2"));
    }

    [Fact]
    public void A_margin_alone_is_asked_about_what_was_asked_before()
    {
        ProgramResult result = DecantBinary.Run(Root, "compare", "--margin", "30", "--json", Hyperfine("a.json", "x", 1), Hyperfine("b.json", "y", 1.1)).Expect(0);
        JsonElement verdict = JsonDocument.Parse(result.Output).RootElement.GetProperty("results")[0].GetProperty("verdicts")[0];
        Assert.Equal(1.3, verdict.GetProperty("marginHigh").GetDouble(), 1e-9);
    }
}
