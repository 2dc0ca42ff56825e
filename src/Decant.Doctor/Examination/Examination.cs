using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Everything that is known to be wrong with a command, found without running it.</summary>
public static class Examination
{
    /// <summary>That start one another; beyond it nobody writes commands by hand.</summary>
    const int MostCommands = 8;

    /// <returns>The worst first; those of the same severity in the order in which they would show.</returns>
    public static IReadOnlyList<Finding> Examine(ExaminedCommand command, DoctorHost host) => Examine(command, host, out _);

    /// <param name="chains">The programs that could be loaded, outermost first: one chain, or one for each program that a launcher starts.</param>
    static IReadOnlyList<Finding> Examine(ExaminedCommand command, DoctorHost host, out List<List<LoadedCommand>> chains)
    {
        List<Finding> findings = [];
        chains = [];
        Follow(command, host, [], isCut: false, MostCommands, findings, chains);
        foreach (List<LoadedCommand> chain in chains)
            findings.AddRange(MpiCheck.Examine(chain));
        // Such a run does not start, whatever its program is.
        if (command.GpuNodes is not null)
            findings.AddRange(CudaRequirementCheck.Examine(command, host, provided: null));
        // What is wrong with the programs themselves is wrong with their plugins too.
        if (!findings.Exists(finding => finding.Severity == FindingSeverity.Error))
            findings.AddRange(chains.SelectMany(Plugins));
        return [.. findings.DistinctBy(finding => (finding.Id, finding.Cause)).OrderByDescending(finding => finding.Severity)];
    }

    /// <param name="isCut">A launcher changes what its ranks find in their environment.</param>
    /// <param name="most">Commands that are followed yet.</param>
    static void Follow(ExaminedCommand command, DoctorHost host, List<LoadedCommand> chain, bool isCut, int most, List<Finding> findings, List<List<LoadedCommand>> chains)
    {
        int known = chain.Count;
        IEnumerable<Finding> found = Program(command, host, chain);
        findings.AddRange(isCut ? found.Select(MpiCheck.InRank) : found);
        LoadedCommand? loaded = chain.Count > known ? chain[^1] : null;
        IReadOnlyList<ExaminedCommand> started = most > 1 ? CommandChain.InnerAll(command, loaded?.Program) : [];
        foreach (ExaminedCommand inner in started)
        {
            if (StartedDirectory.Examine(command, inner) is { } closed)
            {
                findings.Add(closed);
                chains.Add(chain);
                continue;
            }

            EnvironmentChange? change = loaded is null ? null : MpiCheck.ForRanks(loaded);
            Follow(change is null ? inner : inner.With([change]), host, [.. chain], isCut || change is not null, most - 1, findings, chains);
        }

        if (started.Count == 0)
            chains.Add(chain);
    }

    /// <summary>What each program of the command binds, as far as it can be loaded, outermost first.</summary>
    public static IReadOnlyList<LoadedProcess> Programs(ExaminedCommand command, DoctorHost host)
    {
        Examine(command, host, out List<List<LoadedCommand>> chains);
        return [.. chains.SelectMany(chain => chain).Select(loaded => loaded.Process).DistinctBy(process => process.Program.Path)];
    }

    /// <summary>Whether a program of the command binds libcuda or libcudart, by its loader or by what it imports for sure.</summary>
    /// <returns>Null where none is seen to, but not everything could be looked into.</returns>
    public static bool? UsesCuda(ExaminedCommand command, DoctorHost host)
    {
        IReadOnlyList<Finding> findings = Examine(command, host, out List<List<LoadedCommand>> chains);
        return chains.SelectMany(chain => chain).Any(loaded => new CudaProcess(loaded, loaded.Opened).UsesCuda) ? true
            : findings.Any(finding => finding.Id == "not-examined") ? null : false;
    }

    /// <summary>The arguments that what is found depends on: of a program's own options and operands none do, unless it is one that runs others.</summary>
    public static IReadOnlyList<string> Relevant(IReadOnlyList<string> arguments)
    {
        string name = LinuxPath.Name(arguments[0]);
        // An interpreter's options take values, and its script is anywhere among the words.
        return CommandChain.IsOuter(name) || name.StartsWith("python", StringComparison.Ordinal) || name.StartsWith("pypy", StringComparison.Ordinal) ? arguments : [arguments[0]];
    }

    static List<Finding> Plugins(IReadOnlyList<LoadedCommand> chain)
    {
        try
        {
            return [.. PluginCheck.Examine(chain)];
        }
        catch (Exception e) when (e is DecantException or ElfFormatException)
        {
            return [NotExamined(e)];
        }
    }

    static Finding NotExamined(Exception e) =>
        new() { Id = "not-examined", Severity = FindingSeverity.Warning, Cause = PathBytes.Printable(e.Message), Fix = (e as DecantException)?.Fix };

    static List<Finding> Program(ExaminedCommand command, DoctorHost host, List<LoadedCommand> chain)
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
