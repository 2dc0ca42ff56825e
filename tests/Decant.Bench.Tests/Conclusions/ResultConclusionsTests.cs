using System.Collections.Immutable;

namespace Decant.Bench.Tests;

public sealed class ResultConclusionsTests
{
    static readonly ImmutableSortedDictionary<string, string> NoFacts = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Blocks of two arms, each with the given values.</summary>
    static BenchResult Blocks(int blocks, Func<int, ImmutableSortedDictionary<string, double>> baseline, Func<int, ImmutableSortedDictionary<string, double>> subject, params string[] metrics) => new()
    {
        Title = "t",
        Source = "test",
        Environments = [new("host", "host", "host", NoFacts.Add("variable.A", "1").Add("x", "y")), new("docker", "docker", "docker:i", NoFacts.Add("variable.A", "2").Add("x", "y"))],
        Metrics = [.. metrics.Select(name => BuiltInMetrics.Find(name)!)],
        Questions = [new Question(metrics[0], "docker", "host", EquivalenceMargin.Percent(1))],
        Trials = [.. Enumerable.Range(0, 2 * blocks).Select(i => new Trial { Number = i, Block = i / 2, Environment = i % 2 == 0 ? "host" : "docker", Values = i % 2 == 0 ? baseline(i / 2) : subject(i / 2) })],
    };

    static ImmutableSortedDictionary<string, double> Values(params (string Name, double Value)[] values) => values.ToImmutableSortedDictionary(pair => pair.Name, pair => pair.Value);

    static double Noise(int block, int arm) => 1 + 0.001 * ((block * 7 + arm * 3) % 5 - 2);

    [Fact]
    public void Arms_that_do_not_differ_are_equivalent_and_arms_that_do_are_different()
    {
        BenchResult same = Blocks(12, block => Values(("wall", Noise(block, 0))), block => Values(("wall", Noise(block, 1))), "wall");
        Assert.Equal(VerdictKind.Equivalent, ResultConclusions.Of(same).Verdicts.Single().Kind);
        BenchResult slower = Blocks(12, block => Values(("wall", Noise(block, 0))), block => Values(("wall", 1.2 * Noise(block, 1))), "wall");
        ResultConclusions conclusions = ResultConclusions.Of(slower);
        Assert.Equal(VerdictKind.DifferentAndRelevant, conclusions.Verdicts.Single().Kind);
        Assert.StartsWith("docker's wall time is 20", conclusions.Verdicts[0].Sentence);
    }

    [Fact]
    public void A_failed_trial_takes_its_block_out_of_the_comparison_and_is_told()
    {
        BenchResult result = Blocks(8, block => Values(("wall", Noise(block, 0))), block => Values(("wall", Noise(block, 1))), "wall");
        result = result with { Trials = result.Trials.SetItem(5, result.Trials[5] with { Failure = "it ended with code 1" }) };
        ResultConclusions conclusions = ResultConclusions.Of(result);
        Assert.Equal("7 blocks", conclusions.Verdicts.Single().Comparison.Size);
        Assert.Contains(conclusions.Threats, threat => threat.Id == "failed-trials");
    }

    [Fact]
    public void A_waterfall_s_parts_and_what_is_unexplained_are_the_difference_exactly()
    {
        const double GiB = 1 << 30;
        BenchResult result = Blocks(
            6,
            _ => Values(("wall", 1), ("host.used_free", 10 * GiB), ("host.anonymous", 4 * GiB), ("host.shared", 0), ("host.engine", 0), ("host.kernel", GiB), ("host.file_cache", 5 * GiB), ("files.model", GiB)),
            _ => Values(("wall", 1), ("host.used_free", 11.5 * GiB), ("host.anonymous", 4.25 * GiB), ("host.shared", 0), ("host.kernel", GiB), ("host.file_cache", 6.25 * GiB), ("files.model", 2 * GiB),
                ("host.engine", 0.125 * GiB)),
            "wall", "host.used_free", "host.anonymous", "host.file_cache", "files.model", "host.engine");
        Waterfall waterfall = Waterfall.Of(result, "docker", "host")!;
        Assert.Equal(1.5 * GiB, waterfall.Difference);
        Assert.Equal(GiB, waterfall.Parts.Single(part => part.Name == "page cache of model").Bytes);
        Assert.Equal(0.125 * GiB, waterfall.Parts.Single(part => part.Name == "engines' daemons and client").Bytes);
        Assert.Equal(0.125 * GiB, waterfall.Parts.Single(part => part.Name == "programs' own pages").Bytes);
        Assert.Equal(0.25 * GiB, waterfall.Parts.Single(part => part.Name == "page cache of other files").Bytes);
        Assert.Equal(0, waterfall.Unexplained);
        Assert.True(waterfall.IsExplained);
        Assert.Equal(waterfall.Difference, waterfall.Parts.Sum(part => part.Bytes) + waterfall.Unexplained);
    }

    [Fact]
    public void Files_that_two_environments_have_in_the_page_cache_in_different_measure_are_named()
    {
        const long MiB = 1 << 20;
        BenchResult result = Blocks(
            2,
            _ => Values(("wall", 1), ("host.used_free", 4096 * MiB), ("host.file_cache", 1024 * MiB), ("files.image layers", 100 * MiB)),
            _ => Values(("wall", 1), ("host.used_free", 4608 * MiB), ("host.file_cache", 1536 * MiB), ("files.image layers", 612 * MiB)),
            "wall", "host.used_free", "host.file_cache", "files.image layers");
        CachedFile[] few = [new("image layers", "/usr/lib/libc.so.6", 2 * MiB), new("image layers", "/a", 90 * MiB)];
        CachedFile[] many = [.. Enumerable.Range(0, CachedClass.MostFiles - 2).Select(i => new CachedFile("image layers", $"/shard-{i}", MiB)), new("image layers", "/weights", 450 * MiB), new("image layers", "/a", 40 * MiB), new("other", "/weights", MiB)];
        result = result with { Trials = [.. result.Trials.Select(trial => trial with { Files = [.. trial.Environment == "docker" ? many : few] })] };
        ImmutableArray<WaterfallFile> files = Waterfall.Of(result, "docker", "host")!.Parts.Single(part => part.Name == "page cache of image layers").Files;
        // docker's list is full, so it may well have the libc that is not in it.
        Assert.Equal([("/weights", 450 * MiB), ("/a", -50 * MiB), ("/shard-0", MiB), ("/shard-1", MiB), ("/shard-10", MiB)], files.Select(file => (file.Name, (long)file.Bytes)));
        // A tenth of 512 MiB is more than 50.
        Assert.Contains("page cache of image layers  +512.0 MiB   /weights +450.0 MiB\n", TextReport.Of([(result, ResultConclusions.Of(result))], colour: false, width: 200), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host.file_cache", "page cache of other files   +512.0 MiB   more than 256.0 MiB: name them with --files NAME=PATH")]
    [InlineData("host.residual", "unexplained                 +512.0 MiB   more than 256.0 MiB: no counter of the kernel has it")]
    public void Memory_that_has_no_name_is_an_alarm_from_a_quarter_of_a_GiB_on(string metric, string line)
    {
        const double MiB = 1 << 20;
        BenchResult result = Blocks(
            6,
            _ => Values(("wall", 1), ("host.used_free", 4096 * MiB), ("host.file_cache", 1024 * MiB), ("host.residual", 0)),
            _ => Values(("wall", 1), ("host.used_free", 4608 * MiB), ("host.file_cache", (metric == "host.file_cache" ? 1536 : 1024) * MiB), ("host.residual", (metric == "host.residual" ? 512 : 0) * MiB)),
            "wall", "host.used_free", "host.file_cache", "host.residual");
        Assert.False(Waterfall.Of(result, "docker", "host")!.IsExplained);
        Assert.Contains(line, TextReport.Of([(result, ResultConclusions.Of(result))], colour: false, width: 200), StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_unified_memory_what_GPUs_took_is_a_part_of_the_waterfall()
    {
        const double GiB = 1 << 30;
        BenchResult result = Blocks(
            6,
            _ => Values(("wall", 1), ("host.used_free", 10 * GiB), ("host.anonymous", GiB), ("host.gpu", 4 * GiB), ("gpu.memory", 4 * GiB)),
            _ => Values(("wall", 1), ("host.used_free", 18 * GiB), ("host.anonymous", GiB), ("host.gpu", 11.875 * GiB), ("gpu.memory", 13 * GiB)),
            "wall", "host.used_free", "host.anonymous", "host.gpu", "gpu.memory");
        Waterfall waterfall = Waterfall.Of(result, "docker", "host")!;
        Assert.Equal(7.875 * GiB, waterfall.Parts.Single(part => part.Name == "GPU").Bytes);
        Assert.Equal((0.125 * GiB, true), (waterfall.Unexplained, waterfall.IsExplained));
    }

    [Fact]
    public void What_a_GPU_has_in_its_own_memory_is_no_part_of_the_host_s()
    {
        BenchResult result = Blocks(
            6, _ => Values(("wall", 1), ("host.used_free", 10), ("gpu.memory", 4)), _ => Values(("wall", 1), ("host.used_free", 18), ("gpu.memory", 13)), "wall", "host.used_free", "gpu.memory");
        Assert.DoesNotContain(Waterfall.Of(result, "docker", "host")!.Parts, part => part.Name == "GPU");
    }

    [Fact]
    public void Only_what_is_not_the_same_is_listed_as_a_difference()
    {
        FactDifference difference = FactDifference.Of(Blocks(1, _ => Values(), _ => Values(), "wall").Environments).Single();
        Assert.Equal(("variable.A", "1", "2"), (difference.Name, difference.Values["host"], difference.Values["docker"]));
    }

    [Fact]
    public void A_condition_fails_only_where_the_whole_interval_lies_beyond_it()
    {
        BenchResult slower = Blocks(12, block => Values(("wall", Noise(block, 0))), block => Values(("wall", 1.2 * Noise(block, 1))), "wall");
        ResultConclusions conclusions = ResultConclusions.Of(slower);
        Assert.Contains("wall of docker", FailureCondition.Parse("wall > 10%").Holds(slower, conclusions));
        Assert.Null(FailureCondition.Parse("wall > 20%").Holds(slower, conclusions));
        Assert.Null(FailureCondition.Parse("wall < -10%").Holds(slower, conclusions));
    }

    [Fact]
    public void Reports_hold_every_environment_and_are_well_formed_whatever_the_names()
    {
        BenchResult result = Blocks(6, block => Values(("wall", Noise(block, 0))), block => Values(("wall", 2 * Noise(block, 1))), "wall") with { Title = "<script>alert('x')</script> & | \" ]]>" };
        ResultConclusions conclusions = ResultConclusions.Of(result);
        string page = HtmlReport.Of([(result, conclusions)]);
        Assert.DoesNotContain("<script", page);
        Assert.DoesNotContain("http", page.Replace("http-equiv", ""));
        for (int at = page.IndexOf("<svg", StringComparison.Ordinal); at >= 0; at = page.IndexOf("<svg", at + 1, StringComparison.Ordinal))
            System.Xml.Linq.XElement.Parse(page[at..(page.IndexOf("</svg>", at, StringComparison.Ordinal) + 6)]);
        Assert.Contains("docker", TextReport.Of([(result, conclusions)], colour: false, width: 80));
        Assert.All(TextReport.Of([(result, conclusions)], colour: false, width: 80).Split('\n').Skip(5), line => Assert.True(line.Length <= 80, line));
        Assert.Contains("| docker |", MarkdownReport.Of([(result, conclusions)]));
        Assert.Equal(1 + 12, CsvReport.Of([result]).TrimEnd().Split("\r\n").Length);
    }

    [Fact]
    public void Three_blocks_fail_no_build_and_that_is_said()
    {
        BenchResult slower = Blocks(3, block => Values(("wall", Noise(block, 0))), block => Values(("wall", 1.2 * Noise(block, 1))), "wall");
        ResultConclusions conclusions = ResultConclusions.Of(slower);
        FailureCondition condition = FailureCondition.Parse("wall > 2%");
        Assert.Null(condition.Holds(slower, conclusions));
        Assert.Equal("--fail-if 'wall > 2%' is not decided: 3 blocks give an interval of 75 % only", condition.Undecided(slower, conclusions));
    }

    [Theory]
    [InlineData("host.used_free", "warm, after 1 run that does not count", true)]
    [InlineData("files.model", "warm, after 1 run that does not count", true)]
    [InlineData("host.used_free", "cold, dropped before each trial", false)]
    [InlineData("host.used_available", "warm, after 1 run that does not count", false)]
    [InlineData("memory.peak", "warm, after 1 run that does not count", false)]
    public void Of_memory_with_page_cache_only_trials_after_dropping_caches_decide_and_builds_fail_by_no_other(string metric, string policy, bool isDoubted)
    {
        BenchResult result = Blocks(8, block => Values(("wall", 1), (metric, 100e9 * Noise(block, 0))), block => Values(("wall", 1), (metric, 200e9 * Noise(block, 1))), metric, "wall") with { Design = NoFacts.Add("page cache", policy) };
        ResultConclusions conclusions = ResultConclusions.Of(result);
        Assert.Equal(isDoubted ? VerdictKind.Inconclusive : VerdictKind.DifferentAndRelevant, conclusions.Verdicts.Single().Kind);
        // Also where no question is about it.
        result = result with { Questions = [result.Questions[0] with { Metric = "wall" }] };
        conclusions = ResultConclusions.Of(result);
        FailureCondition condition = FailureCondition.Parse($"{metric} > 2%");
        Assert.Equal(isDoubted, condition.Holds(result, conclusions) is null);
        Assert.Equal(isDoubted, condition.Undecided(result, conclusions)?.Contains("--cache cold", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public void The_page_cache_that_was_left_over_decides_nothing()
    {
        BenchResult result = Blocks(8, block => Values(("memory.peak", 100e6 * Noise(block, 0))), block => Values(("memory.peak", 200e6 * Noise(block, 1))), "memory.peak");
        Assert.Equal(VerdictKind.DifferentAndRelevant, ResultConclusions.Of(result).Verdicts.Single().Kind);
        Verdict doubted = ResultConclusions.Of(result with { Design = NoFacts.Add("page cache", "as the trial before left it") }).Verdicts.Single();
        Assert.Equal(VerdictKind.Inconclusive, doubted.Kind);
        Assert.StartsWith("Inconclusive, as the page cache, which this figure counts, was as the trial before left it; taken at face value: docker's peak memory is 100", doubted.Sentence);
    }

    [Fact]
    public void A_result_without_any_value_is_a_report_that_says_so()
    {
        BenchResult none = Blocks(0, _ => Values(), _ => Values(), "wall");
        Assert.Equal(["no trial is done"], ResultConclusions.Of(none).Remarks);
        BenchResult failed = Blocks(1, _ => Values(), _ => Values(), "wall");
        failed = failed with { Trials = [.. failed.Trials.Select(trial => trial with { Failure = "it ended with code 1" })] };
        foreach (BenchResult result in (BenchResult[])[none, failed])
        {
            ResultConclusions conclusions = ResultConclusions.Of(result);
            string[] reports = [TextReport.Of([(result, conclusions)], colour: false, width: 80), MarkdownReport.Of([(result, conclusions)]), HtmlReport.Of([(result, conclusions)])];
            Assert.All(reports, report => Assert.Contains(result == none ? "no trial is done" : "no trial counts", report));
        }
    }

    [Fact]
    public void What_other_methods_say_stands_beside_the_verdict()
    {
        BenchResult result = Blocks(12, block => Values(("wall", Noise(block, 0))), block => Values(("wall", 1.2 * Noise(block, 1))), "wall");
        SecondOpinion opinion = ResultConclusions.Of(result).SecondOpinions.Single();
        Assert.Equal(0.2, opinion.Means.Difference, 0.002);
        Assert.Equal(1.2, opinion.Bootstrap!.Value, 0.002);
        Assert.Equal(1, opinion.Delta.Value);
        Assert.InRange(opinion.RankP, 0, 1e-5);
        Assert.Equal(1, opinion.EquivalentP!.Value, 1e-6);
        Assert.Contains("By other methods", HtmlReport.Of([(result, ResultConclusions.Of(result))]));
    }

    [Fact]
    public void Means_below_zero_can_be_equivalent_and_of_a_mean_of_zero_nothing_is_said()
    {
        BenchResult below = Blocks(12, block => Values(("host.residual", -1000 * Noise(block, 0))), block => Values(("host.residual", -1000 * Noise(block, 1))), "host.residual");
        Assert.InRange(ResultConclusions.Of(below).SecondOpinions.Single().EquivalentP!.Value, 0, 1e-6);
        BenchResult none = Blocks(12, _ => Values(("host.residual", 0)), block => Values(("host.residual", Noise(block, 1))), "host.residual");
        Assert.Null(ResultConclusions.Of(none).SecondOpinions.Single().EquivalentP);
    }

    [Fact]
    public void A_condition_names_every_environment_that_is_beyond_it()
    {
        BenchResult slower = Blocks(12, block => Values(("wall", Noise(block, 0))), block => Values(("wall", 1.2 * Noise(block, 1))), "wall");
        slower = slower with
        {
            Environments = [.. slower.Environments, slower.Environments[1] with { Name = "podman" }],
            Questions = [.. slower.Questions, slower.Questions[0] with { Subject = "podman" }],
            Trials = [.. slower.Trials, .. slower.Trials.Where(trial => trial.Environment == "docker").Select(trial => trial with { Number = trial.Number + 100, Environment = "podman" })],
        };
        string held = FailureCondition.Parse("wall > 2%").Holds(slower, ResultConclusions.Of(slower))!;
        Assert.Matches(@"^wall of docker is \+20\.\d %.*; wall of podman is \+20\.\d % .*: beyond wall > 2%$", held);
    }

    [Fact]
    public void Arms_that_drift_and_were_not_measured_in_turn_fail_no_build()
    {
        BenchResult slower = Blocks(12, block => Values(("wall", Noise(block, 0))), block => Values(("wall", (1.2 + 0.01 * block) * Noise(block, 1))), "wall");
        slower = slower with { Trials = [.. slower.Trials.OrderBy(trial => trial.Environment).Select((trial, i) => trial with { Number = i, Block = null })] };
        ResultConclusions conclusions = ResultConclusions.Of(slower);
        Assert.Null(FailureCondition.Parse("wall > 2%").Holds(slower, conclusions));
        Assert.Contains("is not decided: the arms were not measured in turn and docker shows a trend", FailureCondition.Parse("wall > 2%").Undecided(slower, conclusions));
        string text = TextReport.Of([(slower, conclusions)], colour: false, width: 1000);
        Assert.Contains("\n✖ What is marked so below could make such differences by itself.\n", text, StringComparison.Ordinal);
        Assert.Contains("\n✖ ", text[text.IndexOf("Bear in mind", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Contains("\ninconclusive: as the arms were not measured in turn", text, StringComparison.Ordinal);
        Assert.Contains("- ✖ What is marked so under *Bear in mind*", MarkdownReport.Of([(slower, conclusions)]), StringComparison.Ordinal);
        Assert.Contains("<p style=\"color: var(--bad)\">✖ What is marked so", HtmlReport.Of([(slower, conclusions)]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_program_that_doubles_its_memory_is_different_and_a_host_that_has_256_MiB_more_is_not()
    {
        ResultConclusions Of(string metric) => ResultConclusions.Of(Blocks(12, block => Values((metric, 50e6 * Noise(block, 0))), block => Values((metric, 100e6 * Noise(block, 1))), metric));
        Assert.Equal(VerdictKind.DifferentAndRelevant, Of("memory.peak").Verdicts.Single().Kind);
        Verdict host = Of("host.used_free").Verdicts.Single();
        Assert.Equal(VerdictKind.DifferentButNegligible, host.Kind);
        Assert.Contains("within the margin of ±256 MiB", host.Claim);
    }

    [Fact]
    public void Programs_of_different_sizes_are_told()
    {
        BenchResult result = Blocks(12, block => Values(("wall", Noise(block, 0))), block => Values(("wall", Noise(block, 1))), "wall");
        BenchResult With(string size) => result with
        {
            Environments = [.. result.Environments.Select(arm => arm with { Facts = NoFacts.Add("executable", "/bin/x").Add("executable.bytes", arm.Name == "host" ? "100" : size) })],
        };
        Assert.Equal("host /bin/x of 100 bytes, docker /bin/x of 99 bytes", Assert.Single(ResultConclusions.Of(With("99")).Threats, threat => threat.Id == "other-program").Evidence);
        Assert.DoesNotContain(ResultConclusions.Of(With("100")).Threats, threat => threat.Id == "other-program");
    }
}
