using Decant.Linux;

namespace Decant.Cli;

/// <summary>
/// Walks a command line over a command's options by the rules of pflag, which docker's command line has:
/// --name=value, --name value, -n value, -nvalue, -n=value, letters of flags bundled, -- ends options. A general
/// parser would cost each launch more than all else that decant does before its first system call.
/// </summary>
static class ArgumentMatcher
{
    public static MatchedArguments Match(CliCommand command, ReadOnlySpan<string> words)
    {
        List<string> operands = new(words.Length);
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i];
            if (word.Length < 2 || word[0] != '-')
            {
                if (command.OptionsComeFirst)
                {
                    operands.AddRange(words[i..]);
                    break;
                }

                operands.Add(word);
            }
            else if (word == "--")
            {
                operands.AddRange(words[(i + 1)..]);
                break;
            }
            else if (word[1] == '-')
            {
                if (Long(command, word, words, ref i))
                    return new MatchedArguments([.. operands], HelpAsked: true);
            }
            else if (Letters(command, word, words, ref i))
            {
                return new MatchedArguments([.. operands], HelpAsked: true);
            }
        }

        CheckOperands(command, operands);
        return new MatchedArguments([.. operands], HelpAsked: false);
    }

    static bool Long(CliCommand command, string word, ReadOnlySpan<string> words, ref int at)
    {
        int equals = word.IndexOf('=');
        string name = equals < 0 ? word[2..] : word[2..equals];
        CliOption? option = Find(command.Options, name);
        if (option is null)
        {
            if (name == "help")
                return true;
            return command.Refuse(name, equals < 0 ? null : word[(equals + 1)..]) ? false : throw Unknown(command, "--" + name);
        }

        if (equals >= 0)
            Apply(option, "--" + name, word[(equals + 1)..]);
        else if (option.IsFlag)
            Apply(option, "--" + name, "true");
        else
            Apply(option, "--" + name, Next(command, option, "--" + name, words, ref at));
        return false;
    }

    static bool Letters(CliCommand command, string word, ReadOnlySpan<string> words, ref int at)
    {
        for (int i = 1; i < word.Length; i++)
        {
            char letter = word[i];
            string spelled = "-" + letter;
            CliOption? option = Find(command.Options, letter);
            bool isLast = i == word.Length - 1;
            bool hasEquals = !isLast && word[i + 1] == '=';
            if (option is null)
            {
                if (letter == 'h')
                    return true;
                if (!command.Refuse(letter.ToString(), hasEquals ? word[(i + 2)..] : null))
                    throw Unknown(command, spelled);
                if (hasEquals)
                    return false;
                continue;
            }

            if (hasEquals)
            {
                Apply(option, spelled, word[(i + 2)..]);
                return false;
            }

            if (!option.IsFlag)
            {
                Apply(option, spelled, isLast ? Next(command, option, spelled, words, ref at) : word[(i + 1)..]);
                return false;
            }

            Apply(option, spelled, "true");
        }

        return false;
    }

    static string Next(CliCommand command, CliOption option, string spelled, ReadOnlySpan<string> words, ref int at)
    {
        if (at + 1 >= words.Length)
        {
            throw new DecantException(
                $"{spelled} needs a value: {spelled} {option.Placeholder}", $"decant {command.Name} --help");
        }

        return words[++at];
    }

    static void Apply(CliOption option, string spelled, string value)
    {
        try
        {
            option.Apply(value);
        }
        catch (DecantException e)
        {
            string typed = value.Length == 0 && !option.IsFlag ? "\"\"" : PathBytes.Printable(value);
            throw new DecantException(e.Message.StartsWith($"{spelled} ", StringComparison.Ordinal) ? e.Message : $"{spelled} {typed}: {e.Message}", e.Fix, e);
        }
    }

    static CliOption? Find(CliOption[] options, string name)
    {
        for (int i = 0; i < options.Length; i++)
        {
            if (options[i].Name == name || options[i].Alias == name)
                return options[i];
        }

        return null;
    }

    static CliOption? Find(CliOption[] options, char letter)
    {
        for (int i = 0; i < options.Length; i++)
        {
            if (options[i].Letter == letter)
                return options[i];
        }

        return null;
    }

    static DecantException Unknown(CliCommand command, string spelled)
    {
        List<string> known = ["--help"];
        foreach (CliOption option in command.Options)
            known.Add("--" + option.Name);
        string? nearest = spelled.StartsWith("--", StringComparison.Ordinal) ? Suggestion.Nearest(spelled, known) : null;
        string help = $"decant {command.Name} --help";
        return new DecantException(
            $"{command.Name} has no option {PathBytes.Printable(spelled)}" + (nearest is null ? "" : $"; did you mean {nearest}?"), help);
    }

    static void CheckOperands(CliCommand command, List<string> operands)
    {
        int at = 0;
        bool repeated = false;
        foreach (CliOperand operand in command.Operands)
        {
            repeated |= operand.Repeated;
            if (at++ >= operands.Count && !operand.Optional)
                throw new DecantException($"{command.Name} needs {operand.Name}: {HelpText.Usage(command)}", $"decant {command.Name} --help");
        }

        if (!repeated && operands.Count > command.Operands.Length)
        {
            throw new DecantException(
                $"{command.Name} has no use for {PathBytes.Printable(operands[command.Operands.Length])}: {HelpText.Usage(command)}",
                $"decant {command.Name} --help");
        }
    }
}
