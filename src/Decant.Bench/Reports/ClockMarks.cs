using System.Globalization;

namespace Decant.Bench;

/// <summary>Round times of the clock, UTC, to mark at an axis of seconds since midnight of the first day.</summary>
sealed class ClockMarks
{
    const double Minute = 60;
    const double Hour = 60 * Minute;
    const double Day = 24 * Hour;

    /// <summary>Less is no time to be told apart by a clock.</summary>
    const double Shortest = 2;

    static readonly double[] _steps =
        [1, 2, 5, 10, 15, 30, Minute, 2 * Minute, 5 * Minute, 10 * Minute, 15 * Minute, 30 * Minute, Hour, 2 * Hour, 3 * Hour, 6 * Hour, 12 * Hour, Day, 2 * Day, 7 * Day, 14 * Day, 30 * Day];

    readonly DateTime midnight;

    ClockMarks(DateTime midnight) => this.midnight = midnight;

    /// <summary>Null where a trial does not tell when it began, or all began at once.</summary>
    public static ClockMarks? Of(BenchResult result)
    {
        DateTime[] starts = [.. result.Trials.Select(trial => trial.Started?.UtcDateTime).OfType<DateTime>()];
        return starts.Length == result.Trials.Length && starts.Length > 0 && (starts.Max() - starts.Min()).TotalSeconds >= Shortest ? new ClockMarks(starts.Min().Date) : null;
    }

    /// <summary>The place of a trial on such an axis.</summary>
    public double Of(Trial trial) => (trial.Started!.Value.UtcDateTime - midnight).TotalSeconds;

    /// <summary>At most so many.</summary>
    public IReadOnlyList<(double Place, string Text)> Within(Axis axis, int most)
    {
        double step = _steps.FirstOrDefault(one => (axis.High - axis.Low) / one <= most);
        for (double longer = _steps[^1]; step == 0; longer *= 2)
            step = (axis.High - axis.Low) / longer <= most ? longer : 0;
        List<(double, string)> marks = [];
        for (double mark = Math.Ceiling(axis.Low / step) * step; mark <= axis.High; mark += step)
            marks.Add((mark, Text(midnight.AddSeconds(mark), step)));
        return marks;
    }

    static string Text(DateTime time, double step) =>
        time.ToString(step >= 7 * Day ? "yyyy-MM-dd" : time.TimeOfDay == TimeSpan.Zero ? "MM-dd" : step < Minute ? "HH:mm:ss" : "HH:mm", CultureInfo.InvariantCulture);
}
