using Decant.Bench;

namespace Decant.Cli;

/// <summary>What other methods say of one metric; null is what cannot be said. Intervals are of two numbers, the lower one first.</summary>
sealed record SecondOpinionReport(
    string Metric, string Subject, string Baseline, MeanReport SubjectMean, MeanReport BaselineMean, double Difference, IReadOnlyList<double> DifferenceInterval, double WelchP,
    double Shift, IReadOnlyList<double> ShiftInterval, double RankP, double? PermutationP, double? HedgesG, double CliffDelta, IReadOnlyList<double> CliffDeltaInterval,
    double? RatioOfMeans, IReadOnlyList<double>? RatioOfMeansInterval, double? EquivalentP, double? BlockRatio, IReadOnlyList<double>? BlockRatioInterval,
    double? RatioWithoutOutliers, IReadOnlyList<double>? RatioWithoutOutliersInterval)
{
    public static SecondOpinionReport Of(SecondOpinion of) => new(
        of.Metric, of.Subject, of.Baseline, MeanReport.Of(of.SubjectMean, of.SubjectDeviation), MeanReport.Of(of.BaselineMean, of.BaselineDeviation), of.Means.Difference, Ends(of.Means.Interval),
        of.Means.P, of.Shift.Value, Ends(of.Shift.Interval), of.RankP, of.PermutationP, double.IsFinite(of.HedgesG) ? of.HedgesG : null, of.Delta.Value, Ends(of.Delta.Interval),
        of.Ratio?.Ratio, of.Ratio is { } ratio ? Ends(ratio.Interval) : null, of.EquivalentP, of.Bootstrap?.Value, of.Bootstrap is { } bootstrap ? Ends(bootstrap.Interval) : null,
        of.WithoutFlagged?.Value, of.WithoutFlagged is { } without ? Ends(without.Interval) : null);

    static double[] Ends(Interval interval) => [interval.Low, interval.High];
}
