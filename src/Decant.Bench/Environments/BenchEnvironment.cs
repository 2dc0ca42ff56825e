using System.Collections.Immutable;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>One arm: how its own users would launch a command in it.</summary>
public abstract class BenchEnvironment(EnvironmentSpec spec)
{
    public EnvironmentSpec Spec { get; } = spec;

    public string Name => Spec.Name;

    /// <summary>The program that launches it; null where the command is launched by nothing.</summary>
    public abstract string? Launcher { get; }

    /// <summary>Why it cannot be measured here; null where it can. Nothing is made.</summary>
    public virtual string? Absent() =>
        Launcher is { } program && HostCommand.Find(program) is null ? $"there is no {program} on PATH" : null;

    /// <summary>Once, before the first trial: looks up the image, makes what launches need.</summary>
    /// <exception cref="DecantException">There is no such image.</exception>
    public virtual void Prepare(EnvironmentSetup setup)
    {
    }

    /// <summary>The command line that launches it.</summary>
    /// <param name="command">The measured command.</param>
    /// <param name="trial">A name that no other trial of this host has, for a container.</param>
    /// <param name="cgroup">The trial's; null where there are none.</param>
    public abstract ImmutableArray<string> CommandLine(ImmutableArray<string> command, string trial, TrialCgroup? cgroup);

    /// <summary>Variables that the launcher needs beside the caller's: NAME=VALUE.</summary>
    public virtual ImmutableArray<string> LauncherVariables => [];

    /// <summary>The launched process is a client or monitor, and the program runs in a cgroup that the launcher is told.</summary>
    public virtual bool LauncherStaysOutside => false;

    /// <summary>What undoes a trial after its measurement, or after its end by force: the container's removal. Empty for nothing.</summary>
    public virtual ImmutableArray<string> Teardown(string trial) => [];

    /// <summary>The image's own files, by the directories they lie in, and what the environment keeps for itself.</summary>
    /// <param name="observed">A process of the trial; null where none was seen.</param>
    public virtual IEnumerable<FileClass> Files(ObservedProcess? observed) => observed is null ? [] : OverlayFiles.Of(observed);

    /// <summary>Programs of the host that take part in a launch, by name or path: their page cache is no one's work, and is there in trials of other environments too.</summary>
    public virtual IEnumerable<string> Programs => Launcher is { } program ? [program] : [];

    /// <summary>How the engine's daemons are called in /proc/PID/comm, by their first letters.</summary>
    public virtual IReadOnlyList<string> Daemons => [];

    /// <summary>What is known of it before any trial, for the diff: versions, the image's digest.</summary>
    public virtual ImmutableSortedDictionary<string, string> Facts => ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Layers of the store are named by their digests, other roots by their path.</summary>
    protected static ImmutableSortedDictionary<string, string> LayerFacts(ImmutableArray<string> layers) =>
        layers.IsEmpty ? ImmutableSortedDictionary<string, string>.Empty : ImmutableSortedDictionary<string, string>.Empty.Add("image.layers", string.Join(' ', layers.Select(LinuxPath.Name)));

    public static BenchEnvironment Of(EnvironmentSpec spec) => spec.Kind switch
    {
        EnvironmentKind.Host => new HostEnvironment(spec),
        EnvironmentKind.Decant => new DecantEnvironment(spec),
        EnvironmentKind.Chroot => new ChrootEnvironment(spec),
        EnvironmentKind.Docker or EnvironmentKind.Podman => new ContainerEngineEnvironment(spec),
        EnvironmentKind.Runc or EnvironmentKind.Crun => new OciRuntimeEnvironment(spec),
        EnvironmentKind.Bubblewrap => new BubblewrapEnvironment(spec),
        EnvironmentKind.Nspawn => new NspawnEnvironment(spec),
        EnvironmentKind.Charliecloud => new CharliecloudEnvironment(spec),
        EnvironmentKind.Apptainer or EnvironmentKind.Enroot => new NamedImageEnvironment(spec),
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Kind, "no such kind"),
    };
}
