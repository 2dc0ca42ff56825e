namespace Decant.Doctor;

/// <summary>The components of Open MPI that a command names for a framework, by OMPI_MCA_FRAMEWORK or --mca FRAMEWORK (Open MPI's documentation, "Setting MCA parameter values").</summary>
static class MpiSelection
{
    const string Variable = "OMPI_MCA_";

    /// <summary>Framework and components; what begins with ^ excludes and names none.</summary>
    /// <param name="chain">The command and those that it starts.</param>
    public static IEnumerable<(string Framework, string[] Components)> Of(IReadOnlyList<LoadedCommand> chain)
    {
        foreach (LoadedCommand one in chain)
        {
            foreach (Decant.Launch.EnvironmentVariable variable in one.Command.Environment.Variables)
            {
                if (variable.Name.StartsWith(Variable, StringComparison.Ordinal) && Parse(variable.Name[Variable.Length..], variable.Value) is { } selected)
                    yield return selected;
            }

            IReadOnlyList<string> words = one.Command.Arguments;
            for (int i = 1; i + 2 < words.Count; i++)
            {
                if (words[i] is "--mca" or "-mca" or "--gmca" or "-gmca" or "--omca" && Parse(words[i + 1], words[i + 2]) is { } selected)
                    yield return selected;
            }
        }
    }

    /// <summary>Null for a parameter that is no framework's choice.</summary>
    static (string Framework, string[] Components)? Parse(string name, string value) =>
        name.Length == 0 || name.Contains('_') || value.Length == 0 || value.StartsWith('^') ? null : (name, value.Split(',', StringSplitOptions.RemoveEmptyEntries));
}
