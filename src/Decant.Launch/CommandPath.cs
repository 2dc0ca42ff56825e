namespace Decant.Launch;

/// <summary>Where execvp(3) looks for a program.</summary>
static class CommandPath
{
    /// <summary>The paths that are tried, in order.</summary>
    /// <param name="path">The value of PATH.</param>
    public static string[] Candidates(string command, string path)
    {
        if (command.Contains('/'))
            return [command];
        string[] candidates = path.Split(':');
        foreach (ref string directory in candidates.AsSpan())
            directory = directory.Length == 0 ? command : $"{directory.TrimEnd('/')}/{command}";
        return candidates;
    }
}
