using System.Diagnostics;

namespace Decant.Doctor;

/// <summary>
/// Looks for the smallest change of the environment with which a command has no errors. Findings propose, examining the command again
/// decides: nothing is prescribed that was not proved.
/// </summary>
public static class PrescriptionSearch
{
    const int MostChanges = 7;
    const int MostExaminations = 200;

    /// <summary>Longer than anybody waits for a launch.</summary>
    static readonly TimeSpan MostTime = TimeSpan.FromSeconds(5);

    /// <summary>Of the changes tried in one round, those that the next goes on from.</summary>
    const int Beam = 6;

    /// <param name="findings">Of the command as it is.</param>
    /// <param name="examine">Examines the command with another environment.</param>
    /// <param name="obstacle">Where no change was found that removes all errors: the one that leads furthest, and what is left then.</param>
    /// <returns>Null where there are no errors, or no change was found that removes them all.</returns>
    public static Prescription? Find(ExaminedCommand command, IReadOnlyList<Finding> findings, Func<ExaminedCommand, IReadOnlyList<Finding>> examine,
        out Obstacle? obstacle)
    {
        obstacle = null;
        List<Attempt> round = [new Attempt([], findings)];
        if (round[0].Errors.Count == 0)
            return null;
        HashSet<string> tried = new(StringComparer.Ordinal);
        int examinations = 0;
        Stopwatch time = Stopwatch.StartNew();
        for (int depth = 0; depth < MostChanges; depth++)
        {
            List<Attempt> next = [];
            foreach (Attempt attempt in round)
            {
                foreach (EnvironmentChange change in attempt.Errors.SelectMany(error => error.Candidates))
                {
                    EnvironmentChange[] changes = [.. attempt.Changes.Where(earlier => earlier.Name != change.Name), change];
                    if (!tried.Add(Key(changes)) || examinations >= MostExaminations || time.Elapsed > MostTime)
                        continue;
                    examinations++;
                    Attempt made = new(changes, examine(command.With(changes)));
                    if (made.Errors.Count == 0)
                        return new Prescription(Reduced(command, made.Changes, examine));
                    if (!made.IsNoBetterThan(attempt))
                        next.Add(made);
                }
            }

            if (next.Count == 0)
                break;
            round = [.. next.OrderBy(attempt => attempt.Errors.Count).Take(Beam)];
        }

        if (round[0].Changes.Length > 0)
            obstacle = new Obstacle(round[0].Changes, round[0].Errors);
        return null;
    }

    /// <summary>Without what later changes made needless.</summary>
    static EnvironmentChange[] Reduced(ExaminedCommand command, EnvironmentChange[] changes, Func<ExaminedCommand, IReadOnlyList<Finding>> examine)
    {
        for (int i = 0; changes.Length > 1 && i < changes.Length; i++)
        {
            EnvironmentChange[] fewer = [.. changes[..i], .. changes[(i + 1)..]];
            if (examine(command.With(fewer)).Any(finding => finding.Severity == FindingSeverity.Error))
                continue;
            changes = fewer;
            i = -1;
        }

        return changes;
    }

    static string Key(EnvironmentChange[] changes) =>
        string.Join('\n', changes.Select(change => $"{change.Name}={change.Value}").Order(StringComparer.Ordinal));

    sealed class Attempt(EnvironmentChange[] changes, IReadOnlyList<Finding> findings)
    {
        public EnvironmentChange[] Changes { get; } = changes;

        public List<Finding> Errors { get; } = [.. findings.Where(finding => finding.Severity == FindingSeverity.Error)];

        /// <summary>Each of the errors was there before: the change has changed nothing, or made it worse.</summary>
        public bool IsNoBetterThan(Attempt before) =>
            before.Errors.TrueForAll(error => Errors.Exists(own => own.Id == error.Id && own.Cause == error.Cause));
    }
}
