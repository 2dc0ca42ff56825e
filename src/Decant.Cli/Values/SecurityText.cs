using Decant.Linux;

namespace Decant.Cli;

/// <summary>What <c>docker run --security-opt</c> can mean in a native launch.</summary>
static class SecurityText
{
    /// <summary>The values that are understood.</summary>
    public static string[] Known { get; } = ["seccomp=builtin", "seccomp=unconfined", "no-new-privileges"];

    /// <summary>Says which of the two an option sets, and to what; null for what an option does not speak of. Older dockers write a colon.</summary>
    public static (bool? Seccomp, bool? NoNewPrivileges) Parse(string text)
    {
        int separator = text.AsSpan().IndexOfAny('=', ':');
        string name = separator < 0 ? text : text[..separator];
        string? value = separator < 0 ? null : text[(separator + 1)..];
        return (name, value) switch
        {
            ("seccomp", "builtin") => (true, null),
            ("seccomp", "unconfined") => (false, null),
            ("seccomp", not null) => throw new DecantException("decant has docker's built-in filter only, and reads no profiles", "seccomp=builtin, or seccomp=unconfined, which is the rule"),
            ("no-new-privileges", null) => (null, true),
            ("no-new-privileges", _) when CliOption.TryParseBoolean(value!) is { } on => (null, on),
            ("apparmor" or "label", "unconfined" or "disable") => default,
            ("apparmor" or "label" or "systempaths", _) => throw new DecantException($"a native run keeps the {name} of its caller", "leave it out"),
            _ => throw new DecantException($"there is no security option {PathBytes.Printable(text)}", "one of " + string.Join(", ", Known)),
        };
    }
}
