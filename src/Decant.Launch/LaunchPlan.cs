using System.Collections.Immutable;
using System.Text;
using Decant.Images;
using Decant.Launch.Script;
using Decant.Launch.Steps;
using Decant.Linux;

namespace Decant.Launch;

/// <summary>
/// A launch, decided: an ordered list of steps that cannot change any more. <see cref="Launcher"/> executes it, <see cref="ToShell"/>
/// prints it as a script, <see cref="Explain"/> in words.
/// </summary>
public sealed class LaunchPlan
{
    public required ImmutableArray<LaunchStep> Steps { get; init; }

    /// <summary>The root as the program will see it.</summary>
    public required RootView View { get; init; }

    public required LaunchEnvironment Environment { get; init; }

    /// <summary>The program and its arguments.</summary>
    public required ImmutableArray<string> Arguments { get; init; }

    public required ImageUser User { get; init; }

    /// <summary>The new namespaces; a child is cloned into them where <see cref="Supervised"/>.</summary>
    public required Namespaces Namespaces { get; init; }

    /// <summary>Null for root.</summary>
    public required IdMapping? Mapping { get; init; }

    /// <summary>--mpi: with which other programs it shares its namespaces; null for a program by itself.</summary>
    public required RankSharing? Sharing { get; init; }

    /// <summary>Null without --memory and --cpus.</summary>
    public required RunCgroup? Cgroup { get; init; }

    /// <summary>
    /// decant stays and waits for the program, for the reason given; null where the program takes decant's place.
    /// </summary>
    public required string? Supervised { get; init; }

    /// <summary>The program gets a terminal of its own.</summary>
    public required bool Terminal { get; init; }

    /// <summary>-i: the caller's input goes to it.</summary>
    public required bool Interactive { get; init; }

    /// <summary>What SIGTERM to decant becomes for the program; null for SIGTERM.</summary>
    public required int? StopSignal { get; init; }

    /// <summary>Image and command, for titles.</summary>
    public required string Title { get; init; }

    /// <summary>A directory of the host that a tmpfs hides, in the launch only, while the root is put together.</summary>
    public required string ScratchDirectory { get; init; }

    /// <summary>Directories of the host that -v names and that are missing: made when the plan is executed.</summary>
    public required ImmutableArray<string> MissingSources { get; init; }

    /// <summary>What of the devices that were asked for by name a launch cannot do, in a sentence each.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Libraries of devices that the loader finds before the image's own: what each is looked up by, and where it is.</summary>
    public ImmutableArray<string> Brought { get; init; } = [];

    /// <summary>With what rights the program opens files, by the numbers that files have where decant runs.</summary>
    public Credentials Credentials
    {
        get
        {
            if (Mapping is null)
                return User.Uid == 0 ? Credentials.OfRoot : new Credentials(User.Uid, [User.Gid, .. User.Groups]);
            IdMapping mapping = Mapping;
            // Where the kernel denies setgroups(2), the caller's groups stay.
            IEnumerable<uint> groups = mapping.ByHelper ? User.Groups.Select(group => IdMapping.Outside(mapping.Groups, group) ?? group) : Credentials.GroupsOfCaller();
            return new Credentials(IdMapping.Outside(mapping.Users, User.Uid) ?? User.Uid, [IdMapping.Outside(mapping.Groups, User.Gid) ?? User.Gid, .. groups])
            {
                Overrides = User.Uid == 0 ? (user, group) => IdMapping.Shows(mapping.Users, user) && IdMapping.Shows(mapping.Groups, group) : null,
            };
        }
    }

    /// <summary>The position of the step of that kind; there is one.</summary>
    internal int IndexOf<T>()
        where T : LaunchStep
    {
        for (int i = 0; i < Steps.Length; i++)
        {
            if (Steps[i] is T)
                return i;
        }

        throw new InvalidOperationException($"a plan without {typeof(T).Name}");
    }

    /// <summary>One numbered line a step.</summary>
    public string Explain()
    {
        StringBuilder text = new();
        text.Append(Supervised is null
            ? "The program takes decant's place (same process, nothing of decant's stays).\n"
            : $"decant starts the program as a child and waits for it ({Supervised}).\n");
        foreach (string directory in MissingSources)
            text.Append($"     make {PathBytes.Printable(directory)} on the host, as -v names it\n");
        foreach (string note in Notes)
            text.Append($"     left out: {note}\n");
        for (int i = 0; i < Steps.Length; i++)
            text.Append($"{i + 1,3}. {Steps[i].Describe()}\n");
        text.Append("Environment:\n");
        foreach (EnvironmentVariable variable in Environment.Variables)
            text.Append($"     {PathBytes.Printable(variable.Name)}={PathBytes.Printable(variable.Value)}   ({variable.Origin})\n");
        return text.ToString();
    }

    /// <summary>Why no script can be made of a run that keeps what it writes: a shell would follow the links that an earlier run left there.</summary>
    public static DecantException CannotKeep() => new(
        "a script cannot keep what the run writes: a shell holds no lock on it and would follow links that an earlier run left there",
        "leave --name out, or use decant run --name");

    /// <summary>Why no script can be made of a rank.</summary>
    public static DecantException CannotShare() => new(
        "a script cannot be a rank: the variables of a job hold for that job only, and a shell does not find the namespaces of the other ranks",
        "leave --mpi out: decant script IMAGE -- mpirun -np N ...; or use decant run --mpi");

    /// <summary>The launch as one POSIX shell script; bytes as <see cref="PathBytes"/> has them.</summary>
    /// <exception cref="DecantException">It keeps what it writes, or is a rank.</exception>
    public string ToShell()
    {
        if (Sharing is not null)
            throw CannotShare();
        foreach (LaunchStep step in Steps)
        {
            if (step is ScratchStep { KeptUpper: not null })
                throw CannotKeep();
        }

        ShellScript script = new() { ScratchDirectory = ScratchDirectory };
        script.Line("set -eu");
        foreach (string directory in MissingSources)
            script.Command("mkdir", "-p", directory);
        foreach (LaunchStep step in Steps)
        {
            script.Comment(PathBytes.Printable(step.Describe()));
            step.WriteShell(script);
        }

        return script.Finish(Title);
    }
}
