using System.Diagnostics;
using Decant.Bench;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>How a bench goes on, on standard error: one line that is written over on a terminal, a line now and then elsewhere.</summary>
sealed class BenchProgressLine : IDisposable
{
    static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(30);

    readonly bool terminal = StandardStreams.ErrorIsTerminal;
    long last = Stopwatch.GetTimestamp();
    bool drawn;

    public void Show(BenchProgress progress)
    {
        if (Stopwatch.GetElapsedTime(last) < (terminal ? TerminalInterval : LineInterval))
            return;
        last = Stopwatch.GetTimestamp();
        string left = progress.Left is { } time ? $", at most {DurationText.Format(time)} left" : "";
        string line = $"block {progress.Block} of {progress.Blocks}, trial {progress.Trials + 1} of {progress.AllTrials}: {PathBytes.Printable(progress.Environment)}{(progress.Phase == "trial" ? "" : $" ({progress.Phase})")}{left}";
        int width = StandardStreams.ErrorColumns - 1;
        StandardStreams.WriteError(terminal ? "\r\e[K" + (line.Length > width ? line[..width] : line) : $"decant: {line}\n");
        drawn = terminal;
    }

    public void Dispose()
    {
        if (drawn)
            StandardStreams.WriteError("\r\e[K");
    }
}
