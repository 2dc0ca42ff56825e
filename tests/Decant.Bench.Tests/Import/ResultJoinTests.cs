using System.Collections.Immutable;
using System.Text;

namespace Decant.Bench.Tests;

public sealed class ResultJoinTests
{
    static IReadOnlyList<BenchResult> Read(string sample) => ResultImport.Read($"dir/{sample}", Sample.Bytes(sample));

    static StoredResults Hyperfine(string name, params string[] commands) => new(name, ResultImport.Read($"{name}.json", Encoding.UTF8.GetBytes(
        $$"""{"results":[{{string.Join(',', commands.Select((command, i) => $$"""{"command":"{{command}}","mean":1,"times":[{{i + 1}}.0,{{i + 1}}.1,{{i + 1}}.2]}"""))}}]}""")));

    static StoredResults Later(string name, BenchResult result, double hours) =>
        new(name, [result.Each(trial => trial with { Started = trial.Started + TimeSpan.FromHours(hours) })]);

    static BenchResult Join(params StoredResults[] files)
    {
        JoinedResults joined = ResultJoin.Of(files);
        Assert.Null(joined.Separate);
        return Assert.Single(joined.Results);
    }

    static IEnumerable<string> Arms(BenchResult result) => result.Environments.Select(environment => environment.Name);

    [Fact]
    public void Files_of_one_arm_each_are_arms_of_each_workload_that_all_have()
    {
        IReadOnlyList<BenchResult> native = Read("pyperf.json");
        IReadOnlyList<BenchResult> docker = [.. native.Skip(1).Select(result => result.Each(trial => trial with { Started = trial.Started + TimeSpan.FromHours(1) }))];
        JoinedResults joined = ResultJoin.Of([new("native", native), new("docker", docker)]);
        Assert.Equal(["[1,2]*1000", "[1,2,3]*1000"], joined.Results.Select(result => result.Title));
        Assert.All(joined.Results, result => Assert.Equal(["native", "docker"], Arms(result)));
        Assert.Equal(Enumerable.Range(0, 10), joined.Results[0].Trials.Select(trial => trial.Number));
        Assert.Contains("Not in all files, and left out: [1]*1000.", joined.Results[0].Remarks);
        Assert.Equal(native[1].Trials[0].Values["time"], joined.Results[0].Trials[0].Values["time"]);
    }

    [Fact]
    public void Commands_of_two_files_of_hyperfine_keep_their_names_where_these_tell_them_apart()
    {
        BenchResult result = Join(Hyperfine("a", "native/run"), Hyperfine("b", "docker run x", "podman run x"));
        Assert.Equal(["native/run", "docker run x", "podman run x"], Arms(result));
        Assert.Equal("a and b", result.Title);
        Assert.Contains("Put together from separate measurements: a and b; no time of start is told, so the trials are taken to have run file by file.", result.Remarks);
        Assert.Contains("b: hyperfine ran all runs of one command before those of the next.", result.Remarks);
        Assert.Equal(2, ResultConclusions.Of(result).Verdicts.Length);
    }

    [Fact]
    public void One_command_at_two_times_goes_by_the_names_of_the_files()
    {
        BenchResult result = Join(Hyperfine("old", "sleep 1"), Hyperfine("new", "sleep 1"));
        Assert.Equal(["old", "new"], Arms(result));
        Threat threat = Assert.Single(ThreatsToValidity.Of(result), threat => threat.Id == "blocked-order");
        Assert.StartsWith("All trials of old came before those of new", threat.Sentence);
    }

    [Fact]
    public void A_session_at_two_times_is_held_against_itself_arm_by_arm()
    {
        BenchResult made = MadeUp(1).Each(trial => trial.Environment == "docker" ? trial.With("teardown", 0.5 + 0.001 * trial.Number) : trial);
        BenchResult first = made with { Title = "t", Metrics = [.. made.Metrics, BuiltInMetrics.Find("teardown")!], Command = ["x"], Machine = ImmutableSortedDictionary<string, string>.Empty.Add("kernel", "6.1").Add("cpus", "2") };
        JoinedResults joined = ResultJoin.Of([Later("old", first, 0), Later("new", first with { Machine = first.Machine.SetItem("kernel", "6.18") }, 24)]);
        Assert.Equal(["t: native", "t: docker"], joined.Results.Select(result => result.Title));
        BenchResult native = joined.Results[0];
        Assert.Equal([["wall", "memory.peak"], ["wall", "memory.peak", "teardown"]], joined.Results.Select(result => result.Metrics.Select(metric => metric.Name).ToArray()));
        Assert.Equal(["old", "new"], Arms(native));
        Assert.Equal(first.Trials.Count(trial => trial.Environment == "native") * 2, native.Trials.Length);
        Assert.All(native.Trials, trial => Assert.Null(trial.Block));
        Assert.Equal(["cpus"], native.Machine.Keys);
        Assert.Equal(("machine.kernel", "6.1", "6.18"), FactDifference.Of(native.Environments).Select(one => (one.Name, one.Values["old"], one.Values["new"])).Single());
        Assert.Contains("Put together from separate measurements: old (2026-03-01 12:00 to 12:39 UTC) and new (2026-03-02 12:00 to 12:39 UTC).", native.Remarks);
        Assert.Contains("What is known of the machine is not the same: kernel.", native.Remarks);
        // What both sessions had declared stands; one command in several results is no mistake.
        Assert.Equal(new Question("wall", "new", "old", EquivalenceMargin.Percent(1)), Assert.Single(native.Questions));
        IReadOnlyList<Threat> threats = ThreatsToValidity.Of(joined.Results);
        Assert.Equal(2, threats.Count(threat => threat.Id == "blocked-order"));
        Assert.DoesNotContain(threats, threat => threat.Id is "same-workload" or "nothing-declared" or "unmeasured" or "missing-values");
    }

    [Fact]
    public void Runs_that_took_turns_across_the_files_are_in_the_order_of_their_start()
    {
        BenchResult both = MadeUp(2);
        StoredResults Only(string arm) => new(arm, [both with { Environments = [both.Environments.Single(one => one.Name == arm)], Trials = [.. both.Trials.Where(trial => trial.Environment == arm)], Questions = [] }]);
        BenchResult result = Join(Only("native"), Only("docker"));
        Assert.Equal(both.Trials.Select(trial => trial.Environment), result.Trials.Select(trial => trial.Environment));
        Assert.DoesNotContain(ThreatsToValidity.Of(result), threat => threat.Id == "blocked-order");
    }

    [Fact]
    public void Arms_of_which_only_some_go_by_the_same_name_get_the_name_of_their_file_where_they_must() =>
        Assert.Equal(["a: host", "native", "b: host", "docker"], Arms(Join(Hyperfine("a", "host", "native"), Hyperfine("b", "host", "docker"))));

    [Fact]
    public void What_has_nothing_in_common_stays_apart_with_the_reason()
    {
        JoinedResults workloads = ResultJoin.Of([new("a", Read("google-benchmark.json")), new("b", Read("pyperf.json"))]);
        Assert.Equal(("no workload is in all of them", 6), (workloads.Separate, workloads.Results.Count));
        JoinedResults metrics = ResultJoin.Of([Hyperfine("a", "x"), new("b", Read("pyperf-memory.json"))]);
        Assert.Equal(("they have no metric in common", 2), (metrics.Separate, metrics.Results.Count));
        JoinedResults commands = ResultJoin.Of([new("a", [MadeUp(1) with { Command = ["gzip"] }]), new("b", [MadeUp(2) with { Command = ["xz"] }])]);
        Assert.Equal("they measured different commands", commands.Separate);
        BenchResult minutes = MadeUp(2) with { Metrics = [Session.Wall with { Unit = "min" }] };
        Assert.Equal("wall is not in the same unit in all of them", ResultJoin.Of([new("a", [MadeUp(1)]), new("b", [minutes])]).Separate);
    }

    [Fact]
    public void Files_are_called_by_as_much_of_their_path_as_tells_them_apart()
    {
        Assert.Equal(["native", "docker"], StoredResults.Names(["native.json", "x/docker.json"]));
        Assert.Equal(["old/results", "new/results"], StoredResults.Names(["old/results.json", "new/results.json"]));
        Assert.Equal(["v1.2", "s"], StoredResults.Names(["v1.2/", "/x/s"]));
        Assert.Equal(["a", "a (2)"], StoredResults.Names(["a.json", "a.json"]));
    }

    static BenchResult MadeUp(ulong seed) => Session.Interleaved(seed);
}
