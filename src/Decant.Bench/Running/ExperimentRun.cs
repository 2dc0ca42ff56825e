using System.Collections.Immutable;
using System.Diagnostics;
using Decant.Launch.Running;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>Measures an experiment block by block, into a session's directory.</summary>
public sealed class ExperimentRun
{
    /// <summary>An environment whose first trials all fail is not worth a whole session.</summary>
    const int FirstFailures = 2;

    readonly Experiment experiment;
    readonly BenchSession session;
    readonly ImmutableArray<BenchEnvironment> arms;
    readonly Action<BenchProgress> progress;
    readonly Stopwatch clock = Stopwatch.StartNew();
    readonly int[][] orders;
    int trialsHere;

    /// <param name="arms">Prepared; those of the experiment that can be measured here, in its order.</param>
    /// <param name="progress">Told before each step.</param>
    public ExperimentRun(Experiment experiment, BenchSession session, ImmutableArray<BenchEnvironment> arms, Action<BenchProgress> progress)
    {
        (this.experiment, this.session, this.arms, this.progress) = (experiment, session, arms, progress);
        // One arm alone has no order.
        orders = arms.Length > 1 ? BlockOrder.Of(arms.Length, experiment.MostBlocks, session.Seed) : [.. Enumerable.Repeat<int[]>([0], experiment.MostBlocks)];
    }

    /// <summary>Goes on until the stop rule, the budget or <paramref name="cancel"/> ends it. What has been measured is on the disk in any case.</summary>
    /// <returns>Why it ended: null where it was cancelled.</returns>
    /// <exception cref="DecantException">An environment fails from the start.</exception>
    public string? Run(SessionCgroup? cgroup, CancellationToken cancel)
    {
        using Janitor? janitor = cgroup is null ? null : Janitor.Of(cgroup.Everywhere);
        HashSet<FileClass> shared = [.. LauncherFiles(), .. arms.SelectMany(arm => arm.Files(null)).Where(files => files.Name == OverlayFiles.ImageLayers)];
        TrialRun runner = new(cgroup, experiment, session.Path, [.. arms.SelectMany(arm => arm.Daemons).Distinct()], shared);
        runner.RemoveInterrupted(arms);
        try
        {
            for (int block = 0; block < experiment.MostBlocks; block++)
            {
                if (block >= experiment.LeastBlocks && Precise())
                    return $"the intervals are narrow enough after {block} blocks";
                if (experiment.Budget is { } budget && clock.Elapsed >= budget && block > 0)
                    return $"the budget of {budget.TotalSeconds} s is spent after {block} blocks";
                foreach (int arm in orders[block])
                {
                    if (!session.Trials.Any(trial => trial.Block == block && trial.Environment == arms[arm].Name))
                        Trial(runner, block, arms[arm], cancel);
                }
            }

            return $"{experiment.MostBlocks} blocks are done";
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    IEnumerable<FileClass> LauncherFiles() =>
        [.. arms.SelectMany(arm => arm.Programs).Distinct().Select(HostCommand.Find).OfType<string>().Select(path => new FileClass("launchers' programs", LinuxFile.TryRealPath(path, out string? real) == Errno.None ? real! : path))];

    void Trial(TrialRun runner, int block, BenchEnvironment arm, CancellationToken cancel)
    {
        List<string> remarks = [];
        remarks.AddRange(WaitForGates(() => Report(block, arm, "gate"), cancel));
        CachePolicy cache = arm.Spec.Cache ?? experiment.Cache;
        if (cache == CachePolicy.Cold && CacheState.Drop() is { } stayed)
            remarks.Add(stayed);
        int number = session.Trials.Count;
        for (int prime = 0; cache == CachePolicy.Warm && prime < experiment.Primes; prime++)
        {
            Report(block, arm, "prime");
            TrialOutcome primed = runner.Run(arm, $"p{number}.{prime}", look: false, cancel);
            if (primed.Failure is { } reason && block == 0)
                throw Failing(arm, reason);
        }

        Report(block, arm, "trial");
        TrialOutcome outcome = runner.Run(arm, $"t{number}", look: true, cancel);
        session.Add(outcome.Metrics);
        session.Add(
            new Trial
            {
                Number = number,
                Block = block,
                Environment = arm.Name,
                Started = outcome.Started,
                Failure = outcome.Failure,
                Values = outcome.Values,
                Files = outcome.Files,
                Remarks = [.. remarks, .. outcome.Remarks],
                Samples = [.. outcome.Samples],
            });
        trialsHere++;
        if (outcome.Failure is null && !outcome.Values.ContainsKey(experiment.Primary) && (BuiltInMetrics.Find(experiment.Primary) is null || experiment.Primary.StartsWith("gpu.", StringComparison.Ordinal)))
            throw new DecantException($"{PathBytes.Printable(arm.Name)} has no value of {PathBytes.Printable(experiment.Primary)}, which the verdict is to be about", $"it has {string.Join(", ", outcome.Values.Keys)}");
        if (outcome.Observed is { } process && !session.Knows(arm.Name))
            session.Add(EnvironmentFacts.Of(arm, process));
        if (outcome.Failure is { } failure && session.Trials.Count(trial => trial.Environment == arm.Name) <= FirstFailures
            && session.Trials.Where(trial => trial.Environment == arm.Name).All(trial => !trial.Counts))
            throw Failing(arm, failure);
    }

    DecantException Failing(BenchEnvironment arm, string reason)
    {
        string alone = "try the command in it by itself first" + (reason.StartsWith("it ended with", StringComparison.Ordinal) ? "; --exit-code tells which code is right" : "");
        return new DecantException(
            $"the environment {PathBytes.Printable(arm.Name)} fails: {string.Join("\n    ", reason.TrimEnd().Split('\n').Select(PathBytes.Printable))}",
            session.Trials.Any(trial => trial.Counts) ? $"{alone}; decant compare {PathBytes.Printable(session.Path)} shows what was measured of others" : alone);
    }

    /// <param name="waiting">Told while a gate is closed.</param>
    List<string> WaitForGates(Action waiting, CancellationToken cancel)
    {
        long started = Stopwatch.GetTimestamp();
        List<string> remarks = [];
        foreach (Gate gate in experiment.Gates)
        {
            while (GateReading.Of(gate.Condition) is { } reading && !gate.Opens(reading))
            {
                if (Stopwatch.GetElapsedTime(started) > experiment.GateTimeout)
                {
                    remarks.Add($"{gate} did not come true in {experiment.GateTimeout.TotalSeconds} s");
                    break;
                }

                waiting();
                cancel.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(500));
                cancel.ThrowIfCancellationRequested();
            }
        }

        return remarks;
    }

    bool Precise()
    {
        StopRule rule = new(Math.Log(1 + experiment.Precision / 100), experiment.LeastBlocks, experiment.MostBlocks);
        BenchResult result = session.ToResult();
        return result.Questions.All(question => PairedValues.Of(result, question) is { Count: > 0 } pairs && rule.After(pairs.LogRatios()).Reason == StopReason.Precise);
    }

    void Report(int block, BenchEnvironment arm, string phase)
    {
        int all = experiment.MostBlocks * arms.Length;
        TimeSpan? left = trialsHere >= arms.Length ? clock.Elapsed / trialsHere * (all - session.Trials.Count) : null;
        if (experiment.Budget is { } budget && left > budget - clock.Elapsed)
            left = budget - clock.Elapsed;
        progress(new BenchProgress(block + 1, experiment.MostBlocks, session.Trials.Count, all, arm.Name, phase, left, session.ToResult));
    }
}
