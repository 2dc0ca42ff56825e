using Decant.Doctor;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>A variable that a prescription changes.</summary>
/// <param name="Value">Null takes it away.</param>
/// <param name="Shell">The same as a shell has it, with $NAME for what the variable was before.</param>
sealed record ChangeReport(string Name, string? Value, string Shell, string Reason)
{
    /// <param name="before">The variable's value without the change.</param>
    public static ChangeReport Of(EnvironmentChange change, string? before) =>
        new(PathBytes.Printable(change.Name), change.Value is null ? null : PathBytes.Printable(change.Value), PathBytes.Printable(change.Describe(before)), change.Reason);
}
