using System.Diagnostics;
using System.Runtime.InteropServices;
using Decant.Bench;

namespace Decant.Cli;

/// <summary>
/// How a bench goes on, on standard error: on a terminal a table of the environments above a line, drawn over; elsewhere a line now and then. Nothing is drawn
/// while a trial runs, except when the terminal changes its size.
/// </summary>
sealed class BenchProgressLines : IDisposable
{
    static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(30);

    readonly Lock gate = new();
    readonly bool terminal = StandardStreams.ErrorIsTerminal;
    readonly LiveLines live = new();
    readonly PosixSignalRegistration? resized;
    long last;
    BenchProgress? progress;
    BenchResult? result;

    public BenchProgressLines()
    {
        if (terminal)
            resized = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Resize());
        else
            last = Stopwatch.GetTimestamp();
    }

    public void Show(BenchProgress now)
    {
        if (Stopwatch.GetElapsedTime(last) < (terminal ? TerminalInterval : LineInterval))
            return;
        last = Stopwatch.GetTimestamp();
        if (!terminal)
        {
            StandardStreams.WriteError($"decant: {ProgressText.Line(now, int.MaxValue)}\n");
            return;
        }

        lock (gate)
        {
            if (result is null || result.Trials.Length != now.Trials)
                result = now.Result();
            progress = now;
            Draw();
        }
    }

    public void Dispose()
    {
        resized?.Dispose();
        lock (gate)
        {
            progress = null;
            if (terminal)
                StandardStreams.WriteError(live.Clear(StandardStreams.ErrorSize.Columns));
        }
    }

    void Resize()
    {
        lock (gate)
            Draw();
    }

    void Draw()
    {
        if (progress is null || result is null)
            return;
        (int columns, int rows) = StandardStreams.ErrorSize;
        // The last column stays free: a cursor in it is already in the next line for some terminals.
        string line = ProgressText.Line(progress, columns - 1);
        IReadOnlyList<string> table = ProgressText.Table(result, columns - 1);
        // Lines that have left the screen at its top cannot be drawn over.
        StandardStreams.WriteError(live.Redraw(table.Count + 1 < rows ? [.. table, line] : [line], columns));
    }
}
