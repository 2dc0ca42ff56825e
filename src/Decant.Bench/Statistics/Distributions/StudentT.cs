namespace Decant.Bench;

/// <summary>Student's t distribution, for any positive number of degrees of freedom, whole or not, through the incomplete beta function (DLMF 8.17.1).</summary>
public static class StudentT
{
    /// <summary>From here on the continued fraction loses digits, and the normal deviate below is exact to 1e-13 of the tail up to t = 30.</summary>
    const double ManyDf = 10_000;

    /// <summary>P(T &gt; t).</summary>
    public static double UpperTail(double t, double df)
    {
        if (!(df > 0))
            throw new ArgumentOutOfRangeException(nameof(df), df, "Degrees of freedom are above 0.");
        if (double.IsInfinity(t))
            return t > 0 ? 0 : 1;
        if (df > ManyDf)
            return NormalDistribution.UpperTail(Math.CopySign(NormalDeviate(t * t, df), t));
        double square = t * t, tail = BetaFunction.Regularized(df / (df + square), square / (df + square), df / 2, 0.5) / 2;
        return t < 0 ? 1 - tail : tail;
    }

    /// <summary>P(|T| ≥ |t|).</summary>
    public static double TwoSided(double t, double df) => 2 * UpperTail(Math.Abs(t), df);

    /// <summary>The t that a two-sided interval of this level (0.95) reaches to either side.</summary>
    public static double Critical(double level, double df)
    {
        double logScale = BetaFunction.Log(df / 2, 0.5) + Math.Log(df) / 2;
        return TailQuantile.Find(t => UpperTail(t, df), t => Math.Exp(-(df + 1) / 2 * BetaFunction.LogOnePlus(t * t / df) - logScale), (1 - level) / 2);
    }

    /// <summary>The z ≥ 0 whose normal tail is that of t (Hill, Algorithm 395, CACM 13, 1970).</summary>
    static double NormalDeviate(double square, double df)
    {
        double a = df - 0.5, b = 48 * a * a, y = a * BetaFunction.LogOnePlus(square / df);
        return (((((-0.4 * y - 3.3) * y - 24) * y - 85.5) / (0.8 * y * y + 100 + b) + y + 3) / b + 1) * Math.Sqrt(y);
    }
}
