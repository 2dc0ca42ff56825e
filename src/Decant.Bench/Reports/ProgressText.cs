using Decant.Linux;

namespace Decant.Bench;

/// <summary>How far a session is and how its environments stand, for a terminal of some width; no line is longer than that.</summary>
public static class ProgressText
{
    /// <summary>An interval at a lower level, as few blocks give it, would look too narrow.</summary>
    const double LeastLevel = 0.9;

    /// <summary>A name is not cut below this for another column's sake.</summary>
    const int LeastName = 8;

    /// <summary>What is measured now, and how much is left. Where the width does not suffice, in fewer words.</summary>
    public static string Line(BenchProgress progress, int width)
    {
        string name = PathBytes.Printable(progress.Environment);
        string phase = progress.Phase == "trial" ? "" : $" ({progress.Phase})";
        string left = progress.Left is { } time ? $", at most {DurationText.Format(time)} left" : "";
        string[] lines =
        [
            $"block {progress.Block} of {progress.Blocks}, trial {progress.Trials + 1} of {progress.AllTrials}: {name}{phase}{left}",
            $"block {progress.Block}/{progress.Blocks}: {name}{phase}{(progress.Left is { } some ? $", {DurationText.Format(some)}" : "")}",
        ];
        return Cut(lines.FirstOrDefault(line => line.Length <= width, lines[^1]), width);
    }

    /// <summary>
    /// For each environment the trials that count, those that failed, the median of the primary metric, and the ratio to the baseline with its interval from the
    /// blocks so far. The last columns are left out where the width does not suffice. Empty before the first trial.
    /// </summary>
    public static IReadOnlyList<string> Table(BenchResult result, int width)
    {
        if (result.Trials.IsEmpty || result.Environments.IsEmpty)
            return [];
        Metric? primary = result.Metrics.FirstOrDefault();
        bool failures = result.Trials.Any(trial => !trial.Counts);
        List<string[]> rows = [["", "trials", .. failures ? (string[])["failed"] : [], primary?.Name ?? "", .. result.Environments.Length > 1 ? (string[])["ratio", "interval"] : []]];
        foreach (ResultEnvironment arm in result.Environments)
        {
            Trial[] trials = [.. result.Trials.Where(trial => trial.Environment == arm.Name)];
            double[] values = primary is null ? [] : [.. trials.Where(trial => trial.Counts && trial.Values.ContainsKey(primary.Name)).Select(trial => trial.Values[primary.Name])];
            rows.Add(
            [
                PathBytes.Printable(arm.Name),
                $"{trials.Count(trial => trial.Counts)}",
                .. failures ? (string[])[$"{trials.Count(trial => !trial.Counts)}"] : [],
                values.Length == 0 ? "-" : ValueText.Of(Descriptive.Median(values), primary!.Unit),
                .. result.Environments.Length > 1 ? Ratio(result, arm.Name) : [],
            ]);
        }

        return Fitting(rows, width);
    }

    /// <summary>The ratio and its interval.</summary>
    static string[] Ratio(BenchResult result, string environment)
    {
        string baseline = result.Environments[0].Name;
        if (environment == baseline)
            return ["baseline", ""];
        if (result.Metrics.IsEmpty || PairedValues.Of(result, result.Metrics[0].Name, environment, baseline) is not { Positive: true } pairs)
            return ["", ""];
        ShiftEstimate shift = SignedRank.Estimate(pairs.LogRatios());
        Interval interval = shift.Interval.Exp();
        (string ratio, string low, string high) = ValueText.Ratios(new Estimate(Math.Exp(shift.Value), interval));
        return interval.Level < LeastLevel ? [ValueText.Ratio(Math.Exp(shift.Value)), ""] : [ratio, $"{low} … {high}"];
    }

    static IReadOnlyList<string> Fitting(List<string[]> rows, int width)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        int columns = widths.Length;
        while (columns > 2 && Math.Min(widths[0], LeastName) + widths[1..columns].Sum(one => one + 2) > width)
            columns--;
        int name = Math.Clamp(width - widths[1..columns].Sum(one => one + 2), 1, widths[0]);
        return [.. rows.Select(row => Cut(string.Concat(row[1..columns].Select((cell, i) => "  " + cell.PadLeft(widths[i + 1])).Prepend(SvgPicture.Short(row[0], name).PadRight(name))), width).TrimEnd())];
    }

    static string Cut(string line, int width) => line.Length > width ? line[..Math.Max(0, width)] : line;
}
