using System.Text;

namespace Decant.Cli;

/// <summary>A completion function for bash that needs no bash-completion package.</summary>
static class BashCompletion
{
    public static string Script()
    {
        StringBuilder text = new();
        text.Append("# decant's completion for bash: source it, or install it as a file named decant.\n");
        text.Append("_decant() {\n");
        text.Append("  local cur=${COMP_WORDS[COMP_CWORD]} command= operands=0 rest= value= i word\n");
        text.Append("  COMPREPLY=()\n");
        text.Append("  # bash splits words at = and :, so that --option=value is three words; join what belongs together.\n");
        text.Append("  local -a words=()\n");
        text.Append("  local line=${COMP_LINE:0:COMP_POINT}\n");
        text.Append("  read -ra words <<< \"$line\"\n");
        text.Append("  [[ $line == *[[:space:]] ]] && words+=('')\n");
        text.Append("  local last=$((${#words[@]} - 1)) full=${words[${#words[@]} - 1]}\n");
        text.Append("  for ((i = 1; i < last; i++)); do\n");
        text.Append("    word=${words[i]}\n");
        text.Append("    if [[ -n $value ]]; then value=\n");
        text.Append("    elif [[ -z $command ]]; then command=$word\n");
        text.Append("    elif [[ $word == -* && -z $rest ]]; then _decant_takes_value \"$command\" \"$word\" && value=$word\n");
        text.Append("    else operands=$((operands + 1)); [[ $command == run || $command == script ]] && rest=1\n");
        text.Append("    fi\n");
        text.Append("  done\n");
        text.Append("  if [[ -z $command ]]; then\n");
        text.Append($"    _decant_words '{string.Join(' ', CommandList.Names)} --help --version'\n");
        text.Append("  elif [[ -n $value ]]; then _decant_value \"$command\" \"$value\"\n");
        text.Append("  elif [[ $full == --*=* ]]; then\n");
        text.Append("    local option=${full%%=*}\n");
        text.Append("    full=${full#*=}\n");
        text.Append("    _decant_value \"$command\" \"$option\"\n");
        text.Append("  elif [[ $full == -* && -z $rest ]]; then _decant_options \"$command\"\n");
        text.Append("  else _decant_operand \"$command\" \"$operands\"\n");
        text.Append("  fi\n");
        text.Append("}\n\n");
        text.Append("# Offers words that begin with what is typed; what bash has split off at the last = or : is left out.\n");
        text.Append("_decant_words() {\n");
        text.Append("  local word prefix=${full%\"$cur\"}\n");
        text.Append("  [[ $cur == [=:] ]] && prefix=$full\n");
        text.Append("  while IFS= read -r word; do\n");
        text.Append("    word=${word#\"$prefix\"}\n");
        text.Append("    COMPREPLY+=(\"$word\")\n");
        text.Append("    [[ $word == *[=:] ]] && compopt -o nospace 2> /dev/null\n");
        text.Append("  done < <(compgen -W \"$1\" -- \"$full\")\n");
        text.Append("  return 0\n");
        text.Append("}\n\n");
        text.Append("_decant_files() {\n");
        text.Append("  local path=$full word prefix=\n");
        text.Append("  # After SOURCE: or key= comes a path.\n");
        text.Append("  [[ $path == *[=:]* ]] && prefix=${path%\"${path##*[=:]}\"} path=${path##*[=:]}\n");
        text.Append("  local shown=${prefix#\"${full%\"$cur\"}\"}\n");
        text.Append("  [[ $cur == [=:] ]] && shown=\n");
        text.Append("  while IFS= read -r word; do\n");
        text.Append("    [[ -d $word ]] && word+=/\n");
        text.Append("    COMPREPLY+=(\"$shown$word\")\n");
        text.Append("    [[ $word == */ ]] && compopt -o nospace 2> /dev/null\n");
        text.Append("  done < <(compgen -f -- \"$path\")\n");
        text.Append("  return 0\n");
        text.Append("}\n\n");
        text.Append("_decant_takes_value() {\n  case \"$1 $2\" in\n");
        CompletionFacts.Each((command, option) =>
        {
            if (!option.IsFlag)
                text.Append("    ").Append(Patterns(command, option)).Append(") return 0 ;;\n");
        });
        text.Append("  esac\n  return 1\n}\n\n");
        text.Append("_decant_value() {\n  case \"$1 $2\" in\n");
        CompletionFacts.Each((command, option) =>
        {
            string? action = Action(option.Hint, option.Choices);
            if (!option.IsFlag && action is not null)
                text.Append("    ").Append(Patterns(command, option)).Append(") ").Append(action).Append(" ;;\n");
        });
        text.Append("  esac\n}\n\n");
        text.Append("_decant_options() {\n  case \"$1\" in\n");
        foreach (string name in CommandList.Names)
            text.Append($"    {name}) _decant_words '{string.Join(' ', CompletionFacts.OptionWords(name))}' ;;\n");
        text.Append("  esac\n}\n\n");
        text.Append("_decant_operand() {\n  case \"$1 $2\" in\n");
        foreach (string name in CommandList.Names)
        {
            CliOperand[] operands = CommandList.Create(name)!.Operands;
            for (int i = 0; i < operands.Length; i++)
            {
                if (Action(operands[i].Hint, operands[i].Choices) is { } action)
                    text.Append($"    \"{name} \"{(operands[i].Repeated ? "*" : i.ToString())}) {action} ;;\n");
            }
        }

        text.Append("  esac\n}\n\ncomplete -F _decant decant\n");
        return text.ToString();
    }

    static string Patterns(string command, CliOption option) =>
        $"\"{command} --{option.Name}\"" + (option.Letter == '\0' ? "" : $" | \"{command} -{option.Letter}\"");

    static string? Action(ValueHint hint, string[] choices) => hint switch
    {
        ValueHint.Files or ValueHint.Directories => "_decant_files",
        ValueHint.Images => $"_decant_words \"$({CompletionFacts.ListImages}) {string.Join(' ', CompletionFacts.Transports)}\"; [[ $full == *:* ]] && _decant_files",
        ValueHint.Targets => $"_decant_words '{string.Join(' ', CompletionFacts.TargetTransports)}'; [[ $full == *:* ]] && _decant_files",
        ValueHint.Removable => $"_decant_words \"$({CompletionFacts.ListRemovable})\"",
        ValueHint.Choices => $"_decant_words '{string.Join(' ', choices)}'",
        ValueHint.Variables => "_decant_words \"$(compgen -e)\"",
        _ => null,
    };
}
