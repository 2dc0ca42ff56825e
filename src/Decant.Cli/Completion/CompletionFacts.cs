namespace Decant.Cli;

/// <summary>What all three completion scripts are made of.</summary>
static class CompletionFacts
{
    /// <summary>Shell commands that print names, one a line.</summary>
    public const string ListImages = "decant images --quiet 2> /dev/null";
    public const string ListRemovable = "decant images --quiet --runs 2> /dev/null";

    public static string[] Transports { get; } = ["docker://", "rootfs:", "docker-archive:", "oci-archive:", "oci:", "tar:", "docker-daemon:", "docker-container:", "podman:"];

    /// <summary>Those that images are written to.</summary>
    public static string[] TargetTransports { get; } = ["oci:", "oci-archive:", "docker-archive:", "tar:"];

    /// <summary>Every option of every command.</summary>
    public static void Each(Action<string, CliOption> visit)
    {
        foreach (string name in CommandList.Names)
        {
            foreach (CliOption option in CommandList.Create(name)!.Options)
                visit(name, option);
        }
    }

    /// <summary>The long forms, --help with them.</summary>
    public static IEnumerable<string> OptionWords(string command)
    {
        foreach (CliOption option in CommandList.Create(command)!.Options)
            yield return "--" + option.Name;
        yield return "--help";
    }
}
