using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Examines a command, and those that it starts, and so on.</summary>
sealed class CommandWalk(DoctorHost host)
{
    /// <summary>That start one another; beyond it nobody writes commands by hand.</summary>
    const int MostDeep = 8;

    /// <summary>All together: scripts may start scripts that start scripts.</summary>
    const int MostCommands = 80;

    const int MostTold = 4;

    readonly HashSet<string> known = new(StringComparer.Ordinal);
    int examined;

    /// <summary>In the order in which they would show.</summary>
    public List<Finding> Findings { get; } = [];

    /// <summary>One chain, or one for each program that a launcher or a shell starts.</summary>
    public List<ExaminedChain> Chains { get; } = [];

    public void Follow(ExaminedCommand command) => Follow(command, [], isCut: false, FindingSeverity.Error, MostDeep);

    /// <summary>A finding that is no worse than it may be; what would mend it is told in words where nothing is prescribed for it.</summary>
    public static Finding Limited(Finding finding, FindingSeverity most, ExaminedCommand command)
    {
        if (finding.Severity <= most)
            return finding;
        string? change = finding.Fix is null && finding.Candidates is [var first, ..] ? $"{first.Describe(command.Environment[first.Name])}, as {first.Reason}" : null;
        return finding with { Severity = most, Fix = finding.Fix ?? change };
    }

    /// <param name="isCut">A launcher changes what its ranks find in their environment.</param>
    /// <param name="deep">Commands that are followed yet.</param>
    void Follow(ExaminedCommand command, List<LoadedCommand> chain, bool isCut, FindingSeverity most, int deep)
    {
        int outer = chain.Count;
        List<Finding> found = Program(command, chain);
        examined++;
        foreach (Finding finding in found)
            Findings.Add(Limited(isCut ? MpiCheck.InRank(finding) : finding, most, command));
        LoadedCommand? loaded = chain.Count > outer ? chain[^1] : null;
        bool isBroken = found.Exists(finding => finding.Severity == FindingSeverity.Error);
        bool goesOn = deep > 1 && !(isBroken && loaded is null);
        if (goesOn && loaded is null && PlainScript.Of(command) is { } script)
        {
            Follow(script, chain, isCut, most, deep - 1);
            return;
        }

        if (goesOn && !isBroken && ShellCommand.Follow(command) is { } followed)
        {
            Shell(command, followed, chain, isCut, most, deep);
            return;
        }

        IReadOnlyList<ExaminedCommand> started = deep > 1 ? CommandChain.InnerAll(command, loaded?.Program) : [];
        foreach (ExaminedCommand inner in started)
        {
            if (StartedDirectory.Examine(command, inner) is { } closed)
            {
                Findings.Add(Limited(closed, most, command));
                Chains.Add(new ExaminedChain(chain, most));
                continue;
            }

            EnvironmentChange? change = loaded is null ? null : MpiCheck.ForRanks(loaded);
            Follow(change is null ? inner : inner.With([change]), [.. chain], isCut || change is not null, most, deep - 1);
        }

        if (started.Count == 0)
            Chains.Add(new ExaminedChain(chain, most));
    }

    void Shell(ExaminedCommand command, ShellFollowed followed, List<LoadedCommand> chain, bool isCut, FindingSeverity most, int deep)
    {
        foreach (Finding finding in followed.Findings)
            Findings.Add(Limited(finding, most, command));
        List<string> skipped = [.. followed.Skipped];
        List<string> names = [];
        foreach (ShellStarted started in followed.Started)
        {
            FindingSeverity worst = started.Most < most ? started.Most : most;
            string name = PathBytes.Printable(LinuxPath.Name(started.Command.Arguments[0]));
            if (examined >= MostCommands)
            {
                skipped.Add($"{name}, as there are too many before it");
                continue;
            }

            names.Add(name);
            // A loop starts the same again and again.
            if (known.Add(Key(started.Command, worst)))
                Follow(started.Command, [.. chain], isCut, worst, deep - 1);
        }

        if (followed.Started.Count == 0)
            Chains.Add(new ExaminedChain(chain, most));
        if (skipped.Count > 0)
            Findings.Add(Skipped(command, skipped, [.. names.Distinct()]));
    }

    static string Key(ExaminedCommand command, FindingSeverity most) =>
        string.Join('\0', [most.ToString(), command.WorkingDirectory, .. command.Arguments, .. command.Environment.ToStrings()]);

    static Finding Skipped(ExaminedCommand command, List<string> skipped, string[] names)
    {
        string shell = PathBytes.Printable(LinuxPath.Name(command.Arguments[0]));
        string more = skipped.Count > MostTold ? $"; and {skipped.Count - MostTold} more" : "";
        return new Finding
        {
            Id = "not-examined",
            Severity = FindingSeverity.Note,
            Cause = $"not all that {shell} runs was followed: {string.Join("; ", skipped.Take(MostTold))}{more}",
            Evidence = [names.Length == 0 ? $"examined was only {shell} itself" : $"examined were {shell} and {string.Join(", ", names)}"],
        };
    }

    public static Finding NotExamined(Exception e) =>
        new() { Id = "not-examined", Severity = FindingSeverity.Warning, Cause = PathBytes.Printable(e.Message), Fix = (e as DecantException)?.Fix };

    List<Finding> Program(ExaminedCommand command, List<LoadedCommand> chain)
    {
        List<Finding> findings = [];
        try
        {
            findings.AddRange(ProgramCheck.Examine(command, host, out LoadedCommand? loaded));
            if (loaded is null)
                return findings;
            chain.Add(loaded);
            if (MpiCheck.Daemon(loaded) is { } daemon)
                findings.AddRange(ProgramCheck.Examine(daemon, host, out _));
            findings.AddRange(PythonCheck.Examine(loaded, out IReadOnlyList<LoadedProcess> opened));
            chain[^1] = loaded with { Opened = opened };
            findings.AddRange(CudaCheck.Examine(loaded, opened, host));
            findings.AddRange(LocaleCheck.Examine(loaded));
            findings.AddRange(TimeZoneCheck.Examine(command));
            findings.AddRange(CertificateCheck.Examine(chain[^1]));
        }
        catch (Exception e) when (e is DecantException or ElfFormatException)
        {
            findings.Add(NotExamined(e));
        }

        return findings;
    }
}
