using System.Globalization;

namespace Decant.Bench;

/// <summary>Numbers as programs print them.</summary>
static class Figure
{
    public const double KiB = 1L << 10, MiB = 1L << 20, GiB = 1L << 30, TiB = 1L << 40;

    /// <summary>A finite number with a point, never a comma, in it.</summary>
    /// <exception cref="UnreadableException">It is none, NaN or infinite.</exception>
    public static double Number(ReadOnlySpan<char> text, int line) => Maybe(text) is { } value
        ? double.IsFinite(value) ? value : throw new UnreadableException($"{text} is no measured value", line)
        : throw new UnreadableException(text.IsEmpty ? "a number is missing" : $"{Cut(text)} is no number", line);

    /// <summary>A whole number in which commas may part thousands: 178,880.</summary>
    public static double Thousands(string text, int line) => Number(text.Replace(",", ""), line);

    /// <summary>Null where it is no number.</summary>
    public static double? Maybe(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;

    /// <summary>The bytes of a unit: GiB and GB, where the program means what it says.</summary>
    public static double Bytes(string unit, int line) => unit switch
    {
        "B" => 1,
        "KiB" => KiB,
        "MiB" => MiB,
        "GiB" => GiB,
        "TiB" => TiB,
        "kB" or "KB" => 1e3,
        "MB" => 1e6,
        "GB" => 1e9,
        "TB" => 1e12,
        _ => throw new UnreadableException($"{unit} is no unit of bytes", line),
    };

    /// <summary>The seconds of a unit.</summary>
    public static double Seconds(string unit, int line) => unit switch
    {
        "s" or "sec" or "seconds" => 1,
        "ms" => 1e-3,
        "us" or "µs" or "μs" => 1e-6,
        "ns" => 1e-9,
        "min" => 60,
        _ => throw new UnreadableException($"{unit} is no unit of time", line),
    };

    static string Cut(ReadOnlySpan<char> text) => text.Length > 40 ? $"{text[..40]}…" : text.ToString();
}
