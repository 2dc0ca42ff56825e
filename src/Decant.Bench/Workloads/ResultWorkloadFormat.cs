using System.Globalization;

namespace Decant.Bench;

/// <summary>
/// The JSON of a benchmark tool as the output of a workload: what it repeated inside the trial is one value, the mean, as iterations are no repetitions.
/// </summary>
sealed class ResultWorkloadFormat(ResultFormat format) : WorkloadFormat
{
    public override string Name => format.Tool.ToLowerInvariant();

    internal override bool Claims(WorkloadText text)
    {
        try
        {
            return text.MaybeJson() is { } root && format.Wrote(root);
        }
        catch (UnreadableException)
        {
            return false;
        }
    }

    internal override IEnumerable<WorkloadValue> Parse(WorkloadText text)
    {
        JsonPlace root = text.Json();
        if (!format.Wrote(root))
            throw root.Unreadable($"is no result of {format.Tool}");
        IReadOnlyList<BenchResult> results = format.Read(root, "");
        foreach (BenchResult result in results)
        {
            if (result.Trials.FirstOrDefault(trial => !trial.Counts) is { } failed)
                throw new UnreadableException($"{result.Title} {failed.Environment}: {failed.Failure}".Trim());
            foreach (ResultEnvironment environment in result.Environments)
            {
                string before = (results.Count > 1 ? $"{Slug(result.Title)}." : "") + (result.Environments.Length > 1 ? $"{Slug(environment.Name)}." : "");
                foreach (Metric metric in result.Metrics)
                {
                    double[] values = AuditedSession.Values(result, environment.Name, metric.Name);
                    if (values.Length == 0)
                        throw new UnreadableException($"{result.Title} {environment.Name} has no value of {metric.Name}");
                    string meaning = values.Length == 1 ? metric.Meaning : $"{metric.Meaning} The mean of {values.Length}.";
                    Metric named = metric with { Name = before + metric.Name, Meaning = meaning };
                    yield return new WorkloadValue(named, Descriptive.Mean(values), $"{result.Title} {environment.Name}".Trim(), "", root.Line);
                }
            }
        }
    }

    static string Slug(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLower(c, CultureInfo.InvariantCulture) : '_')).Trim('_');
}
