namespace Decant.Bench;

/// <summary>Least squares, y = Intercept + Slope · x.</summary>
/// <param name="Mean">Of y.</param>
/// <param name="R">Pearson's correlation of what is left of both when each arm's mean is taken away: arms that differ much make anything correlate.</param>
sealed record LinearFit(double Slope, double Intercept, double Mean, double R)
{
    /// <param name="points">With the arm of each.</param>
    /// <returns>Null where one of both does not vary within arms, or there are too few points for a correlation to mean something.</returns>
    public static LinearFit? Of(IReadOnlyList<(string Arm, double X, double Y)> points)
    {
        int arms = points.Select(point => point.Arm).Distinct().Count();
        if (points.Count - arms < 4)
            return null;
        double meanX = points.Average(point => point.X), meanY = points.Average(point => point.Y);
        (double xx, double xy, double yy) = Moments([.. points.Select(point => (point.X - meanX, point.Y - meanY))]);
        (double wx, double wxy, double wy) = Moments(
        [
            .. points.GroupBy(point => point.Arm).SelectMany(arm => arm.Select(point => (point.X - arm.Average(one => one.X), point.Y - arm.Average(one => one.Y)))),
        ]);
        double least = Descriptive.TiePart * Descriptive.TiePart * points.Count;
        if (!(wx > least * meanX * meanX && wy > least * meanY * meanY))
            return null;
        double slope = xy / xx;
        return new LinearFit(slope, meanY - slope * meanX, meanY, wxy / Math.Sqrt(wx * wy));
    }

    static (double XX, double XY, double YY) Moments((double X, double Y)[] deviations) =>
        (deviations.Sum(one => one.X * one.X), deviations.Sum(one => one.X * one.Y), deviations.Sum(one => one.Y * one.Y));
}
