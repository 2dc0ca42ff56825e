using System.Globalization;

namespace Decant.Bench;

/// <summary>Values with their units, as people read them: 12.34 ms, 1.210 GiB. Four digits, in the unit's multiple that suits the value.</summary>
static class ValueText
{
    const double KiB = 1024;

    static readonly string[] _bytes = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    static readonly string[] _seconds = ["ms", "µs", "ns"];

    public static string Of(double value, string unit) => unit switch
    {
        "B" => Bytes(value),
        "s" when value != 0 && Math.Abs(value) < 1 => Seconds(value),
        "" => Digits(value),
        _ => $"{Digits(value)} {unit}",
    };

    /// <summary>A round value at an axis: no zeros after its last digit.</summary>
    public static string Mark(double value, string unit)
    {
        // A fifth of a GiB is round, and 204.8 MiB is not.
        if (unit == "B" && ByteMultiple(value).Size is var size && value / size % 1 != 0 && size < Math.Pow(KiB, _bytes.Length - 1) && Math.Round(value / size / KiB, 2) is var part && Math.Abs(part - value / size / KiB) < 1e-9)
            return $"{part.ToString("0.##", CultureInfo.InvariantCulture)} {ByteMultiple(value * KiB).Name}".Replace('-', '−');
        string[] words = Of(value, unit).Split(' ', 2);
        string digits = words[0].Contains('.') && !words[0].Contains('e') ? words[0].TrimEnd('0').TrimEnd('.') : words[0];
        return words.Length == 1 ? digits : $"{digits} {words[1]}";
    }

    /// <summary>Several of one metric: "120.3, 119.6 and 119.4 tokens/s".</summary>
    public static string Of(IEnumerable<double> values, Metric metric) => Sentence([.. values.Select(value => Of(value, metric.Unit))]);

    /// <summary>A value with its sign, whichever it is.</summary>
    public static string Difference(double value, string unit) => (value < 0 ? "−" : "+") + Of(Math.Abs(value), unit);

    /// <summary>"a, b and c".</summary>
    public static string Sentence(IReadOnlyList<string> parts) => parts.Count < 2 ? string.Concat(parts) : $"{string.Join(", ", parts.SkipLast(1))} and {parts[^1]}";

    /// <summary>The multiple of bytes in which a value of that size is shown.</summary>
    public static (string Name, double Size) ByteMultiple(double value)
    {
        int power = value == 0 ? 0 : Math.Clamp((int)Math.Floor(Math.Log(Math.Abs(value), KiB)), 0, _bytes.Length - 1);
        return (_bytes[power], Math.Pow(KiB, power));
    }

    /// <summary>A ratio as its difference in percent, or as a multiple where it is large.</summary>
    public static string Ratio(double ratio) => IsMultiple(ratio) ? Multiple(ratio) : Percentage(ratio);

    /// <summary>A ratio and the ends of its interval, all in percent or all as multiples.</summary>
    public static (string Ratio, string Low, string High) Ratios(Estimate estimate)
    {
        Func<double, string> text = IsMultiple(estimate.Value) || IsMultiple(estimate.Interval.Low) || IsMultiple(estimate.Interval.High) ? Multiple : Percentage;
        return (text(estimate.Value), text(estimate.Interval.Low), text(estimate.Interval.High));
    }

    static bool IsMultiple(double ratio) => ratio is > 3 or < 1 / 3.0;

    static string Multiple(double ratio) => ratio.ToString(ratio >= 100 ? "F0" : ratio >= 10 ? "F1" : "F2", CultureInfo.InvariantCulture) + " ×";

    static string Percentage(double ratio) =>
        (ratio >= 1 ? "+" : "−") + (100 * Math.Abs(ratio - 1)).ToString(Math.Abs(ratio - 1) < 0.1 ? "F2" : "F1", CultureInfo.InvariantCulture) + " %";

    static string Bytes(double value)
    {
        (string name, double size) = ByteMultiple(value);
        return $"{Digits(value / size)} {name}";
    }

    static string Seconds(double value)
    {
        int thousands = Math.Clamp((int)Math.Ceiling(-Math.Log10(Math.Abs(value)) / 3), 1, _seconds.Length);
        return $"{Digits(value * Math.Pow(1000, thousands))} {_seconds[thousands - 1]}";
    }

    static string Digits(double value) => value < 0 ? $"−{Positive(-value)}" : Positive(value);

    static string Positive(double size)
    {
        if (size >= 1e7 || (size < 1e-4 && size > 0))
            return size.ToString("0.###e0", CultureInfo.InvariantCulture);
        int decimals = size < 1 ? 5 : Math.Clamp(3 - (int)Math.Floor(Math.Log10(size)), 0, 3);
        return size.ToString(size < 1 ? "0.#####" : decimals == 0 ? "0" : "0." + new string('0', decimals), CultureInfo.InvariantCulture);
    }
}
