using System.Collections.Immutable;
using System.Globalization;

namespace Decant.Bench;

/// <summary>
/// Several environments in place of one: decant with one feature of a container more at each, so that what a container costs is told by its features. Each rung
/// is compared with the one before.
/// </summary>
public static class EnvironmentLadder
{
    /// <summary>What a rung adds to the options of those before it.</summary>
    static readonly (string Name, string[] Options)[] Rungs =
    [
        ("chroot", ["--read-only"]),
        ("+namespaces", ["--pid", "private", "--ipc", "private", "--hostname", "rung"]),
        // A limit that limits nothing: all memory that there is.
        ("+cgroup", ["--memory", HostMemory.Read().Total.ToString(CultureInfo.InvariantCulture)]),
        ("+overlay", ["--read-only=false"]),
        ("+seccomp", ["--security-opt", "seccomp=builtin"]),
    ];

    /// <summary>The environments with every ladder replaced by its rungs. Container engines and runtimes right behind a ladder are compared with its last rung.</summary>
    public static ImmutableArray<EnvironmentSpec> Expand(ImmutableArray<EnvironmentSpec> declared)
    {
        ImmutableArray<EnvironmentSpec>.Builder environments = ImmutableArray.CreateBuilder<EnvironmentSpec>();
        string? top = null;
        foreach (EnvironmentSpec spec in declared)
        {
            if (spec.Kind == EnvironmentKind.Ladder)
            {
                environments.AddRange(Climb(spec));
                top = environments[^1].Name;
            }
            else
            {
                if (spec.Kind is not (EnvironmentKind.Docker or EnvironmentKind.Podman or EnvironmentKind.Runc or EnvironmentKind.Crun))
                    top = null;
                environments.Add(spec.Against is null ? spec with { Against = top } : spec);
            }
        }

        return environments.ToImmutable();
    }

    static IEnumerable<EnvironmentSpec> Climb(EnvironmentSpec ladder)
    {
        ImmutableArray<string> options = ladder.Options;
        string? below = ladder.Against;
        // The name of a ladder is told only where it was given.
        string prefix = ladder.Name == EnvironmentSpec.Word(EnvironmentKind.Ladder) ? "" : ladder.Name + " ";
        foreach ((string name, string[] more) in Rungs)
        {
            options = [.. options, .. more];
            yield return ladder with { Name = prefix + name, Kind = EnvironmentKind.Decant, Options = options, Against = below };
            below = prefix + name;
        }
    }
}
