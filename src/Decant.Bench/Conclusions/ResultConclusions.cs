using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>What follows from a result.</summary>
/// <param name="Verdicts">The answers to the declared questions; where none were declared, to the first metric of each environment against the first.</param>
/// <param name="Ratios">Everything else that can be compared with the baseline.</param>
/// <param name="SecondOpinions">What other methods say; no verdict rests on them.</param>
/// <param name="Summaries">Each metric of each environment.</param>
/// <param name="Waterfalls">Of each environment against the one that it is compared with, where memory was sampled.</param>
/// <param name="Differences">What is not the same in the environments besides what is compared.</param>
/// <param name="Threats">What else than the environments may explain the values, the gravest first.</param>
/// <param name="Remarks">What was noticed while measuring or importing.</param>
public sealed record ResultConclusions(
    ImmutableArray<Verdict> Verdicts, ImmutableArray<MetricRatio> Ratios, ImmutableArray<SecondOpinion> SecondOpinions, ImmutableArray<MetricSummary> Summaries, ImmutableArray<Waterfall> Waterfalls,
    ImmutableArray<FactDifference> Differences, ImmutableArray<Threat> Threats, ImmutableArray<string> Remarks)
{
    /// <summary>Memory of the whole host or of GPUs that is less than this apart does not matter, whatever the ratio: other programs do as much.</summary>
    const double HostAmount = 256 << 20;

    /// <summary>Likewise of one program: an allocator's arenas do as much.</summary>
    const double ProgramAmount = 1 << 20;

    /// <summary>Of one result by itself.</summary>
    public static ResultConclusions Of(BenchResult result, ulong seed = 0) => Of([result], seed)[0];

    /// <summary>Of the results of one session, which are also held against each other.</summary>
    public static IReadOnlyList<ResultConclusions> Of(IReadOnlyList<BenchResult> session, ulong seed)
    {
        IReadOnlyList<Threat> threats = ThreatsToValidity.Of(session);
        return [.. session.Select(result => Of(result, [.. threats.Where(threat => threat.Workload is null || threat.Workload == result.Title)], seed))];
    }

    static ResultConclusions Of(BenchResult result, ImmutableArray<Threat> threats, ulong seed)
    {
        List<string> remarks = [.. result.Remarks];
        if (!result.Trials.Any(trial => trial.Counts))
            remarks.Add(result.Trials.IsEmpty ? "no trial is done" : "no trial counts");
        ImmutableArray<Question> questions = result.QuestionsOrUsual();
        List<(Question, Comparison)> family = [];
        foreach (Question question in questions)
        {
            if (Compare(result, question.Metric, question.Subject, question.Baseline, seed) is { } comparison)
                family.Add((WithAmount(result, question), comparison));
            else if (result.Trials.Any(trial => trial.Counts))
                remarks.Add($"{question.Metric} of {question.Subject} and {question.Baseline} cannot be compared: too few trials count, or a value is not above zero");
        }

        ImmutableArray<Verdict> verdicts = family.Count == 0 ? [] : [.. Verdict.Of(family).Select(verdict => Doubted(result, verdict, seed))];
        ImmutableArray<MetricSummary> summaries = Summarize(result);
        if (verdicts.Length > 0 && verdicts[0].Comparison is PairedComparison paired && ExperimentCheck.TooFewBlocks(paired.Differences.Count, verdicts.Length) is { } few)
            remarks.Add(few);
        ImmutableArray<Waterfall> waterfalls = [.. questions.Select(question => (question.Subject, question.Baseline)).Distinct().Select(pair => Waterfall.Of(result, pair.Subject, pair.Baseline)).OfType<Waterfall>()];
        if (waterfalls.Any(waterfall => waterfall.IsLarge) && result.Environments.Any(arm => DesignFacts.CacheOf(result, arm.Name) is { } policy && !policy.StartsWith(DesignFacts.Cold, StringComparison.Ordinal)))
            remarks.Add("where the memory went has no page cache in it that both environments found there: caches were not dropped before each trial (--cache cold)");
        remarks.AddRange(result.Trials.SelectMany(trial => trial.Remarks.Select(remark => (trial.Environment, remark))).GroupBy(pair => pair)
            .Select(group => $"{group.Key.Environment}: {group.Key.remark} ({group.Count()} trials)"));
        return new ResultConclusions(
            verdicts, Compared(result, questions, seed), SecondOpinion.Of(result, [.. family.Select(one => one.Item1), .. questions], seed), summaries,
            waterfalls,
            // A report that is read again has the remarks of its trials already.
            FactDifference.Of(result.Environments), threats, [.. remarks.Distinct()]);
    }

    /// <summary>The same, inconclusive where the session cannot answer, whatever the numbers are.</summary>
    internal static Verdict Doubted(BenchResult result, Verdict verdict, ulong seed = 0)
    {
        Question question = verdict.Question;
        if (!IsInterleaved(result))
            verdict = verdict.Given(Drift(result, question.Metric, question.Subject, seed), Drift(result, question.Metric, question.Baseline, seed), interleaved: false);
        return LeftOver(result, question) is { } reason ? verdict.Doubted(reason) : verdict;
    }

    static bool IsInterleaved(BenchResult result)
    {
        List<string> names = [.. result.Environments.Select(arm => arm.Name)];
        int[] arms = [.. result.Trials.Select(trial => names.IndexOf(trial.Environment))];
        return arms.Length > 0 && !arms.Contains(-1) && BlockOrder.IsInterleaved(arms);
    }

    /// <summary>What page cache of earlier trials is in the figure; null where there is none.</summary>
    static string? LeftOver(BenchResult result, Question question)
    {
        string?[] policies = [DesignFacts.CacheOf(result, question.Subject), DesignFacts.CacheOf(result, question.Baseline)];
        bool ofHost = question.Metric is "host.used_free" or "host.file_cache" || question.Metric.StartsWith("files.", StringComparison.Ordinal);
        // A cgroup is charged for what it reads first: after a warm-up of the same environment that is nothing, in every environment.
        bool ofProgram = question.Metric is "memory.peak" or "memory.file";
        return (ofHost || ofProgram) && policies.Contains(DesignFacts.AsIs) ? "the page cache, which this figure counts, was as the trial before left it"
            : ofHost && policies.Any(policy => policy?.StartsWith(DesignFacts.Warm, StringComparison.Ordinal) == true) ? "the page cache, which this figure counts, is what trials of all environments left: --cache cold tells them apart"
            : null;
    }

    static Question WithAmount(BenchResult result, Question question)
    {
        if (result.Metrics.FirstOrDefault(metric => metric.Name == question.Metric) is not { Unit: "B" })
            return question;
        double[] values = Values(result, question.Metric, question.Baseline);
        double amount = question.Metric.StartsWith("host.", StringComparison.Ordinal) || question.Metric.StartsWith("gpu.", StringComparison.Ordinal) ? HostAmount : ProgramAmount;
        return question with { Margin = question.Margin.OrAmount(amount, Descriptive.Median(values), ValueText.Mark(amount, "B")) };
    }

    /// <summary>Null where too little counts, or a value is not above zero, so that there is no ratio.</summary>
    static Comparison? Compare(BenchResult result, string metric, string subject, string baseline, ulong seed)
    {
        PairedValues pairs = PairedValues.Of(result, metric, subject, baseline);
        if (pairs is { Count: > 1, Positive: true })
            return PairedComparison.Of(pairs.Subject.AsSpan(), pairs.Baseline.AsSpan(), seed: seed);
        double[] x = Values(result, metric, subject);
        double[] y = Values(result, metric, baseline);
        return pairs.Count == 0 && x.Length > 1 && y.Length > 1 && x.Concat(y).All(value => value > 0) && (x.Distinct().Count() > 1 || y.Distinct().Count() > 1)
            ? UnpairedComparison.Of(x, y)
            : null;
    }

    static double[] Values(BenchResult result, string metric, string environment) =>
        [.. result.Trials.Where(trial => trial.Counts && trial.Environment == environment && trial.Values.ContainsKey(metric)).Select(trial => trial.Values[metric])];

    static DriftCheck Drift(BenchResult result, string metric, string environment, ulong seed) => DriftCheck.Of(Values(result, metric, environment), seed: seed);

    static ImmutableArray<MetricRatio> Compared(BenchResult result, ImmutableArray<Question> questions, ulong seed)
    {
        List<MetricRatio> ratios = [];
        string baseline = result.Environments[0].Name;
        foreach (Metric metric in result.Metrics)
        {
            foreach (ResultEnvironment arm in result.Environments.Skip(1))
            {
                if (!questions.Any(question => question.Metric == metric.Name && question.Subject == arm.Name) && Compare(result, metric.Name, arm.Name, baseline, seed) is { } comparison)
                    ratios.Add(new MetricRatio(metric.Name, arm.Name, baseline, comparison, comparison.P));
            }
        }

        double[] adjusted = Multiplicity.BenjaminiHochberg([.. ratios.Select(ratio => ratio.P)]);
        return [.. ratios.Select((ratio, i) => ratio with { P = adjusted[i] })];
    }

    static ImmutableArray<MetricSummary> Summarize(BenchResult result) =>
    [
        .. from metric in result.Metrics
           from arm in result.Environments
           let values = Values(result, metric.Name, arm.Name)
           where values.Length > 0
           select MetricSummary.Of(metric.Name, arm.Name, [.. values]),
    ];
}
