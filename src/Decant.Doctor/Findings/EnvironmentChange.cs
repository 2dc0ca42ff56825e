namespace Decant.Doctor;

/// <summary>A variable of the program's environment with another value.</summary>
/// <param name="Name">Such as LD_LIBRARY_PATH.</param>
/// <param name="Value">The whole new value; null takes the variable away.</param>
/// <param name="Reason">Why it may help, in a few words: "libucs.so.0 is in /opt/ucx/lib".</param>
public sealed record EnvironmentChange(string Name, string? Value, string Reason)
{
    /// <summary>A list such as PATH with a directory put first, taken out of where it stood.</summary>
    public static EnvironmentChange Prepend(string name, string? list, string directory, string reason) =>
        new(name, string.Join(':', [directory, .. Elements(list).Where(element => element != directory)]), reason);

    /// <summary>A list without one of its directories; none at all without the last.</summary>
    public static EnvironmentChange Remove(string name, string? list, string directory, string reason)
    {
        string[] left = [.. Elements(list).Where(element => element != directory)];
        return new EnvironmentChange(name, left.Length == 0 ? null : string.Join(':', left), reason);
    }

    /// <summary>As a shell would have it: what the variable was before stands as $NAME.</summary>
    /// <param name="before">The variable's value without the change; null for none.</param>
    public string Describe(string? before)
    {
        if (Value is null)
            return $"unset {Name}";
        string kept = before is { Length: > 0 } && Value.EndsWith(':' + before, StringComparison.Ordinal) ? $"{Value[..^before.Length]}${Name}" : Value;
        return $"{Name}={kept}";
    }

    static string[] Elements(string? list) => string.IsNullOrEmpty(list) ? [] : list.Split(':');
}
