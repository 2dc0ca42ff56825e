using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>A comparison as it is declared, before the first trial.</summary>
public sealed record Experiment
{
    /// <summary>One line, for headings.</summary>
    public required string Title { get; init; }

    /// <summary>What is run in every environment that has no command of its own.</summary>
    public required ImmutableArray<string> Command { get; init; }

    /// <summary>The arms; the first is the baseline.</summary>
    public required ImmutableArray<EnvironmentSpec> Environments { get; init; }

    /// <summary>The metric that the verdicts are about.</summary>
    public string Primary { get; init; } = "wall";

    /// <summary>Differences of the primary metric that do not matter, in percent.</summary>
    public double MarginPercent { get; init; } = 1;

    /// <summary>Of the order of arms, and of all that is drawn at random in the evaluation; null where the session is to draw one.</summary>
    public ulong? Seed { get; init; }

    /// <summary>No fewer blocks.</summary>
    public int LeastBlocks { get; init; } = 10;

    /// <summary>No more blocks.</summary>
    public int MostBlocks { get; init; } = 10;

    /// <summary>Between the two: measured until the interval of each primary ratio reaches no further than this to either side, in percent; null for half the margin.</summary>
    public double? PrecisionPercent { get; init; }

    /// <summary>As declared, or by the margin; percent.</summary>
    [JsonIgnore]
    public double Precision => PrecisionPercent ?? MarginPercent / 2;

    /// <summary>No further block begins after this time; null for no limit.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>Whether the baseline is measured a second time in each block, as an environment of its own.</summary>
    public bool SelfTest { get; init; }

    public CachePolicy Cache { get; init; } = CachePolicy.Warm;

    /// <summary>Runs before each trial that are not counted, where the policy is warm.</summary>
    public int Primes { get; init; } = 1;

    public ImmutableArray<Gate> Gates { get; init; } = [];

    /// <summary>How long to wait for the gates before a trial; it is then run all the same, with a remark.</summary>
    public TimeSpan GateTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A trial that takes longer is ended and has failed; null for no limit.</summary>
    public TimeSpan? TrialTimeout { get; init; }

    public ImmutableArray<FileClass> Files { get; init; } = [];

    /// <summary>Figures that the command prints about itself; null where only decant measures.</summary>
    public WorkloadSource? Workload { get; init; }

    /// <summary>A regular expression that a trial's standard output must match to count; null for none.</summary>
    public string? RequiredOutput { get; init; }

    /// <summary>Regular expressions, each of which must match the command line of a process that was seen in a trial, for it to count.</summary>
    public ImmutableArray<string> RequiredProcesses { get; init; } = [];

    /// <summary>Files or directories as the program sees them: a process of a trial must have been seen with each of them, or a file in it, open or mapped, for it to count.</summary>
    public ImmutableArray<string> RequiredFiles { get; init; } = [];

    /// <summary>The exit code that a trial must end with.</summary>
    public int ExitCode { get; init; }

    /// <summary>Which sample tells the host's memory.</summary>
    public SampleMoment Moment { get; init; }

    /// <summary>Between two samples of memory and pressure while a trial runs; zero for none.</summary>
    public TimeSpan SampleInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The same experiment has the same identity: by it an interrupted session is found again.</summary>
    public string Identity()
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(this, SessionJson.Default.Experiment);
        return Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];
    }

    /// <summary>The same with that environment first.</summary>
    /// <exception cref="DecantException">There is none of that name.</exception>
    public Experiment WithBaseline(string name)
    {
        EnvironmentSpec first = Environments.FirstOrDefault(arm => arm.Name == name)
            ?? throw new DecantException($"there is no environment {PathBytes.Printable(name)}", $"one of {string.Join(", ", Environments.Select(arm => arm.Name))}");
        return this with { Environments = [first, .. Environments.Where(arm => arm != first)] };
    }

    /// <summary>The same with the second copy of the baseline as its last environment, where there is to be one.</summary>
    public Experiment WithSelfTest()
    {
        if (!SelfTest || Environments.IsEmpty)
            return this;
        EnvironmentSpec first = Environments[0];
        return this with { Environments = [.. Environments, first with { Name = first.Name + " again", Repeats = first.Name }] };
    }

    /// <summary>The questions that are declared: the primary metric of each further arm against the first, or against the one that it names.</summary>
    public ImmutableArray<Question> Questions() =>
        [.. Environments.Skip(1).Where(arm => arm.Repeats is null).Select(arm => new Question(Primary, arm.Name, arm.Against ?? Environments[0].Name, EquivalenceMargin.Percent(MarginPercent)))];
}
