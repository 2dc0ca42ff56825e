namespace Decant.Bench;

/// <summary>cycle-time: one arm's trials take longer from start to start, which no metric tells: it did more than was measured.</summary>
sealed class CycleTimeCheck : ThreatCheck
{
    const int Least = 4;
    const double Alpha = 0.01;

    /// <summary>A second more in a minute is no other work.</summary>
    const double LeastPart = 0.05;

    /// <summary>Nor is what a launcher takes to begin and to end.</summary>
    const double LeastSeconds = 1;

    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        foreach (PlacedTrial[] sequence in session.Sequences)
        {
            if (sequence.Length == 0)
                continue;
            ILookup<string, double> cycles = Cycles(sequence);
            BenchResult result = sequence[0].Result;
            string baseline = result.Environments[0].Name;
            foreach (ResultEnvironment environment in result.Environments.Skip(1))
            {
                double[] subject = [.. cycles[environment.Name]], other = [.. cycles[baseline]];
                if (subject.Length < Least || other.Length < Least)
                    continue;
                TTest welch = TTest.Welch(subject, other);
                double mean = Descriptive.Mean(other);
                if (RankSum.Test(subject, other).P > Alpha || Math.Abs(welch.Difference) < Math.Max(LeastSeconds, LeastPart * mean))
                    continue;
                string longer = welch.Difference > 0 ? "longer" : "shorter";
                yield return new Threat(
                    "cycle-time", ThreatSeverity.Doubt, session.Sequences.Count == 1 ? null : session.Name(result),
                    $"From start to start a trial of {environment.Name} takes {Math.Abs(welch.Difference):F0} s {longer} than one of {baseline}, beside what a metric "
                        + "tells: find out what is done in that time, such as a download or a copy.",
                    $"{environment.Name} {Descriptive.Mean(subject):F1} s, {baseline} {mean:F1} s; "
                        + $"{NumberText.Level(welch.Interval.Level)} interval of the difference {welch.Interval.Low:F1} to {welch.Interval.High:F1} s".Replace('-', '−'));
            }
        }
    }

    /// <summary>The seconds from each trial's start to the next one's, less the trial's own wall time and the removal of its container where these are measured, by arm.</summary>
    static ILookup<string, double> Cycles(PlacedTrial[] sequence)
    {
        (PlacedTrial Now, PlacedTrial Next)[] pairs =
        [
            .. sequence.Zip(sequence.Skip(1)).Where(pair => pair.First.Trial.Started is not null && pair.Second.Trial.Started is not null),
        ];
        // Where arms ran in turn the next trial is another arm's. Where one followed itself, what lies between arms or between two starts is no cycle.
        (PlacedTrial Now, PlacedTrial Next)[] within = [.. pairs.Where(pair => Follows(pair.Now, pair.Next))];
        bool blocked = sequence.Select(placed => placed.Trial.Environment).Distinct().All(arm => within.Count(pair => pair.Now.Trial.Environment == arm) >= Least);
        return (blocked ? within : pairs).ToLookup(
            pair => pair.Now.Trial.Environment,
            pair => (pair.Next.Trial.Started! - pair.Now.Trial.Started!).Value.TotalSeconds - pair.Now.Trial.Values.GetValueOrDefault("wall") - pair.Now.Trial.Values.GetValueOrDefault("teardown"));
    }

    static bool Follows(PlacedTrial now, PlacedTrial next) =>
        now.Result == next.Result && now.Trial.Environment == next.Trial.Environment && (now.Trial.Iteration is null || next.Trial.Iteration == now.Trial.Iteration + 1);
}
