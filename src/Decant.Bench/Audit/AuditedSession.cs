namespace Decant.Bench;

/// <summary>Results of one session as the checks look at them.</summary>
sealed class AuditedSession
{
    public AuditedSession(IReadOnlyList<BenchResult> results)
    {
        Results = results;
        PlacedTrial[][] each = [.. results.Select(result => result.Trials.Select(trial => new PlacedTrial(result, trial)).OrderBy(placed => placed.Trial.Number).ToArray())];
        PlacedTrial[] all = [.. each.SelectMany(trials => trials).OrderBy(placed => placed.Trial.Number)];
        _doubles = [.. results.SelectMany(OneNumberCheck.Pairs).Where(pair => pair.X.Direction != Direction.Neither).GroupBy(pair => (pair.X.Name, pair.Y.Name))
            .Where(pair => 2 * pair.Count() > results.Count).Select(pair => pair.Key.Item2)];
        // Results that are numbered each for itself do not tell how they lay to each other.
        Sequences = all.DistinctBy(placed => placed.Trial.Number).Count() == all.Length ? [all] : each;
    }

    readonly HashSet<string> _doubles;

    public IReadOnlyList<BenchResult> Results { get; }

    /// <summary>The trials in the order of execution: one sequence where numbers run through all results, else one for each.</summary>
    public IReadOnlyList<PlacedTrial[]> Sequences { get; }

    /// <summary>The workload that a threat to this result names: none where there is only one.</summary>
    public string? Name(BenchResult result) => Results.Count == 1 ? null : result.Title;

    /// <summary>
    /// Metrics in which something can be better, and those that are asked for, without what only <see cref="Accompanies">accompanies</see> them; of two that are one number in most results the first, as what is said of it
    /// holds for the other.
    /// </summary>
    public IEnumerable<Metric> Judged(BenchResult result) => result.Metrics.Where(metric =>
        (metric.Direction != Direction.Neither && metric.DerivedFrom is null && !_doubles.Contains(metric.Name) && !Accompanies(result, metric.Name)) || IsAsked(result, metric.Name));

    /// <summary>
    /// Whether a metric is one that decant measures of everything while the questions are about another: some environments have it and some do not, and of thirty
    /// such metrics one or two will always look odd.
    /// </summary>
    public static bool Accompanies(BenchResult result, string metric) => !result.Questions.IsEmpty && !IsAsked(result, metric) && BuiltInMetrics.Find(metric) is not null;

    static bool IsAsked(BenchResult result, string metric) => result.Questions.Any(question => question.Metric == metric);

    /// <summary>The values of one arm's trials that count, in the order of execution.</summary>
    public static double[] Values(BenchResult result, string environment, string metric) =>
    [
        .. result.Trials.Where(trial => trial.Counts && trial.Environment == environment).OrderBy(trial => trial.Number)
            .Where(trial => trial.Values.ContainsKey(metric)).Select(trial => trial.Values[metric]),
    ];

    /// <summary>Whether the trials went in complete blocks, by their numbers of block where they have them.</summary>
    public static bool IsInterleaved(BenchResult result)
    {
        Trial[] trials = [.. result.Trials.OrderBy(trial => trial.Number)];
        string[] arms = [.. result.Environments.Select(environment => environment.Name)];
        if (trials.Length == 0 || trials.Any(trial => trial.Block is null))
            return BlockOrder.IsInterleaved([.. trials.Select(trial => Array.IndexOf(arms, trial.Environment))]);
        int[] blocks = [.. trials.Select(trial => trial.Block!.Value)];
        return arms.Length > 1
            && blocks.Zip(blocks.Skip(1)).All(pair => pair.Second >= pair.First)
            && trials.GroupBy(trial => trial.Block).All(block => block.DistinctBy(trial => trial.Environment).Count() == (block.Key == blocks[^1] ? block.Count() : arms.Length));
    }
}
