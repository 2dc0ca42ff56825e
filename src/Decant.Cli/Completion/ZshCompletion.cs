using System.Text;

namespace Decant.Cli;

/// <summary>A completion function for zsh, on _arguments.</summary>
static class ZshCompletion
{
    public static string Script()
    {
        StringBuilder text = new();
        text.Append("#compdef decant\n");
        text.Append("# decant's completion for zsh: install it as _decant in a directory of $fpath, or source it after compinit.\n\n");
        text.Append("_decant_images() {\n  local -a names\n");
        text.Append($"  names=(${{(f)\"$({CompletionFacts.ListImages})\"}})\n");
        text.Append("  if compset -P '*:'; then\n    _files\n  else\n");
        text.Append("    compadd -a names\n");
        text.Append($"    compadd -S '' {string.Join(' ', CompletionFacts.Transports)}\n  fi\n}}\n\n");
        text.Append("_decant_targets() {\n  if compset -P '*:'; then\n    _files\n  else\n");
        text.Append($"    compadd -S '' {string.Join(' ', CompletionFacts.TargetTransports)}\n  fi\n}}\n\n");
        text.Append("_decant_removable() {\n  local -a names\n");
        text.Append($"  names=(${{(f)\"$({CompletionFacts.ListRemovable})\"}})\n  compadd -a names\n}}\n\n");
        text.Append("_decant_path() {\n  compset -P '*[:=]'\n  _files\n}\n\n");
        text.Append("_decant_rest() {\n  _files\n}\n\n");
        text.Append("_decant() {\n  local curcontext=$curcontext state line\n  local -a commands\n  commands=(\n");
        foreach (string name in CommandList.Names)
            text.Append("    ").Append(Quote($"{name}:{CommandList.Create(name)!.Summary}")).Append('\n');
        text.Append("  )\n");
        text.Append("  if (( CURRENT == 2 )); then\n    _describe -t commands command commands\n");
        text.Append("    [[ $PREFIX == -* ]] && compadd -- --help --version\n    return\n  fi\n");
        text.Append("  local command=$words[2]\n  shift words\n  (( CURRENT-- ))\n  case $command in\n");
        foreach (string name in CommandList.Names)
            Command(text, CommandList.Create(name)!);
        text.Append("  esac\n}\n\n");
        text.Append("if [[ $funcstack[1] == _decant ]]; then\n  _decant \"$@\"\nelse\n  compdef _decant decant\nfi\n");
        return text.ToString();
    }

    static void Command(StringBuilder text, CliCommand command)
    {
        text.Append($"    {command.Name})\n      _arguments -s {(command.OptionsComeFirst ? "-A '-*' " : "")}'--help[Show help]'");
        foreach (CliOption option in command.Options)
        {
            string value = option.IsFlag ? "" : $":{Escape(option.Placeholder!)}:{Action(option.Hint, option.Choices)}";
            string help = $"[{Escape(option.Help)}]";
            if (option.Letter != '\0')
                text.Append(" \\\n        ").Append(Quote($"*-{option.Letter}{(option.IsFlag ? "" : "+")}{help}{value}"));
            text.Append(" \\\n        ").Append(Quote($"*--{option.Name}{(option.IsFlag ? "" : "=")}{help}{value}"));
        }

        for (int i = 0; i < command.Operands.Length; i++)
        {
            CliOperand operand = command.Operands[i];
            string position = operand.Repeated ? "*" : $"{i + 1}";
            text.Append(" \\\n        ").Append(Quote($"{position}:{operand.Name}:{Action(operand.Hint, operand.Choices)}"));
        }

        text.Append("\n      ;;\n");
    }

    static string Action(ValueHint hint, string[] choices) => hint switch
    {
        ValueHint.Files or ValueHint.Directories => "_decant_path",
        ValueHint.Images => "_decant_images",
        ValueHint.Targets => "_decant_targets",
        ValueHint.Removable => "_decant_removable",
        ValueHint.Variables => "_parameters -g \"*export*\"",
        ValueHint.Choices => $"({string.Join(' ', choices.Select(choice => choice.Replace(":", "\\:")))})",
        _ => " ",
    };

    /// <summary>Brackets and colons separate the parts of a specification.</summary>
    static string Escape(string text) => text.Replace("\\", "\\\\").Replace("[", "\\[").Replace("]", "\\]").Replace(":", "\\:");

    static string Quote(string text) => "'" + text.Replace("'", "'\\''") + "'";
}
