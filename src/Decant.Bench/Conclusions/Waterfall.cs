using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>
/// Where the memory went: the difference of two environments in the host's used memory as a sum of named parts. Medians over the trials; bytes.
/// </summary>
/// <param name="Difference">Of host.used_free, subject − baseline.</param>
/// <param name="Parts">In the order of the report; their sum and <paramref name="Unexplained"/> is the difference.</param>
/// <param name="Unexplained">Memory that no counter of the kernel explains, and page cache of no class of files where that was not measured.</param>
/// <param name="Tolerance">What is let pass of that, and of the page cache of other files: 256 MiB, or 2 % of the baseline's used memory if that is more.</param>
public sealed record Waterfall(string Subject, string Baseline, double Difference, ImmutableArray<WaterfallPart> Parts, double Unexplained, double Tolerance)
{
    const double LeastTolerance = 256 << 20;

    /// <summary>The part that is page cache of files in no class: known as a sum, by no names.</summary>
    public const string OtherFiles = "page cache of other files";

    public bool IsExplained => Math.Abs(Unexplained) <= Tolerance && Parts.All(IsNamed);

    public bool IsNamed(WaterfallPart part) => part.Name != OtherFiles || Math.Abs(part.Bytes) <= Tolerance;

    /// <summary>Null where the trials have no samples of the host's memory.</summary>
    public static Waterfall? Of(BenchResult result, string subject, string baseline)
    {
        double? Delta(string metric) => Median(result, metric, subject) - Median(result, metric, baseline);
        if (Delta("host.used_free") is not { } difference)
            return null;
        List<WaterfallPart> parts = [];
        double anonymous = Delta("host.anonymous").GetValueOrDefault();
        double engine = Delta("host.engine").GetValueOrDefault();
        if (Delta("host.program") is { } program)
        {
            parts.Add(new WaterfallPart("the program's own pages", program));
            parts.Add(new WaterfallPart("other programs of the host", anonymous - program - engine));
        }
        else
        {
            parts.Add(new WaterfallPart("programs' own pages", anonymous - engine));
        }

        if (engine != 0)
            parts.Add(new WaterfallPart("engines' daemons and client", engine));
        double? otherFiles = Delta("host.file_cache");
        foreach (Metric metric in result.Metrics.Where(metric => metric.Name.StartsWith("files.", StringComparison.Ordinal)))
        {
            // An environment without such files has none of them in the cache.
            double part = Median(result, metric.Name, subject).GetValueOrDefault() - Median(result, metric.Name, baseline).GetValueOrDefault();
            parts.Add(new WaterfallPart($"page cache of {metric.Name["files.".Length..]}", part));
            otherFiles -= part;
        }

        if (otherFiles is { } bytes)
            parts.Add(new WaterfallPart(OtherFiles, bytes));

        parts.Add(new WaterfallPart("shared memory, tmpfs", Delta("host.shared").GetValueOrDefault()));
        parts.Add(new WaterfallPart("kernel", Delta("host.kernel").GetValueOrDefault()));
        parts.Add(new WaterfallPart("free, in processors' lists", Delta("host.processor_lists").GetValueOrDefault()));
        // Of GPUs with their own memory there is no such metric, as that is not the host's.
        if (Delta("host.gpu") is { } gpu)
            parts.Add(new WaterfallPart("GPU", gpu));
        return new Waterfall(
            subject, baseline, difference, [.. parts], difference - parts.Sum(part => part.Bytes),
            Math.Max(LeastTolerance, 0.02 * Median(result, "host.used_free", baseline).GetValueOrDefault()));
    }

    static double? Median(BenchResult result, string metric, string environment)
    {
        double[] values = [.. result.Trials.Where(trial => trial.Counts && trial.Environment == environment && trial.Values.ContainsKey(metric)).Select(trial => trial.Values[metric])];
        return values.Length == 0 ? null : Descriptive.Median(values);
    }
}
