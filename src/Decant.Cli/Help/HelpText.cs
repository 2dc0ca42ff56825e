using System.Text;

namespace Decant.Cli;

/// <summary>Help for people, made from the same definitions that the parser reads.</summary>
static class HelpText
{
    const int HelpColumn = 33;

    /// <summary>decant run [options] IMAGE [CMD...]</summary>
    public static string Usage(CliCommand command)
    {
        StringBuilder text = new("decant ");
        text.Append(command.Name);
        if (command.Options.Length > 0)
            text.Append(" [options]");
        foreach (CliOperand operand in command.Operands)
            text.Append(' ').Append(operand);
        return text.ToString();
    }

    public static string Overview()
    {
        StringBuilder text = new();
        text.Append("decant runs programs from container images natively: no daemon, no root needed.\n\n");
        text.Append("Usage: decant COMMAND [options] ...\n\nCommands:\n");
        foreach (string name in CommandList.Names)
            Line(text, "  " + name, CommandList.Create(name)!.Summary, 14);
        text.Append("\nOptions:\n");
        Line(text, "  --help", "Show this; after a command, that command's help", 14);
        Line(text, "  --version", "Show the version", 14);
        text.Append("\nSources of images:\n");
        Line(text, "  docker://[HOST/]NAME[:TAG]", "an image in a registry", 30);
        Line(text, "  docker-archive:FILE", "what docker save wrote", 30);
        Line(text, "  oci-archive:FILE[:TAG]", "an OCI image layout in a tar", 30);
        Line(text, "  oci:DIR[:TAG]", "an OCI image layout", 30);
        Line(text, "  tar:FILE", "what docker export wrote, or any tar of a root", 30);
        Line(text, "  rootfs:DIR", "a directory that is a root already", 30);
        Line(text, "  docker-daemon:NAME", "an image of the docker on this machine", 30);
        Line(text, "  docker-container:NAME", "a container of it, as it is at the moment", 30);
        Line(text, "  podman:NAME", "an image of the podman on this machine", 30);
        text.Append("\nStart with: decant demo\n");
        return text.ToString();
    }

    public static string Of(CliCommand command)
    {
        StringBuilder text = new();
        text.Append("Usage: ").Append(Usage(command)).Append("\n\n").Append(command.Summary).Append(".\n");
        bool grouped = IsGrouped(command);
        foreach (OptionTopic topic in Enum.GetValues<OptionTopic>())
        {
            bool headed = false;
            foreach (CliOption option in command.Options)
            {
                if (option.Topic != topic)
                    continue;
                if (!headed)
                    text.Append('\n').Append(grouped ? topic.ToString() : "Options").Append(":\n");
                headed = true;
                Line(text, Spelling(option), option.Help, HelpColumn);
            }
        }

        if (command.Examples.Length > 0)
            text.Append("\nExamples:\n");
        foreach (string example in command.Examples)
            text.Append("  ").Append(example).Append('\n');
        return text.ToString();
    }

    /// <summary>  -v, --volume SRC:DST[:OPTS]</summary>
    static string Spelling(CliOption option)
    {
        string letter = option.Letter == '\0' ? "      " : $"  -{option.Letter}, ";
        return option.IsFlag ? $"{letter}--{option.Name}" : $"{letter}--{option.Name} {option.Placeholder}";
    }

    static bool IsGrouped(CliCommand command)
    {
        foreach (CliOption option in command.Options)
        {
            if (option.Topic != OptionTopic.Output)
                return true;
        }

        return false;
    }

    static void Line(StringBuilder text, string left, string right, int column)
    {
        text.Append(left);
        if (left.Length > column - 2)
            text.Append('\n').Append(' ', column);
        else
            text.Append(' ', column - left.Length);
        text.Append(right).Append('\n');
    }
}
