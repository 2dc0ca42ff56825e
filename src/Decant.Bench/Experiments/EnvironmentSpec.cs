using System.Collections.Immutable;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>An arm as it is declared: NAME=KIND[:IMAGE] [OPTION...].</summary>
/// <param name="Name">In reports; unique in an experiment.</param>
/// <param name="Image">What the kind's own users would name; empty for the host.</param>
/// <param name="Options">Put where the kind's command line has them.</param>
public sealed record EnvironmentSpec(string Name, EnvironmentKind Kind, string Image, ImmutableArray<string> Options)
{
    /// <summary>The command of this arm alone, where it differs; null for the experiment's.</summary>
    public ImmutableArray<string>? Command { get; init; }

    /// <summary>The cache policy of this arm alone; null for the experiment's.</summary>
    public CachePolicy? Cache { get; init; }

    /// <summary>A command of the host that runs before each trial and is not timed; empty for none.</summary>
    public ImmutableArray<string> Prepare { get; init; } = [];

    /// <summary>The environment that this one is compared with; null for the baseline.</summary>
    public string? Against { get; init; }

    /// <summary>The environment that this one is a second copy of, so that their difference is none of environments; null for one by itself.</summary>
    public string? Repeats { get; init; }

    static readonly (string Word, EnvironmentKind Kind)[] Kinds =
    [
        ("host", EnvironmentKind.Host), ("decant", EnvironmentKind.Decant), ("chroot", EnvironmentKind.Chroot), ("docker", EnvironmentKind.Docker),
        ("podman", EnvironmentKind.Podman), ("runc", EnvironmentKind.Runc), ("crun", EnvironmentKind.Crun), ("bwrap", EnvironmentKind.Bubblewrap),
        ("bubblewrap", EnvironmentKind.Bubblewrap), ("nspawn", EnvironmentKind.Nspawn), ("systemd-nspawn", EnvironmentKind.Nspawn),
        ("ch-run", EnvironmentKind.Charliecloud), ("charliecloud", EnvironmentKind.Charliecloud), ("apptainer", EnvironmentKind.Apptainer),
        ("singularity", EnvironmentKind.Apptainer), ("enroot", EnvironmentKind.Enroot), ("ladder", EnvironmentKind.Ladder),
    ];

    /// <summary>The words that name a kind.</summary>
    public static IEnumerable<string> KindNames => Kinds.Select(kind => kind.Word);

    /// <summary>The word for a kind.</summary>
    public static string Word(EnvironmentKind kind) => Kinds.First(one => one.Kind == kind).Word;

    /// <summary>As it could be written again.</summary>
    public override string ToString()
    {
        string text = Word(Kind) + (Image.Length > 0 ? ":" + Image : "");
        return Options.Length == 0 ? text : text + " " + string.Join(' ', Options.Select(Launch.ShellWord.Quote));
    }

    /// <param name="text">host, docker=docker:IMAGE, or "native=decant:IMAGE --tmpfs /scratch".</param>
    /// <exception cref="DecantException">No such kind, no image, or an image for the host.</exception>
    public static EnvironmentSpec Parse(string text)
    {
        ImmutableArray<string> words = CommandWords.Split(text);
        if (words.Length == 0)
            throw new DecantException("--env takes NAME=KIND:IMAGE", "--env host --env native=decant:IMAGE --env docker=docker:IMAGE");
        string first = words[0];
        int equals = first.IndexOf('=');
        int colon = first.IndexOf(':');
        string? name = equals > 0 && (colon < 0 || equals < colon) ? first[..equals] : null;
        string specification = name is null ? first : first[(equals + 1)..];
        colon = specification.IndexOf(':');
        string kind = colon < 0 ? specification : specification[..colon];
        return Create(name ?? kind, kind, colon < 0 ? "" : specification[(colon + 1)..], words[1..]);
    }

    /// <exception cref="DecantException">No such kind, no image, or an image for the host.</exception>
    public static EnvironmentSpec Create(string name, string kind, string image, ImmutableArray<string> options)
    {
        int index = Array.FindIndex(Kinds, one => one.Word == kind);
        string printable = PathBytes.Printable(kind);
        if (index < 0)
            throw new DecantException($"there is no kind of environment {printable}", $"one of {string.Join(", ", KindNames)}");
        EnvironmentKind found = Kinds[index].Kind;
        if (found == EnvironmentKind.Host && (image.Length > 0 || options.Length > 0))
            throw new DecantException("the host takes neither image nor options", "--env host");
        if (found != EnvironmentKind.Host && image.Length == 0)
            throw new DecantException($"the environment {PathBytes.Printable(name)} names no image", $"--env {PathBytes.Printable(name)}={printable}:IMAGE");
        if (found is EnvironmentKind.Docker or EnvironmentKind.Podman && options.FirstOrDefault(IsTaken) is { } taken)
            throw new DecantException($"{PathBytes.Printable(name)} cannot have the option {PathBytes.Printable(taken)}: decant bench names the container, waits for it, and removes it when it has been looked at", "leave it out");
        if (name.Length == 0 || name.Any(character => char.IsControl(character) || character is '/' or ','))
            throw new DecantException($"{PathBytes.Printable(name)} cannot be an environment's name", "letters, digits, - and . are safe");
        return new EnvironmentSpec(name, found, image, options);
    }

    /// <summary>Of docker run, what is decant's own to give, or ends the command before the container.</summary>
    static bool IsTaken(string option)
    {
        string name = option.Split('=')[0];
        return name is "--detach" or "--name" or "--cgroup-parent" or "--rm" or "--cidfile"
            || (name.Length > 1 && name[0] == '-' && name.Contains('d') && name.AsSpan(1).IndexOfAnyExcept("ditP") < 0);
    }
}
