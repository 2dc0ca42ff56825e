using Decant.Launch;

namespace Decant.Doctor;

/// <summary>What a command that starts another makes of the words, the environment and the directory that it was given.</summary>
sealed class StartedCommand(LaunchEnvironment environment, string workingDirectory, IEnumerable<string> words)
{
    /// <summary>That are left: in the end the program and its arguments.</summary>
    public List<string> Words { get; } = [.. words];

    public LaunchEnvironment Environment { get; set; } = environment;

    public string WorkingDirectory { get; private set; } = workingDirectory;

    /// <summary>Where else a launcher was told to look for programs, divided by colons; null for nowhere.</summary>
    public string? SearchPath { get; set; }

    /// <param name="value">Null takes the variable away.</param>
    public void Set(string name, string? value, string origin) => Environment = Environment.With(name, value, origin);

    /// <summary>chdir(2); relative to where it is.</summary>
    public void Enter(string directory) => WorkingDirectory = directory.StartsWith('/') ? directory : $"{WorkingDirectory.TrimEnd('/')}/{directory}";

    /// <summary>Takes the first word off.</summary>
    public string Take()
    {
        string word = Words[0];
        Words.RemoveAt(0);
        return word;
    }

    /// <summary>Takes the options off, up to "--" or the first word that is none.</summary>
    /// <param name="withValue">Those whose value is the next word, where it is not in the same.</param>
    public void SkipOptions(params ReadOnlySpan<string> withValue)
    {
        while (Words.Count > 0 && Words[0].Length > 1 && Words[0][0] == '-')
        {
            string option = Take();
            if (option == "--")
                return;
            if (withValue.Contains(option) && Words.Count > 0)
                Take();
        }
    }
}
