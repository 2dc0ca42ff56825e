using System.Globalization;

namespace Decant.Bench;

/// <summary>From values to places on a picture, with round numbers to mark.</summary>
/// <param name="From">The place of <paramref name="Low"/>, in pixels; <paramref name="To"/> that of <paramref name="High"/>.</param>
sealed record Axis(double Low, double High, double From, double To)
{
    /// <summary>So wide that all values fit with some air, and that it is never empty.</summary>
    /// <param name="withZero">Whether zero belongs to it.</param>
    public static Axis Around(IEnumerable<double> values, double from, double to, bool withZero = false)
    {
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        foreach (double value in values)
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        if (withZero)
            (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        if (!double.IsFinite(low) || !double.IsFinite(high))
            (low, high) = (0, 1);
        // What differs in the last digits only cannot be drawn apart.
        double air = high - low > 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high)) ? (high - low) * 0.06 : Math.Max(Math.Abs(high) * 0.05, 1e-12);
        return new Axis(withZero && low == 0 ? 0 : low - air, high + air, from, to);
    }

    public double At(double value) => From + (value - Low) / (High - Low) * (To - From);

    /// <summary>About so many values within it that are round in a unit, such as the MiB of an axis of bytes.</summary>
    public IEnumerable<double> Marks(int about, double unit) => new Axis(Low / unit, High / unit, From, To).Marks(about).Select(mark => mark * unit);

    /// <summary>About so many round values within it: steps of 1, 2 or 5 times a power of ten.</summary>
    public IEnumerable<double> Marks(int about)
    {
        double raw = (High - Low) / about;
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = power * ((raw / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 });
        double first = Math.Ceiling(Low / step) * step;
        for (int i = 0; i <= 4 * about && first + i * step is var mark && mark <= High + step * 1e-9; i++)
            yield return Math.Abs(mark) < step * 1e-9 ? 0 : mark;
    }

    /// <summary>Of an axis of logarithms of ratios: those of round ratios within it, 1, 2, 5, 10, … where it is wide, round percentages where it is narrow.</summary>
    public IEnumerable<double> RatioMarks(int about)
    {
        if (High - Low < Math.Log(3))
            return new Axis(Math.Exp(Low), Math.Exp(High), From, To).Marks(about).Where(ratio => ratio > 0).Select(ratio => Math.Log(ratio));
        List<double> marks = [];
        for (int power = (int)Math.Floor(Low / Math.Log(10)); power <= High / Math.Log(10); power++)
            marks.AddRange(((int[])[1, 2, 5]).Select(digit => Math.Log(digit) + power * Math.Log(10)));
        if (marks.Count(Holds) < 3)
            return new Axis(Math.Exp(Low), Math.Exp(High), From, To).Marks(about).Where(ratio => ratio > 0).Select(ratio => Math.Log(ratio));
        int step = marks.Count(Holds) > about * 2 ? 3 : 1;
        return marks.Where((mark, index) => index % step == 0 && Holds(mark));

        bool Holds(double mark) => mark >= Low - 1e-9 && mark <= High + 1e-9;
    }

    /// <summary>A ratio from its logarithm, as a mark names it.</summary>
    public string RatioText(double logarithm) => High - Low < Math.Log(3)
        ? (100 * (Math.Exp(logarithm) - 1)).ToString("+0.##;−0.##;0", CultureInfo.InvariantCulture) + " %"
        : Math.Exp(logarithm).ToString("0.###", CultureInfo.InvariantCulture) + " ×";

    /// <summary>A coordinate as SVG writes it.</summary>
    public static string Pixel(double place) => place.ToString("0.##", CultureInfo.InvariantCulture);
}
