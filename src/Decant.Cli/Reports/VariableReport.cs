using Decant.Launch;

namespace Decant.Cli;

/// <summary>A variable of the program's environment in a report.</summary>
sealed record VariableReport(string Name, string Value, string Origin)
{
    public static IReadOnlyList<VariableReport> Of(LaunchEnvironment environment) =>
        [.. environment.Variables.Select(variable => new VariableReport(variable.Name, variable.Value, variable.Origin))];
}
