using Decant.Linux;

namespace Decant.Cli;

/// <summary>Whether output may carry escape sequences: on a terminal that knows them, and not with NO_COLOR (no-color.org).</summary>
static class Colours
{
    public static bool OnOutput => Allowed && StandardStreams.OutputIsTerminal;

    static bool Allowed =>
        string.IsNullOrEmpty(CallerEnvironment.Get("NO_COLOR"))
        && CallerEnvironment.Get("TERM") is not (null or "" or "dumb");
}
