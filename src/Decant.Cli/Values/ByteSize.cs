using System.Globalization;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>Sizes as docker writes them: a number and b, k, m, g, t or p, each 1024 of the one before; k, kb and kib are the same.</summary>
static class ByteSize
{
    public static long Parse(string text)
    {
        int end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
            end++;
        ReadOnlySpan<char> number = text.AsSpan(0, end);
        ReadOnlySpan<char> unit = text.AsSpan(end);
        if (unit is [' ', ..])
            unit = unit[1..];
        int power = Power(unit);
        if (power < 0 || number is [] or ['.', ..] or [.., '.'])
            throw Invalid(text);

        long factor = 1L << (10 * power);
        if (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long whole))
            return whole <= long.MaxValue / factor ? whole * factor : throw TooLarge(text);
        if (number.IndexOf('.') < 0)
            throw TooLarge(text);
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal fraction))
            throw Invalid(text);
        return fraction < long.MaxValue / factor ? (long)(fraction * factor) : throw TooLarge(text);
    }

    /// <summary>With the largest binary unit that leaves at least one before the point: 1.4 GiB.</summary>
    public static string Format(long bytes)
    {
        if (bytes < 1024)
            return $"{bytes} B";
        ReadOnlySpan<string> units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
        double value = bytes;
        int unit = -1;
        while (value >= 1024 && unit < units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return value.ToString(value < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) + " " + units[unit];
    }

    static int Power(ReadOnlySpan<char> unit)
    {
        if (unit.IsEmpty)
            return 0;
        int power = "bkmgtp".IndexOf(char.ToLowerInvariant(unit[0]));
        if (power <= 0)
            return unit.Length == 1 ? power : -1;
        unit = unit[1..];
        if (unit is ['i' or 'I', ..])
            unit = unit[1..];
        return unit is [] or ['b' or 'B'] ? power : -1;
    }

    static DecantException Invalid(string text) =>
        new($"{PathBytes.Printable(text)} is not a size", "write a number and b, k, m, g or t, such as 64m");

    static DecantException TooLarge(string text) => new($"{text} is more than 64 bits of bytes hold");
}
