using System.Collections.Immutable;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>
/// The caller's limits of resources (proc_pid_limits(5)). Launchers of which the program is a child hand them on; engines and runtimes have their own, and are
/// told these, so that all environments have the same.
/// </summary>
static class CallerLimits
{
    /// <summary>What /proc and docker call those that engines set.</summary>
    static readonly (string Row, string Name)[] Names =
        [("Max core file size", "core"), ("Max locked memory", "memlock"), ("Max open files", "nofile"), ("Max processes", "nproc"), ("Max stack size", "stack")];

    /// <summary>docker's name, and both limits; null for no limit.</summary>
    public static ImmutableArray<(string Name, ulong? Soft, ulong? Hard)> All { get; } = Parse(KernelText.TryRead("/proc/self/limits") ?? "");

    /// <param name="text">A heading, and lines of a name in 26 columns and the soft and the hard limit in 21 each.</param>
    internal static ImmutableArray<(string Name, ulong? Soft, ulong? Hard)> Parse(string text) =>
    [
        .. from row in text.Split('\n')
           where row.Length >= 68
           from known in Names
           where row[..26].TrimEnd() == known.Row
           let soft = row[26..47].Trim()
           let hard = row[47..68].Trim()
           where IsLimit(soft) && IsLimit(hard)
           select (known.Name, Number(soft), Number(hard)),
    ];

    static bool IsLimit(string text) => text == "unlimited" || ulong.TryParse(text, out _);

    static ulong? Number(string text) => ulong.TryParse(text, out ulong value) ? value : null;

    /// <summary>
    /// --ulimit of docker and podman, without those that the user named, and without those that have a soft limit only: before go-units 0.4 docker took "8388608:-1" for a
    /// soft limit above the hard one.
    /// </summary>
    public static IEnumerable<string> Options(IReadOnlyList<string> given) =>
        given.Contains("host") || given.Contains("--ulimit=host") ? [] : All.Where(limit => limit.Hard is not null || limit.Soft is null).Where(limit => !given.Any(option => option.StartsWith(limit.Name + "=", StringComparison.Ordinal) || option.StartsWith($"--ulimit={limit.Name}=", StringComparison.Ordinal)))
            .SelectMany(limit => (string[])["--ulimit", $"{limit.Name}={limit.Soft?.ToString() ?? "-1"}:{limit.Hard?.ToString() ?? "-1"}"]);
}
