namespace Decant.Bench;

/// <summary>Amounts as the audit writes them: a number of four digits with a unit that suits it.</summary>
static class AmountText
{
    const double KiB = 1024;

    public static string Of(double value, string unit) => unit switch
    {
        "B" => Bytes(value),
        "s" when value != 0 && Math.Abs(value) < 1 => Seconds(value),
        "" => Digits(value),
        _ => $"{Digits(value)} {unit}",
    };

    /// <summary>Several of one metric: "120.3, 119.6 and 119.4 tokens/s".</summary>
    public static string Of(IEnumerable<double> values, Metric metric) => Sentence([.. values.Select(value => Of(value, metric.Unit))]);

    /// <summary>"a, b and c".</summary>
    public static string Sentence(IReadOnlyList<string> parts) => parts.Count < 2 ? string.Concat(parts) : $"{string.Join(", ", parts.SkipLast(1))} and {parts[^1]}";

    static string Bytes(double value)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        int power = value == 0 ? 0 : Math.Clamp((int)Math.Floor(Math.Log(Math.Abs(value), KiB)), 0, units.Length - 1);
        return $"{Digits(value / Math.Pow(KiB, power))} {units[power]}";
    }

    static string Seconds(double value)
    {
        int thousands = Math.Clamp((int)Math.Ceiling(-Math.Log10(Math.Abs(value)) / 3), 1, 3);
        return $"{Digits(value * Math.Pow(1000, thousands))} {((string[])["ms", "µs", "ns"])[thousands - 1]}";
    }

    static string Digits(double value) => value < 0 ? $"−{Positive(-value)}" : Positive(value);

    static string Positive(double size)
    {
        if (size >= 1e7 || (size < 1e-4 && size > 0))
            return size.ToString("0.###e0");
        int decimals = size < 1 ? 5 : Math.Clamp(3 - (int)Math.Floor(Math.Log10(size)), 0, 3);
        return size.ToString(size < 1 ? "0.#####" : decimals == 0 ? "0" : "0." + new string('0', decimals));
    }
}
