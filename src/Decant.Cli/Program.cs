using Decant.Linux;

namespace Decant.Cli;

/// <summary>The way from the command line to a command and back to an exit code.</summary>
static class Program
{
    static int Main(string[] args)
    {
        int code;
        try
        {
            StandardDescriptors.OpenMissing();
            code = Dispatch(CommandLineBytes.Restore(args));
        }
        catch (Exception e)
        {
            code = ExitCode.Report(e);
        }

        // Nothing is left to flush or to finalize, and the runtime's own way out takes longer than the program may have run.
        Libc.Exit(code);
        return code;
    }

    internal static int Dispatch(string[] args)
    {
        switch (args)
        {
            case [] or ["--help" or "-h" or "help"]:
                StandardStreams.Write(HelpText.Overview());
                return ExitCode.Success;
            case ["help", var asked]:
                StandardStreams.Write(HelpText.Of(CommandList.Create(asked) ?? throw Unknown(asked)));
                return ExitCode.Success;
            case ["--version"]:
                StandardStreams.Write($"decant {BuildVersion.Text}\n");
                return ExitCode.Success;
        }

        CliCommand command = CommandList.Create(args[0]) ?? throw Unknown(args[0]);
        MatchedArguments matched = ArgumentMatcher.Match(command, args.AsSpan(1));
        if (matched.HelpAsked)
        {
            StandardStreams.Write(HelpText.Of(command));
            return ExitCode.Success;
        }

        return command.Run(matched.Operands);
    }

    static DecantException Unknown(string word)
    {
        bool option = word.StartsWith('-');
        string? nearest = Suggestion.Nearest(word, option ? ["--help", "--version"] : CommandList.Names);
        return new DecantException(
            $"there is no {(option ? "option" : "command")} {PathBytes.Printable(word)}" + (nearest is null ? "" : $"; did you mean {nearest}?"),
            "decant --help");
    }
}
