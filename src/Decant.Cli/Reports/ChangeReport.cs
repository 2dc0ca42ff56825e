using Decant.Doctor;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>A variable that a prescription changes.</summary>
/// <param name="Value">Null takes it away.</param>
sealed record ChangeReport(string Name, string? Value, string Reason)
{
    public static ChangeReport Of(EnvironmentChange change) =>
        new(PathBytes.Printable(change.Name), change.Value is null ? null : PathBytes.Printable(change.Value), change.Reason);
}
