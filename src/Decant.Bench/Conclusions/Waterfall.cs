using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>
/// Where the memory went: the difference of two environments in the host's used memory as a sum of named parts. Means over the blocks; bytes.
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

    /// <summary>A smaller difference of the host's memory is what other programs did meanwhile, and pages do not draw it.</summary>
    const double LeastDrawn = 64 << 20;

    internal bool IsLarge => Math.Abs(Difference) >= LeastDrawn;

    public bool IsExplained => Math.Abs(Unexplained) <= Tolerance && Parts.All(IsNamed);

    public bool IsNamed(WaterfallPart part) => part.Name != OtherFiles || Math.Abs(part.Bytes) <= Tolerance;

    /// <summary>Null where the trials have no samples of the host's memory.</summary>
    public static Waterfall? Of(BenchResult result, string subject, string baseline)
    {
        const string Used = "host.used_free";
        (Trial Subject, Trial Baseline)[] blocks = Blocks(result, subject, baseline, Used);
        // What an environment ever has it has in each trial, and where it is missing it was not looked at.
        Dictionary<string, HashSet<string>> seen = new[] { subject, baseline }.Distinct().ToDictionary(
            environment => environment, environment => result.Trials.Where(trial => trial.Counts && trial.Environment == environment).SelectMany(trial => trial.Values.Keys).ToHashSet());
        // Means, as only these are the sum of their parts; an environment without such memory has none of it.
        double? Delta(string metric) => !seen[subject].Contains(metric) && !seen[baseline].Contains(metric) ? null
            : blocks.Length == 0 ? Mean(result, metric, subject).GetValueOrDefault() - Mean(result, metric, baseline).GetValueOrDefault()
            : blocks.Where(block => block.Subject.Values.ContainsKey(metric) == seen[subject].Contains(metric) && block.Baseline.Values.ContainsKey(metric) == seen[baseline].Contains(metric))
                .Select(block => block.Subject.Values.GetValueOrDefault(metric) - block.Baseline.Values.GetValueOrDefault(metric)).DefaultIfEmpty().Average();
        if ((blocks.Length == 0 && (Mean(result, Used, subject) is null || Mean(result, Used, baseline) is null)) || Delta(Used) is not { } difference)
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
            double part = Delta(metric.Name).GetValueOrDefault();
            string name = metric.Name["files.".Length..];
            parts.Add(new WaterfallPart($"page cache of {name}", part) { Files = blocks.Length > 0 ? WaterfallFile.Of(name, blocks) : [] });
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
            Math.Max(LeastTolerance, 0.02 * Mean(result, Used, baseline).GetValueOrDefault()));
    }

    /// <summary>Of each block in which both count, so that what the host's memory does in the course of a session is in both.</summary>
    static (Trial Subject, Trial Baseline)[] Blocks(BenchResult result, string subject, string baseline, string metric)
    {
        Trial[] counting = [.. result.Trials.Where(trial => trial.Counts && trial.Block is not null && trial.Values.ContainsKey(metric))];
        return
        [
            .. from one in counting.Where(trial => trial.Environment == subject)
               join other in counting.Where(trial => trial.Environment == baseline) on one.Block equals other.Block
               select (one, other),
        ];
    }

    static double? Mean(BenchResult result, string metric, string environment)
    {
        double[] values = [.. result.Trials.Where(trial => trial.Counts && trial.Environment == environment && trial.Values.ContainsKey(metric)).Select(trial => trial.Values[metric])];
        return values.Length == 0 ? null : Descriptive.Mean(values);
    }
}
