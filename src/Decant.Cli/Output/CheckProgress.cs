namespace Decant.Cli;

/// <summary>What a check is looking at, on a terminal only: one line on standard error that is written over.</summary>
sealed class CheckProgress : IDisposable
{
    readonly bool terminal = StandardStreams.ErrorIsTerminal;

    public void Show(string what)
    {
        if (!terminal)
            return;
        int width = StandardStreams.ErrorColumns - 1;
        StandardStreams.WriteError("\r\e[K" + (what.Length > width ? what[..width] : what));
    }

    public void Dispose()
    {
        if (terminal)
            StandardStreams.WriteError("\r\e[K");
    }
}
