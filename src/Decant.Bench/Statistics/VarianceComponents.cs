namespace Decant.Bench;

/// <summary>
/// What of the variance arises within a run, between its iterations, and what between runs (Kalibera and Jones, Rigorous Benchmarking in Reasonable Time,
/// ISMM 2013, section 6).
/// </summary>
/// <param name="Mean">The grand mean; its interval is that of the runs' means, as iterations of one run are no repetitions.</param>
/// <param name="WithinRuns">T1² = S1², the mean variance of a run's iterations.</param>
/// <param name="RunMeans">S2², the variance of the runs' means.</param>
/// <param name="BetweenRuns">T2² = S2² − S1²/r1: what is left of that without the iterations' part. Below zero, it is not told from none.</param>
public sealed record VarianceComponents(Estimate Mean, double WithinRuns, double RunMeans, double BetweenRuns)
{
    /// <param name="runs">Two or more, each with the same number of iterations, two or more.</param>
    /// <exception cref="ArgumentException">Runs of unequal length, or too few.</exception>
    public static VarianceComponents Of(IReadOnlyList<double[]> runs, double level = 0.95)
    {
        if (runs.Count < 2 || runs.Any(run => run.Length != runs[0].Length))
            throw new ArgumentException("Variance components take two runs or more of equally many iterations.", nameof(runs));
        double[] means = [.. runs.Select(run => Descriptive.Mean(run))];
        double within = runs.Average(run => Descriptive.Variance(run)), of = Descriptive.Variance(means);
        TTest mean = TTest.OneSample(means, level);
        return new VarianceComponents(new Estimate(mean.Difference, mean.Interval), within, of, of - within / runs[0].Length);
    }

    /// <summary>
    /// The number of iterations in a run that gives the narrowest interval for the time spent: ⌈√(cost · T1²/T2²)⌉. Null where runs do not differ, so that
    /// one run could go on for ever.
    /// </summary>
    /// <param name="costOfRun">The time to start a run and warm it up, in iterations.</param>
    public double? BestIterations(double costOfRun) =>
        BetweenRuns > 0 ? Math.Max(1, Math.Ceiling(Math.Sqrt(costOfRun * WithinRuns / BetweenRuns))) : null;
}
