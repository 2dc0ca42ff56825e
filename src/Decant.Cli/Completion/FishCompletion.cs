using System.Text;

namespace Decant.Cli;

/// <summary>Completions for fish.</summary>
static class FishCompletion
{
    public static string Script()
    {
        StringBuilder text = new();
        text.Append("# decant's completion for fish: install it as decant.fish in ~/.config/fish/completions.\n");
        text.Append("function __decant_images\n");
        text.Append($"    {CompletionFacts.ListImages}\n");
        text.Append($"    printf '%s\\n' {string.Join(' ', CompletionFacts.Transports)}\nend\n\n");
        text.Append("# Whether the first word is this command.\n");
        text.Append("function __decant_in\n");
        text.Append("    set -l words (commandline -opc)\n");
        text.Append("    test (count $words) -ge 2; and test $words[2] = $argv[1]\nend\n\n");
        text.Append("complete -c decant -f\n");
        text.Append("complete -c decant -n 'test (count (commandline -opc)) -eq 1' -l help -d 'Show help'\n");
        text.Append("complete -c decant -n 'test (count (commandline -opc)) -eq 1' -l version -d 'Show the version'\n");
        foreach (string name in CommandList.Names)
            Command(text, CommandList.Create(name)!);
        return text.ToString();
    }

    static void Command(StringBuilder text, CliCommand command)
    {
        text.Append($"complete -c decant -n 'test (count (commandline -opc)) -eq 1' -a {command.Name} -d {Quote(command.Summary)}\n");
        string condition = $"complete -c decant -n '__decant_in {command.Name}'";
        foreach (CliOption option in command.Options)
        {
            text.Append(condition);
            if (option.Letter != '\0')
                text.Append($" -s {option.Letter}");
            text.Append($" -l {option.Name}");
            if (!option.IsFlag)
                text.Append(" -r").Append(Action(option.Hint, option.Choices));
            text.Append($" -d {Quote(option.Help)}\n");
        }

        text.Append(condition).Append(" -l help -d 'Show help'\n");
        foreach (CliOperand operand in command.Operands)
            text.Append(condition).Append(Action(operand.Hint, operand.Choices)).Append('\n');
    }

    static string Action(ValueHint hint, string[] choices) => hint switch
    {
        ValueHint.Files or ValueHint.Directories => " -F",
        ValueHint.Images => " -a '(__decant_images)'",
        ValueHint.Targets => $" -a {Quote(string.Join(' ', CompletionFacts.TargetTransports))}",
        ValueHint.Removable => $" -a '({CompletionFacts.ListRemovable})'",
        ValueHint.Variables => " -x -a '(set -nx)'",
        ValueHint.Choices => $" -x -a {Quote(string.Join(' ', choices))}",
        _ => " -x",
    };

    static string Quote(string text) => "'" + text.Replace("\\", "\\\\").Replace("'", "\\'") + "'";
}
