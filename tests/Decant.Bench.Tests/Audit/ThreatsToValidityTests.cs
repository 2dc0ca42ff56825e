using System.Collections.Immutable;

namespace Decant.Bench.Tests;

public class ThreatsToValidityTests
{
    static Threat Only(string id, params BenchResult[] session) => Assert.Single(ThreatsToValidity.Of(session), threat => threat.Id == id);

    static void None(string id, params BenchResult[] session) => Assert.DoesNotContain(ThreatsToValidity.Of(session), threat => threat.Id == id);

    [Fact]
    public void A_clean_session_in_blocks_is_under_no_threat() => Assert.Empty(ThreatsToValidity.Of(Session.Interleaved(21)));

    [Fact]
    public void A_difference_between_the_arms_is_no_threat() => Assert.Empty(ThreatsToValidity.Of(Session.Interleaved(21, slower: 1.5)));

    /// <summary>Beside the tests that are wrong as often as their level says, nothing is raised by accident; and what they raise is no more than a doubt.</summary>
    [Fact]
    public void Clean_sessions_raise_only_what_a_level_lets_pass()
    {
        Threat[] threats = [.. Enumerable.Range(0, 60).SelectMany(seed => ThreatsToValidity.Of(Session.Interleaved((ulong)seed)))];
        Assert.All(threats, threat => Assert.Contains(threat.Id, (string[])["drift", "carry-over"]));
        Assert.All(threats, threat => Assert.NotEqual(ThreatSeverity.Disqualifying, threat.Severity));
        // Four arms and metrics of a session, each with two tests at 5 % that go together, and one at 2.5 %.
        Assert.InRange(threats.Count(threat => threat.Id == "drift"), 5, 30);
        Assert.InRange(threats.Count(threat => threat.Id == "carry-over"), 0, 7);
    }

    [Fact]
    public void One_arm_after_the_other_disqualifies_a_comparison()
    {
        Threat threat = Only("blocked-order", Session.Blocked(1));
        Assert.Equal(ThreatSeverity.Disqualifying, threat.Severity);
        Assert.StartsWith("All trials of native came before those of docker", threat.Sentence);
        Assert.Equal("in order of execution: native 20×, docker 20×", threat.Evidence);
        Assert.Equal(threat, ThreatsToValidity.Of(Session.Blocked(1))[0]);
    }

    static BenchResult WithFacts(params (string Environment, string Name, string Value)[] facts)
    {
        BenchResult result = Session.Interleaved(21);
        return result with
        {
            Environments = [.. result.Environments.Select(arm => arm with { Facts = facts.Where(fact => fact.Environment == arm.Name).ToImmutableSortedDictionary(fact => fact.Name, fact => fact.Value) })],
        };
    }

    [Fact]
    public void Other_limits_are_a_doubt()
    {
        Threat threat = Only("other-limits", WithFacts(("native", "limit.open files", "1024"), ("docker", "limit.open files", "1048576"), ("docker", "cgroup.memory", "100.0 MiB")));
        Assert.Equal("cgroup.memory (native none, docker 100.0 MiB); limit.open files (native 1024, docker 1048576)", threat.Evidence);
        Assert.Equal(ThreatSeverity.Doubt, threat.Severity);
        None("other-limits", WithFacts(("native", "limit.open files", "1024"), ("docker", "limit.open files", "1024")));
    }

    [Fact]
    public void Other_variables_are_told_without_those_that_every_launcher_sets()
    {
        Threat threat = Only("other-variables", WithFacts(("native", "variable.OMP_NUM_THREADS", "4"), ("native", "variable.LANG", "C"), ("docker", "variable.LANG", "de"), ("docker", "variable.HOSTNAME", "x")));
        Assert.Equal("LANG (differs), OMP_NUM_THREADS (only native)", threat.Evidence);
        Assert.Equal(ThreatSeverity.Note, threat.Severity);
        None("other-variables", WithFacts(("native", "variable.PATH", "/bin"), ("docker", "variable.PATH", "/usr/bin"), ("docker", "variable.HOSTNAME", "x")));
        Assert.EndsWith(", and 3 more", Only("other-variables", WithFacts([.. Enumerable.Range(0, 9).Select(i => ("native", $"variable.V{i}", "1")), ("docker", "x", "y")])).Evidence);
    }

    [Fact]
    public void Trials_that_read_from_the_disk_beside_others_that_do_not_are_a_doubt()
    {
        BenchResult Faulting(string cache, double docker)
        {
            BenchResult result = Session.Interleaved(21).Each(trial => trial.With("faults.major", trial.Environment == "docker" ? docker : 1));
            return result with { Design = ImmutableSortedDictionary<string, string>.Empty.Add("page cache", cache) };
        }

        Threat threat = Only("cold-trials", Faulting("warm, after 1 run that does not count", 43));
        Assert.Equal("major faults by medians: native 1, docker 43", threat.Evidence);
        None("cold-trials", Faulting("warm, after 1 run that does not count", 3));
        BenchResult mixed = Faulting("warm, after 1 run that does not count", 43);
        None("cold-trials", mixed with { Design = mixed.Design.Add("page cache of docker", "cold, dropped before each trial") });
        None("cold-trials", Faulting("cold, dropped before each trial", 43));
    }

    [Fact]
    public void Numbers_of_blocks_do_not_make_a_blocked_order_clean()
    {
        BenchResult blocked = Session.Blocked(1, 6);
        Only("blocked-order", blocked.Each(trial => trial with { Block = trial.Number % 6 }));
        Only("blocked-order", blocked.Each(trial => trial with { Block = trial.Number / 2 }));
    }

    [Fact]
    public void A_session_that_ends_within_a_block_is_still_in_blocks()
    {
        BenchResult whole = Session.Interleaved(21);
        None("blocked-order", whole with { Trials = whole.Trials[..^1] });
    }

    [Theory]
    [InlineData(false, ThreatSeverity.Disqualifying)]
    [InlineData(true, ThreatSeverity.Note)]
    public void Drift_disqualifies_only_where_arms_were_not_measured_in_turn(bool interleaved, ThreatSeverity severity)
    {
        BenchResult result = interleaved ? Session.Interleaved(21) : Session.Blocked(4);
        Threat threat = Only("drift", result.Each(trial => trial.With("wall", trial.Values["wall"] + 0.02 * trial.Number)));
        Assert.Equal(severity, threat.Severity);
        Assert.StartsWith("The wall of native and docker changed", threat.Sentence);
        Assert.Contains("a trend over its trials", threat.Evidence);
    }

    [Fact]
    public void What_an_arm_leaves_behind_is_carried_over()
    {
        BenchResult clean = Session.Interleaved(21);
        Threat threat = Only("carry-over", clean.Each(trial => trial.Number > 0 && clean.Trials[trial.Number - 1].Environment == "docker" ? trial.With("wall", trial.Values["wall"] + 0.5) : trial));
        Assert.StartsWith("The wall of a trial depends on which arm ran before it", threat.Sentence);
        Assert.Contains("docker after docker 10.", threat.Evidence);
    }

    [Fact]
    public void Iterations_that_come_twice_and_unequal_arms_are_pooled_runs()
    {
        BenchResult clean = Session.Interleaved(21);
        BenchResult numbered = clean.Each(trial => trial with { Iteration = trial.Block + 1 });
        None("pooled-runs", numbered);
        None("unequal-trials", numbered);
        BenchResult pooled = numbered with { Trials = [.. numbered.Trials.Select((trial, i) => i < 6 && trial.Environment == "native" ? trial with { Iteration = 1 } : trial).SkipLast(1)] };
        Assert.StartsWith("native has iteration 1 3 times (12:0", Only("pooled-runs", pooled).Evidence);
        Assert.Equal(20 + 19, pooled.Trials.Length);
        Assert.Matches("native (19, docker 20|20, docker 19)", Only("unequal-trials", pooled).Evidence);
    }

    [Fact]
    public void Metrics_that_are_computed_from_each_other_are_one_number()
    {
        Metric cache = new("cache", "B", Direction.Neither, "What was left.", "memory.peak");
        BenchResult result = Session.Interleaved(21).Each(trial => trial.With("cache", Math.Round(0.9 * (8L * (1 << 30) - trial.Values["memory.peak"]) / 1e4) * 1e4));
        Threat threat = Only("one-number", result with { Metrics = [.. result.Metrics, cache] });
        Assert.Equal("cache and memory.peak are one measurement, not two: cache = 0.9·(8.000 GiB − memory.peak).", threat.Sentence);
        Only("derived-metric", result with { Metrics = [.. result.Metrics, cache] });
    }

    /// <summary>Two groups of values far apart correlate as if they lay on a line, whatever they are.</summary>
    [Fact]
    public void Metrics_are_not_one_number_because_the_arms_lie_far_apart() =>
        None("one-number", Session.Interleaved(21, slower: 1e5).Each(trial => trial.With("memory.peak", trial.Environment == "docker" ? 1e5 * trial.Values["memory.peak"] : trial.Values["memory.peak"])));

    [Fact]
    public void Workloads_of_different_names_with_the_same_figures_are_asked_about()
    {
        BenchResult first = Session.Interleaved(21) with { Title = "small" }, second = Session.Interleaved(22) with { Title = "large" };
        Threat threat = Only("same-workload", first, second);
        Assert.Null(threat.Workload);
        Assert.Contains("for small and large", threat.Evidence);
        None("same-workload", first, second.Each(trial => trial.With("wall", 1.03 * trial.Values["wall"])));
        None("same-workload", first);
    }

    [Fact]
    public void Time_that_no_metric_tells_is_asked_about()
    {
        TimeSpan late = TimeSpan.Zero;
        BenchResult result = Session.Interleaved(21).Each(trial =>
        {
            Trial moved = trial with { Started = trial.Started + late };
            late += TimeSpan.FromSeconds(trial.Environment == "docker" ? 20 : 0);
            return moved;
        });
        Threat threat = Only("cycle-time", result);
        Assert.StartsWith("From start to start a trial of docker takes 20 s longer than one of native", threat.Sentence);
        // Where the trial itself takes as much longer, nothing is hidden.
        None("cycle-time", result.Each(trial => trial.With("wall", trial.Values["wall"] + (trial.Environment == "docker" ? 20 : 0))));
        Only("cycle-time", Session.Blocked(4).Each(trial => trial with { Started = trial.Started + TimeSpan.FromSeconds(trial.Environment == "docker" ? 20 * trial.Number : 0) }));
    }

    [Fact]
    public void An_arm_that_starts_warmer_is_told()
    {
        BenchResult Warm(double degrees)
        {
            Noise noise = new(3);
            BenchResult result = Session.Interleaved(21).Each(trial => trial.With("temperature.start", 40 + noise.Next() + (trial.Environment == "docker" ? degrees : 0)));
            return result with { Metrics = [.. result.Metrics, new Metric("temperature.start", "°C", Direction.Neither, "Before the trial.")] };
        }

        Assert.StartsWith("Trials of docker began warmer than those of native", Only("start-temperature", Warm(5)).Sentence);
        None("start-temperature", Warm(0));
    }

    [Fact]
    public void A_GPU_that_was_throttled_is_told_and_where_one_arm_was_more_it_is_a_doubt()
    {
        BenchResult Throttled(double native, double docker)
        {
            Noise noise = new(9);
            BenchResult result = Session.Interleaved(21).Each(trial =>
                trial.With("gpu.throttled", trial.Values["wall"] * (trial.Environment == "docker" ? docker : native) * (1 + 0.05 * noise.Next())).With("gpu.temperature_start", 40 + noise.Next()));
            return result with { Metrics = [.. result.Metrics, BuiltInMetrics.Find("gpu.throttled")!, BuiltInMetrics.Find("gpu.temperature_start")!] };
        }

        None("throttled-gpu", Throttled(0, 0));
        Threat alike = Only("throttled-gpu", Throttled(0.5, 0.5));
        Assert.Equal((ThreatSeverity.Note, true), (alike.Severity, alike.Sentence.Contains("in 40 of 40 trials, alike in all environments", StringComparison.Ordinal)));
        Threat unlike = Only("throttled-gpu", Throttled(0.3, 0.5));
        Assert.Equal(ThreatSeverity.Doubt, unlike.Severity);
        Assert.Matches("^native (29|30|31) % of the time, docker (49|50|51) % of the time$", unlike.Evidence);
    }

    [Fact]
    public void The_GPU_s_temperature_before_the_start_is_one_that_an_arm_may_begin_warmer_by()
    {
        Noise noise = new(4);
        BenchResult result = Session.Interleaved(21).Each(trial => trial.With("gpu.temperature_start", 40 + noise.Next() + (trial.Environment == "docker" ? 5 : 0)));
        Only("start-temperature", result with { Metrics = [.. result.Metrics, BuiltInMetrics.Find("gpu.temperature_start")!] });
    }

    [Fact]
    public void Memory_of_a_GPU_may_be_the_same_in_all_trials_and_in_two_counts()
    {
        Noise noise = new(4);
        BenchResult result = Session.Interleaved(21).Each(trial => trial.With("gpu.memory", 1 << 30).With("gpu.process_memory", 1 << 29));
        result = result with { Metrics = [.. result.Metrics, BuiltInMetrics.Find("gpu.memory")!, BuiltInMetrics.Find("gpu.process_memory")!] };
        None("constant-metric", result);
        None("one-number", result.Each(trial => (1 << 30) * (1 + 0.1 * noise.Next()) is var bytes ? trial.With("gpu.memory", bytes).With("gpu.process_memory", bytes - 1000) : trial));
    }

    [Fact]
    public void Failed_trials_are_told_with_the_first_reason()
    {
        Threat threat = Only("failed-trials", Session.Interleaved(21).Each(trial => trial is { Block: < 2, Environment: "docker" } ? trial with { Failure = "exit code 137" } : trial));
        Assert.Equal("native 0 of 20, docker 2 of 20; the first: exit code 137", threat.Evidence);
        Assert.Equal(ThreatSeverity.Doubt, threat.Severity);
        Assert.Equal(ThreatSeverity.Note, Only("failed-trials", Session.Interleaved(21).Each(trial => trial.Block == 1 ? trial with { Failure = "timed out" } : trial)).Severity);
    }

    [Fact]
    public void A_metric_without_values_is_told()
    {
        BenchResult clean = Session.Interleaved(21);
        Assert.Equal(
            "missing: native 0 of 20, docker 1 of 20",
            Only("missing-values", clean.Each(trial => trial is { Block: 0, Environment: "docker" } ? trial with { Values = trial.Values.Remove("wall") } : trial)).Evidence);
        // What one arm does not have at all is no gap; where it was asked about, it is.
        BenchResult engine = clean.Each(trial => trial.Environment == "native" ? trial with { Values = trial.Values.Remove("memory.peak") } : trial);
        Assert.DoesNotContain(ThreatsToValidity.Of(engine), threat => threat.Id == "missing-values");
        Assert.Equal(
            "missing: native 20 of 20, docker 0 of 20",
            Only("missing-values", engine with { Questions = [.. clean.Questions, new Question("memory.peak", "docker", "native", EquivalenceMargin.Percent(1))] }).Evidence);
        Assert.Equal(
            "No trial has a value of latency: it was to be measured, and was not.",
            Only("unmeasured", clean with { Questions = [.. clean.Questions, new Question("latency", "docker", "native", EquivalenceMargin.Percent(1))] }).Sentence);
    }

    [Fact]
    public void A_metric_that_never_changes_is_told() =>
        Assert.Equal("10.00 s in 40 trials", Only("constant-metric", Session.Interleaved(21).Each(trial => trial.With("wall", 10))).Evidence);

    [Theory]
    [InlineData(1, ThreatSeverity.Disqualifying)]
    [InlineData(5, ThreatSeverity.Doubt)]
    [InlineData(6, null)]
    public void Few_trials_show_nothing(int blocks, ThreatSeverity? severity) =>
        Assert.Equal(severity, ThreatsToValidity.Of(Session.Interleaved(21, blocks)).FirstOrDefault(threat => threat.Id == "few-trials")?.Severity);

    [Fact]
    public void Two_groups_of_values_are_two_modes()
    {
        Threat threat = Only("two-modes", Session.Interleaved(21).Each(trial => trial.Environment == "docker" && trial.Block % 3 == 0 ? trial.With("wall", 1.5 * trial.Values["wall"]) : trial));
        Assert.StartsWith("The wall of docker forms two groups", threat.Sentence);
        Assert.Contains("13× about ", threat.Evidence);
    }

    [Fact]
    public void One_group_is_rarely_taken_for_two()
    {
        int found = Enumerable.Range(0, 1000).Count(seed => TwoModesCheck.Split(new Noise((ulong)seed).Next(10, 100)) is not null);
        Assert.InRange(found, 0, 10);
    }

    [Fact]
    public void A_result_without_a_question_was_not_planned() =>
        Assert.Equal(ThreatSeverity.Note, Only("nothing-declared", Session.Interleaved(21) with { Questions = [] }).Severity);

    [Fact]
    public void A_result_of_one_arm_or_of_nothing_is_audited_too()
    {
        BenchResult clean = Session.Interleaved(21);
        Only("few-trials", clean with { Trials = [] });
        BenchResult one = clean with { Environments = clean.Environments[..1], Trials = [.. clean.Trials.Where(trial => trial.Environment == "native")] };
        None("blocked-order", one);
        Assert.Empty(ThreatsToValidity.Of([]));
    }

    /// <summary>The second arm as a copy of the first.</summary>
    static BenchResult SelfTest(BenchResult result) => result with { Environments = [result.Environments[0], result.Environments[1] with { Repeats = "native" }] };

    [Fact]
    public void A_self_test_without_a_difference_tells_the_noise()
    {
        Threat threat = Only("self-test", SelfTest(Session.Interleaved(21)));
        Assert.Equal(ThreatSeverity.Note, threat.Severity);
        Assert.Matches("^native, measured twice in each block, is not told apart from itself in wall; differences of less than 0\\.[0-9]+ % are not told from noise here\\.$", threat.Sentence);
        Assert.EndsWith(", 20 blocks", threat.Evidence);
        None("self-test", Session.Interleaved(21));
    }

    [Fact]
    public void A_self_test_with_a_difference_raises_doubts_and_one_of_too_few_blocks_says_nothing()
    {
        Threat threat = Only("self-test", SelfTest(Session.Interleaved(21, slower: 1.02)));
        Assert.Equal(ThreatSeverity.Doubt, threat.Severity);
        Assert.StartsWith("native, measured twice in each block, differs from itself in wall", threat.Sentence);
        None("self-test", SelfTest(Session.Interleaved(21, blocks: 5)));
    }
}
