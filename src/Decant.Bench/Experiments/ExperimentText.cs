using System.Globalization;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>The values of options and of an experiment file, as they are written. Each error names the option or key that it is told.</summary>
public static class ExperimentText
{
    const int Most = 1_000_000;

    /// <summary>1, 0.5%.</summary>
    public static double Percent(string text, string name) =>
        double.TryParse(text.TrimEnd('%').TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent) && percent is > 0 and <= 1000
            ? percent
            : throw new DecantException($"{name} {PathBytes.Printable(text)} is no percentage above 0", $"{name} 1");

    public static int Count(string text, string name) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= Most
            ? number
            : throw new DecantException($"{name} {PathBytes.Printable(text)} is no whole number up to {Most}");

    public static ulong Seed(string text, string name) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : throw new DecantException($"{name} {PathBytes.Printable(text)} is no whole number");

    /// <summary>10, or 10..50.</summary>
    public static (int Least, int Most) Blocks(string text, string name)
    {
        string[] ends = text.Split("..");
        return ends.Length is 1 or 2 && int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int least)
            && int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int most) && least > 0 && most >= least && most <= Most
            ? (least, most)
            : throw new DecantException($"{name} {PathBytes.Printable(text)} is neither a number nor LEAST..MOST", $"{name} 10, {name} 10..50");
    }

    public static CachePolicy Cache(string text, string name) => text switch
    {
        "warm" => CachePolicy.Warm,
        "cold" => CachePolicy.Cold,
        "as-is" => CachePolicy.AsIs,
        _ => throw new DecantException($"{name} {PathBytes.Printable(text)} is none of warm, cold and as-is"),
    };

    public static bool Truth(string text, string name) => text switch
    {
        "true" => true,
        "false" => false,
        _ => throw new DecantException($"{name} {PathBytes.Printable(text)} is neither true nor false"),
    };

    public static SampleMoment Moment(string text, string name) => text switch
    {
        "peak" => SampleMoment.Peak,
        "end" => SampleMoment.End,
        _ => throw new DecantException($"{name} {PathBytes.Printable(text)} is neither peak nor end"),
    };

    /// <summary>A format that needs nothing declared.</summary>
    public static WorkloadSource Workload(string format, string from)
    {
        WorkloadFormats.Named(format);
        return new WorkloadSource(format, WorkloadFrom(from), []);
    }

    /// <summary>stdout, stderr, or the path of a file.</summary>
    public static string WorkloadFrom(string text) => text is WorkloadSource.StandardOutput or WorkloadSource.StandardError ? text : LinuxPath.Absolute(text);

    /// <summary>As <see cref="Better"/> reads it.</summary>
    public static string Word(Direction direction) => direction switch
    {
        Direction.LowerIsBetter => "lower",
        Direction.HigherIsBetter => "higher",
        _ => "neither",
    };

    public static Direction Better(string text, string name) => text switch
    {
        "lower" => Direction.LowerIsBetter,
        "higher" => Direction.HigherIsBetter,
        "neither" => Direction.Neither,
        _ => throw new DecantException($"{name} {PathBytes.Printable(text)} is none of lower, higher and neither"),
    };

    public static ValueChoice Choice(string text, string name) => text switch
    {
        "only" => ValueChoice.Only,
        "first" => ValueChoice.First,
        "last" => ValueChoice.Last,
        "mean" => ValueChoice.Mean,
        "sum" => ValueChoice.Sum,
        "min" => ValueChoice.Min,
        "max" => ValueChoice.Max,
        _ => throw new DecantException($"{name} {PathBytes.Printable(text)} is none of only, first, last, mean, sum, min and max"),
    };

    public static double Scale(string text, string name) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double scale) && double.IsFinite(scale) && scale != 0
            ? scale
            : throw new DecantException($"{name} {PathBytes.Printable(text)} is no number other than 0");

    /// <summary>NAME=PATH.</summary>
    public static FileClass Files(string text, string name)
    {
        int equals = text.IndexOf('=');
        return equals > 0 && equals + 1 < text.Length
            ? new FileClass(text[..equals], LinuxPath.Absolute(text[(equals + 1)..]))
            : throw new DecantException($"{name} {PathBytes.Printable(text)} is not NAME=PATH", $"{name} model=/data/model");
    }
}
