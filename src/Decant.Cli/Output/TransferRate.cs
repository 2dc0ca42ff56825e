namespace Decant.Cli;

/// <summary>How fast bytes have come lately, and when all will be there.</summary>
sealed class TransferRate
{
    static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    readonly Queue<(TimeSpan Time, long Bytes)> samples = new();
    (TimeSpan Time, long Bytes) last;

    /// <summary>So many bytes were there at that time; both only grow.</summary>
    public void Add(TimeSpan time, long bytes)
    {
        last = (time, bytes);
        samples.Enqueue(last);
        while (samples.Count > 2 && time - samples.Peek().Time > Window)
            samples.Dequeue();
    }

    /// <summary>Over the last seconds; 0 where nothing tells yet.</summary>
    public double BytesPerSecond
    {
        get
        {
            if (samples.Count < 2)
                return 0;
            (TimeSpan time, long bytes) = samples.Peek();
            double seconds = (last.Time - time).TotalSeconds;
            return seconds > 0 ? (last.Bytes - bytes) / seconds : 0;
        }
    }

    /// <summary>Until so many bytes are there; null where nothing tells.</summary>
    public TimeSpan? TimeUntil(long bytes)
    {
        double seconds = (bytes - last.Bytes) / BytesPerSecond;
        return double.IsFinite(seconds) && seconds >= 0 && seconds < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>40 s, 3 min, 2 h 10 min.</summary>
    public static string Format(TimeSpan time)
    {
        if (time.TotalSeconds < 90)
            return $"{Math.Ceiling(time.TotalSeconds):0} s";
        long minutes = (long)Math.Round(time.TotalMinutes);
        return minutes < 90 ? $"{minutes} min" : $"{minutes / 60} h {minutes % 60} min";
    }
}
