namespace Decant.Bench;

/// <summary>Least squares, y = Intercept + Slope · x, and y = Factor · x.</summary>
/// <param name="Proportional">Whether the line through the origin fits as well as the other, but for what the intercept takes by accident.</param>
/// <param name="Error">The root mean square of what is left of y = Factor · x, for the mean of y.</param>
/// <param name="R">Pearson's correlation of what is left of both when each arm's mean is taken away: arms that differ much make anything correlate.</param>
sealed record LinearFit(double Slope, double Intercept, double R, double Factor, double Error, bool Proportional)
{
    /// <summary>A line with an intercept is always a little closer.</summary>
    const double MostWorse = 1.25;

    /// <summary>Whether x and y are one number: figures that are computed from each other keep the rounding to the digits that were printed.</summary>
    public bool IsOneNumber => Math.Abs(R) > 0.9999 || (Math.Abs(R) > 0.999 && Error < 1e-4);

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
        double intercept = meanY - slope * meanX, factor = points.Sum(point => point.X * point.Y) / points.Sum(point => point.X * point.X);
        double left = RootMeanSquare(points.Select(point => point.Y - intercept - slope * point.X)), through = RootMeanSquare(points.Select(point => point.Y - factor * point.X));
        return new LinearFit(slope, intercept, wxy / Math.Sqrt(wx * wy), factor, through / Math.Abs(meanY), through <= MostWorse * left);
    }

    static double RootMeanSquare(IEnumerable<double> values) => Math.Sqrt(values.Average(value => value * value));

    static (double XX, double XY, double YY) Moments((double X, double Y)[] deviations) =>
        (deviations.Sum(one => one.X * one.X), deviations.Sum(one => one.X * one.Y), deviations.Sum(one => one.Y * one.Y));
}
