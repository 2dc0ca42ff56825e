namespace Decant.Bench;

/// <summary>Which trial of an environment is shown where only one can be: that with the median.</summary>
static class TypicalTrial
{
    /// <summary>That with the median of the peaks.</summary>
    /// <param name="height">Of a sample: what the peak is of. Null where the sample has it not.</param>
    /// <returns>Null where no trial that counts was looked at twice.</returns>
    public static Trial? Of(BenchResult result, string environment, Func<Sample, double?> height)
    {
        Trial[] trials =
        [
            .. result.Trials.Where(trial => trial.Counts && trial.Environment == environment && trial.Samples.Count(sample => height(sample) is not null) > 1)
                .OrderBy(trial => trial.Samples.Max(height)),
        ];
        return Middle(trials);
    }

    /// <summary>That with the median of a metric's values, among those that can be shown.</summary>
    /// <returns>Null where no trial that counts can be shown, and has a value.</returns>
    public static Trial? OfValue(BenchResult result, string environment, string metric, Func<Trial, bool> shown) => Middle(
        [.. result.Trials.Where(trial => trial.Counts && trial.Environment == environment && trial.Values.ContainsKey(metric) && shown(trial)).OrderBy(trial => trial.Values[metric])]);

    /// <summary>Of an even number the lower of the two in the middle: one that was measured.</summary>
    static Trial? Middle(Trial[] trials) => trials.Length == 0 ? null : trials[(trials.Length - 1) / 2];
}
