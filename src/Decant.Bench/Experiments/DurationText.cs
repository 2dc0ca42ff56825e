using System.Globalization;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>A time as it is written: 500ms, 10s, 2m, 1h; a number alone is seconds.</summary>
public static class DurationText
{
    static readonly (string Unit, double Seconds)[] Units = [("ms", 1e-3), ("us", 1e-6), ("s", 1), ("m", 60), ("h", 3600)];

    /// <exception cref="DecantException">It is none, or below zero.</exception>
    public static TimeSpan Parse(string text, string name)
    {
        (string unit, double seconds) = Units.FirstOrDefault(one => text.EndsWith(one.Unit, StringComparison.Ordinal), ("", 1));
        return double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number * seconds <= TimeSpan.FromDays(365).TotalSeconds
            ? TimeSpan.FromSeconds(number * seconds)
            : throw new DecantException($"{name} {PathBytes.Printable(text)} is no duration", "90s, 2m, 500ms");
    }

    /// <summary>For people: 45 s, 3 min 20 s, 2 h 5 min.</summary>
    public static string Format(TimeSpan time) =>
        time.TotalSeconds < 60 ? $"{Math.Ceiling(time.TotalSeconds):F0} s"
        : time.TotalMinutes < 60 ? $"{time.Minutes} min {time.Seconds} s"
        : $"{(int)time.TotalHours} h {time.Minutes} min";
}
