using System.Diagnostics;
using Decant.Images;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>How a pull goes on, on standard error: one line that is written over on a terminal, one line in all elsewhere.</summary>
sealed class PullProgress : IPullProgress, IDisposable
{
    const int BarWidth = 24;
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Between two lines where there is no terminal.</summary>
    static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    readonly Lock gate = new();
    readonly bool quietWhenPresent;
    readonly bool terminal = StandardStreams.ErrorIsTerminal;
    string source = "";
    readonly TransferRate rate = new();
    readonly long began = Stopwatch.GetTimestamp();
    IReadOnlyList<Descriptor> layers = [];
    long[] read = [];
    long toFetch;
    long fetched;
    long total;
    int layersDone;
    long lastDrawn;
    bool announced;
    bool drawn;

    /// <param name="quietWhenPresent">Say nothing as long as no layer has to be unpacked.</param>
    public PullProgress(bool quietWhenPresent) => this.quietWhenPresent = quietWhenPresent;

    public void Begin(string source, IReadOnlyList<Descriptor> layers)
    {
        lock (gate)
        {
            this.source = source;
            this.layers = layers;
            (toFetch, fetched) = (0, 0);
            read = new long[layers.Count];
            total = 0;
            foreach (Descriptor layer in layers)
                total += layer.Size;
            if (!quietWhenPresent)
                Announce();
        }
    }

    public void Present(int layer)
    {
        lock (gate)
            layersDone++;
    }

    public void Fetching(int layer)
    {
        lock (gate)
        {
            Announce();
            toFetch += layers[layer].Size;
        }
    }

    public void Fetched(int layer, long bytes)
    {
        lock (gate)
        {
            fetched += bytes;
            if (lastDrawn == 0 && !terminal)
                lastDrawn = Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(lastDrawn) < (terminal ? Interval : LineInterval))
                return;
            rate.Add(Stopwatch.GetElapsedTime(began), fetched);
            if (terminal)
            {
                Draw();
                return;
            }

            StandardStreams.WriteError($"decant: {Fetch()}\n");
            lastDrawn = Stopwatch.GetTimestamp();
        }
    }

    public void Advance(int layer, long bytes)
    {
        lock (gate)
        {
            Announce();
            read[layer] += bytes;
            if (terminal && (!drawn || Stopwatch.GetElapsedTime(lastDrawn) >= Interval))
                Draw();
        }
    }

    public void Unpacked(int layer)
    {
        lock (gate)
        {
            Announce();
            layersDone++;
            if (terminal)
                Draw();
        }
    }

    public void Warn(string message)
    {
        lock (gate)
        {
            Clear();
            StandardStreams.WriteError($"decant: {message}\n");
        }
    }

    public void Dispose()
    {
        lock (gate)
            Clear();
    }

    void Announce()
    {
        if (announced)
            return;
        announced = true;
        StandardStreams.WriteError($"decant: unpacking {PathBytes.Printable(source)} into the store\n");
    }

    void Draw()
    {
        bool fetching = fetched < toFetch;
        long sum = 0;
        foreach (long bytes in read)
            sum += bytes;
        (long there, long all) = fetching ? (fetched, toFetch) : (sum, total);
        int filled = all == 0 ? BarWidth : (int)Math.Min(BarWidth, BarWidth * there / all);
        string text = fetching ? Fetch() : $"{ByteSize.Format(sum)} of {ByteSize.Format(total)}";
        string line = $"[{new string('=', filled)}{new string(' ', BarWidth - filled)}] {text}, {layersDone} of {read.Length} layers";
        int width = StandardStreams.ErrorColumns - 1;
        StandardStreams.WriteError("\r\e[K" + (line.Length > width ? line[..width] : line));
        lastDrawn = Stopwatch.GetTimestamp();
        drawn = true;
    }

    /// <summary>12 MiB of 80 MiB, 24 MiB/s, 3 s left</summary>
    string Fetch()
    {
        string text = $"{ByteSize.Format(fetched)} of {ByteSize.Format(toFetch)}";
        if (rate.BytesPerSecond >= 1)
            text += $", {ByteSize.Format((long)rate.BytesPerSecond)}/s";
        return rate.TimeUntil(toFetch) is { } left ? $"{text}, {TransferRate.Format(left)} left" : text;
    }

    void Clear()
    {
        if (drawn)
            StandardStreams.WriteError("\r\e[K");
        drawn = false;
    }
}
