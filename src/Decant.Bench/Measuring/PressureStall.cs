using System.Globalization;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>Of one of /proc/pressure/{cpu,memory,io}, or a cgroup's, the line "some": time in which at least one task waited (accounting/psi.rst).</summary>
/// <param name="Average10">Percent of the last ten seconds.</param>
/// <param name="Total">Since boot.</param>
public sealed record PressureStall(double Average10, TimeSpan Total)
{
    /// <summary>Null where the kernel does not tell.</summary>
    public static PressureStall? TryRead(string path) => KernelText.TryRead(path) is { } text ? Parse(text) : null;

    /// <param name="text">some avg10=0.00 avg60=0.00 avg300=0.00 total=0, and a line "full".</param>
    public static PressureStall? Parse(string text)
    {
        double? average = null;
        long? total = null;
        foreach (string field in text.Split('\n')[0].Split(' '))
        {
            if (field.StartsWith("avg10=", StringComparison.Ordinal) && double.TryParse(field.AsSpan(6), NumberStyles.Float, CultureInfo.InvariantCulture, out double percent))
                average = percent;
            else if (field.StartsWith("total=", StringComparison.Ordinal) && long.TryParse(field.AsSpan(6), out long microseconds))
                total = microseconds;
        }

        return average is { } known && total is { } time ? new PressureStall(known, TimeSpan.FromMicroseconds(time)) : null;
    }
}
