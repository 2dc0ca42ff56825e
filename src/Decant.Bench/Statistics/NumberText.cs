namespace Decant.Bench;

/// <summary>Numbers as a verdict writes them.</summary>
static class NumberText
{
    public static string P(double p) => p < 0.0001 ? "p < 0.0001" : p < 0.01 ? $"p = {p:F4}" : $"p = {p:F3}";

    public static string Level(double level) => $"{100 * level:0.#} %";

    /// <summary>A ratio as the percent that it lies above or below 1, with a sign.</summary>
    public static string Percent(double ratio, int decimals) => $"{Sign(ratio, decimals)}{Size(ratio, decimals)}";

    /// <summary>The same without a sign.</summary>
    public static string Size(double ratio, int decimals) => $"{Rounded(ratio, decimals).ToString($"F{decimals}")} %";

    /// <summary>A large ratio as a multiple, with two or three digits.</summary>
    public static string Times(double ratio) => $"{ratio.ToString(ratio >= 99.5 ? "F0" : "F1")} times";

    /// <summary>So many that half the interval's width, in percent, has two digits; no more than four.</summary>
    public static int Decimals(Interval ratio)
    {
        double width = 100 * ratio.HalfWidth;
        return width > 0 ? Math.Clamp(1 - (int)Math.Floor(Math.Log10(width)), 0, 4) : 2;
    }

    static string Sign(double ratio, int decimals) => Rounded(ratio, decimals) == 0 ? "" : ratio > 1 ? "+" : "−";

    static double Rounded(double ratio, int decimals) => Math.Round(Math.Abs(100 * (ratio - 1)), decimals);
}
