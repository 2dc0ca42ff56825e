namespace Decant.Doctor;

/// <summary>The components that a command asks for in a framework of MCA (Open MPI's documentation, "Setting MCA parameter values").</summary>
/// <param name="Framework">Such as pml.</param>
/// <param name="Value">A list; one that begins with ^ excludes.</param>
/// <param name="Origin">Where it stands: a variable, or an option.</param>
sealed record MpiChoice(string Framework, string Value, string Origin)
{
    public bool Excludes => Value.StartsWith('^');

    /// <summary>"a,^b": the sign stands once, in front of all.</summary>
    public bool IsMixed => Value.LastIndexOf('^') > 0;

    /// <summary>None where they are excluded.</summary>
    public IReadOnlyList<string> Components => Excludes ? [] : Value.Split(',', StringSplitOptions.RemoveEmptyEntries);

    static IEnumerable<MpiChoice> OfVariables(ExaminedCommand command, MpiProject project)
    {
        string prefix = project.Variable;
        foreach (Decant.Launch.EnvironmentVariable variable in command.Environment.Variables)
        {
            if (variable.Name.StartsWith(prefix, StringComparison.Ordinal) && Parse(variable.Name[prefix.Length..], variable.Value, variable.Name) is { } choice)
                yield return choice;
        }
    }

    /// <summary>What a command is given: by the options of who launches it, and where they say nothing by variables.</summary>
    /// <param name="launcher">May be the command itself; null for none.</param>
    /// <param name="project">Open MPI, PRRTE and PMIx have parameters of their own.</param>
    public static IReadOnlyList<MpiChoice> Of(ExaminedCommand command, ExaminedCommand? launcher, MpiProject project)
    {
        // Those of the first program hold for all.
        IEnumerable<MpiChoice> options = launcher is null ? [] : MpiApplication.Of(launcher).Take(1).SelectMany(first => OfOptions(first.Options, project));
        return [.. options.Concat(OfVariables(command, project)).DistinctBy(choice => choice.Framework)];
    }

    static IEnumerable<MpiChoice> OfOptions(IReadOnlyList<string> words, MpiProject project)
    {
        for (int i = 0; i + 2 < words.Count; i++)
        {
            if (words[i].StartsWith('-') && project.Options.Contains(words[i].TrimStart('-')) && Parse(words[i + 1], words[i + 2], $"{words[i]} {words[i + 1]}") is { } choice)
                yield return choice;
        }
    }

    /// <summary>Null for a parameter that is no framework's choice.</summary>
    static MpiChoice? Parse(string name, string value, string origin) =>
        name.Length == 0 || name.Contains('_') || value.Length == 0 ? null : new MpiChoice(name, value, origin);
}
