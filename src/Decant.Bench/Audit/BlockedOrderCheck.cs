namespace Decant.Bench;

/// <summary>blocked-order: an arm's trials in a row, so that whatever changes in the course of a session looks like a difference between arms.</summary>
sealed class BlockedOrderCheck : ThreatCheck
{
    /// <summary>Of a long sequence its beginning shows how it goes on.</summary>
    const int MostRuns = 8;

    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        foreach (BenchResult result in session.Results)
        {
            if (result.Environments.Length < 2 || result.Trials.Length < 2 || AuditedSession.IsInterleaved(result))
                continue;
            (string Arm, int Count)[] runs = [.. Runs(result.Trials.OrderBy(trial => trial.Number).Select(trial => trial.Environment))];
            string sentence = runs.Length == result.Environments.Length
                ? $"All trials of {runs[0].Arm} came before {(runs.Length == 2 ? $"those of {runs[1].Arm}" : "any of the next arm")}: what changed on the machine in the "
                    + "meantime looks like a difference between them, and the honest number of repetitions is one for each arm."
                : "Trials did not go in complete blocks, each arm once in each: what changed on the machine meanwhile meets the arms unequally.";
            yield return new Threat(
                "blocked-order", ThreatSeverity.Disqualifying, session.Name(result), sentence, $"in order of execution: {Text(runs)}{Whole(session, result)}");
        }
    }

    static string Whole(AuditedSession session, BenchResult result)
    {
        PlacedTrial[] sequence = session.Sequences.First(trials => trials.Any(placed => placed.Result == result));
        return session.Results.Count > 1 && session.Sequences.Count == 1 ? $"; the whole session: {Text([.. Runs(sequence.Select(placed => placed.Trial.Environment))])}" : "";
    }

    static string Text((string Arm, int Count)[] runs) =>
        string.Join(", ", runs.Take(MostRuns).Select(run => $"{run.Arm} {run.Count}×")) + (runs.Length > MostRuns ? ", …" : "");

    static IEnumerable<(string Arm, int Count)> Runs(IEnumerable<string> arms)
    {
        string? last = null;
        int count = 0;
        foreach (string arm in arms)
        {
            if (last is not null && arm != last)
            {
                yield return (last, count);
                count = 0;
            }

            last = arm;
            count++;
        }

        if (last is not null)
            yield return (last, count);
    }
}
