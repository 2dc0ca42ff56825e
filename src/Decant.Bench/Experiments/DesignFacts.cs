using System.Collections.Immutable;
using System.Globalization;

namespace Decant.Bench;

/// <summary>How an experiment is measured, in words for a report: who measures it again needs all of it.</summary>
static class DesignFacts
{
    /// <summary>The name under which the policy stands.</summary>
    public const string Cache = "page cache";

    /// <summary>What it says of <see cref="CachePolicy.AsIs"/>.</summary>
    public const string AsIs = "as the trial before left it";

    /// <summary>What it begins with of the others.</summary>
    public const string Warm = "warm", Cold = "cold";

    /// <summary>The policy of one environment in words; null where it is not known.</summary>
    public static string? CacheOf(BenchResult result, string environment) =>
        result.Design.GetValueOrDefault($"{Cache} of {environment}") ?? result.Design.GetValueOrDefault(Cache);

    /// <param name="seed">Declared, or drawn.</param>
    public static ImmutableSortedDictionary<string, string> Of(Experiment experiment, ulong seed)
    {
        ImmutableSortedDictionary<string, string>.Builder facts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        void Add(string name, FormattableString value) => facts[name] = value.ToString(CultureInfo.InvariantCulture);
        facts["blocks"] = experiment.LeastBlocks == experiment.MostBlocks
            ? $"{experiment.MostBlocks}"
            : string.Create(CultureInfo.InvariantCulture, $"{experiment.LeastBlocks} to {experiment.MostBlocks}, until intervals reach ±{experiment.Precision} %");
        Add("order", $"each environment once a block, balanced and drawn (Williams), seed {seed}");
        facts[Cache] = Word(experiment.Cache, experiment.Primes);
        foreach (EnvironmentSpec arm in experiment.Environments)
        {
            if (arm.Cache is { } own && own != experiment.Cache)
                facts[$"{Cache} of {arm.Name}"] = Word(own, experiment.Primes);
        }

        Add("metric", $"{experiment.Primary}, differences up to {experiment.MarginPercent} % do not matter");
        facts["looks at memory"] = experiment.SampleInterval == TimeSpan.Zero ? "none" : string.Create(CultureInfo.InvariantCulture, $"every {experiment.SampleInterval.TotalSeconds} s, the first sooner; the host's is that of the {(experiment.Moment == SampleMoment.End ? "last" : "largest")}");
        if (!experiment.Gates.IsEmpty)
            Add("gates", $"{string.Join(", ", experiment.Gates)}, for {experiment.GateTimeout.TotalSeconds} s at most");
        if (experiment.Budget is { } budget)
            Add("budget", $"{budget.TotalSeconds} s");
        if (experiment.TrialTimeout is { } limit)
            Add("time-out of a trial", $"{limit.TotalSeconds} s");
        return facts.ToImmutable();
    }

    static string Word(CachePolicy policy, int primes) => policy switch
    {
        CachePolicy.Warm => $"{Warm}, after {primes} {(primes == 1 ? "run that does" : "runs that do")} not count",
        CachePolicy.Cold => $"{Cold}, dropped before each trial",
        _ => AsIs,
    };
}
