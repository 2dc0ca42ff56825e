using System.Globalization;

namespace Decant.Bench;

/// <summary>Values with their units, as people read them: 12.3 ms, 1.21 GiB.</summary>
static class ValueText
{
    static readonly (string Name, double Size)[] Bytes = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

    /// <summary>Four digits, in the unit's multiple that suits the value.</summary>
    public static string Of(double value, string unit) => AmountText.Of(value, unit);

    /// <summary>The same with a sign.</summary>
    public static string Difference(double value, string unit) => (value < 0 ? "−" : "+") + Of(Math.Abs(value), unit);

    /// <summary>The multiple of bytes in which a value of that size is shown.</summary>
    public static (string Name, double Size) ByteMultiple(double value) => Bytes.FirstOrDefault(one => value >= one.Size, Bytes[^1]);

    /// <summary>A ratio as its difference in percent, or as a multiple where it is large.</summary>
    public static string Ratio(double ratio) => ratio is > 3 or < 1 / 3.0
        ? ratio.ToString(ratio >= 100 ? "F0" : ratio >= 10 ? "F1" : "F2", CultureInfo.InvariantCulture) + " ×"
        : (ratio >= 1 ? "+" : "−") + (100 * Math.Abs(ratio - 1)).ToString(Math.Abs(ratio - 1) < 0.1 ? "F2" : "F1", CultureInfo.InvariantCulture) + " %";
}
