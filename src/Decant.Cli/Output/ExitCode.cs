using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>decant's own exit codes, which are docker's. A program's own code passes as it is, a signal as 128 and its number.</summary>
static class ExitCode
{
    public const int Success = 0;

    /// <summary>What was checked is not in order.</summary>
    public const int ProblemsFound = 1;

    public const int Failure = LaunchException.Failed;
    const int BrokenPipe = 128 + 13;

    /// <summary>Says what went wrong on standard error and returns the code for it.</summary>
    public static int Report(Exception exception)
    {
        if (exception is OutputClosedException)
            return BrokenPipe;
        string text = exception is DecantException
            ? $"decant: {exception.Message}\n"
            : $"decant: a defect in decant: {exception.GetType().Name}: {exception.Message}\n{exception.StackTrace}\n";
        if (exception is DecantException { Fix: { } fix })
            text += $"  fix: {fix}\n";
        StandardStreams.WriteError(text);
        return Of(exception);
    }

    static int Of(Exception exception) => exception is LaunchException launch ? launch.ExitCode : Failure;
}
