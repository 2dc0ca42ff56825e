using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// Whether the plugins of what a command binds can be opened, each in the program that would open it. Who opens them passes over one that
/// cannot be, mostly without a word: a fast network is then not used, or a function is missing.
/// </summary>
static class PluginCheck
{
    const int MostLines = 5;

    /// <summary>Of Open MPI, only opened in programs of OpenSHMEM.</summary>
    static readonly string[] openShmem = ["atomic", "memheap", "scoll", "spml", "sshmem"];

    /// <summary>Whose plugins are code; others open data, or look for what may well be absent.</summary>
    static readonly string[] families = ["Open MPI", "PMIx", "PRRTE", "UCX", "UCC", "hcoll", "libfabric", "libibverbs", "hwloc"];

    /// <param name="chain">The command and those that it starts, outermost first.</param>
    public static IEnumerable<Finding> Examine(IReadOnlyList<LoadedCommand> chain)
    {
        ExaminedCommand? launcher = null;
        foreach (LoadedCommand one in chain)
        {
            launcher = CommandChain.IsMpiLauncher(LinuxPath.Name(one.Command.Arguments[0])) ? one.Command : launcher;
            IReadOnlyList<MpiChoice> selected = MpiChoice.Of(one.Command, launcher, MpiProject.OpenMpi);
            foreach (IGrouping<string, (PluginFamily Family, string Path, Finding Finding)> group in Failures(one).GroupBy(failure => failure.Family.Name))
                yield return Report(one, [.. group], selected);
        }
    }

    static IEnumerable<(PluginFamily Family, string Path, Finding Finding)> Failures(LoadedCommand one)
    {
        PluginFiles plugins = new(one.Command.View, one.Command.Root.Files, one.Command.Environment["PATH"] ?? "");
        // Python gets an MPI with mpi4py.
        LoadedProcess mpi = MpiComponentCheck.Module(one) ?? one.Process;
        bool isMpi = MpiPart.Library(mpi) is not null;
        HashSet<string> openers = new(StringComparer.Ordinal);
        HashSet<string> opened = new(StringComparer.Ordinal);
        Queue<(LoadedProcess Process, LoadedObject Opener)> rest = new();
        Enqueue(one.Process);
        if (mpi != one.Process)
            Enqueue(mpi);
        while (rest.TryDequeue(out (LoadedProcess Process, LoadedObject Opener) next))
        {
            foreach ((PluginFamily family, string path) in plugins.Of(next.Process, next.Opener))
            {
                if (!families.Contains(family.Name) || (family.Name == "Open MPI" && !(isMpi && IsOfMpi(path, mpi))))
                    continue;
                if (!opened.Add(one.Command.View.Resolve(path).Path) || one.Command.Root.Files.Find(path)?.Elf is not { Interpreter: null, IsDynamic: true })
                    continue;
                LoadedProcess process = one.Command.Programs.Open(one.Program.Path, path);
                Finding? fatal = new LoadFindings(one.Command, process, LoadWording.OfPlugin).Find().FirstOrDefault(finding => finding.Severity == FindingSeverity.Error);
                // What comes with the module may have the symbols.
                if (fatal is null || (mpi != one.Process && !fatal.Id.StartsWith("library-", StringComparison.Ordinal)))
                    Enqueue(process);
                else
                    yield return (family, path, fatal);
            }
        }

        void Enqueue(LoadedProcess process)
        {
            foreach (LoadedObject loaded in process.Objects)
            {
                if (openers.Add(loaded.Path))
                    rest.Enqueue((process, loaded));
            }
        }
    }

    /// <summary>Not of OpenSHMEM, which other programs open.</summary>
    static bool IsOfMpi(string path, LoadedProcess process) =>
        MpiComponents.OfFile(path) is not { } component || !openShmem.Contains(component.Framework) || process.Objects.Any(one => LinuxPath.Name(one.Path).StartsWith("liboshmem.so", StringComparison.Ordinal));

    static Finding Report(LoadedCommand one, (PluginFamily Family, string Path, Finding Finding)[] failures, IReadOnlyList<MpiChoice> selected)
    {
        string name = failures[0].Family.Name;
        (PluginFamily Family, string Path, Finding Finding)[] wanted = [.. failures.Where(failure => MpiComponents.OfFile(failure.Path) is { } component && selected.Any(choice => Names(choice, component)))];
        (PluginFamily _, string path, Finding first) = wanted.Length > 0 ? wanted[0] : failures[0];
        bool isAbsent = failures.All(failure => failure.Finding is { Id: "library-missing", Candidates: [] });
        return new Finding
        {
            Id = "plugin-unloadable",
            Severity = MpiComponentCheck.StartsMpi(one) && wanted.Any(failure => MpiComponents.OfFile(failure.Path) is { } component && MpiComponentCheck.EndsWithout(component.Framework)) ? FindingSeverity.Error : isAbsent && wanted.Length == 0 ? FindingSeverity.Note : FindingSeverity.Warning,
            Cause = wanted.Length > 0
                ? $"{PathBytes.Printable(LinuxPath.Name(path))}, which the command asks for, cannot be opened: {first.Cause}"
                : $"{(failures.Length == 1 ? "a plugin" : $"{failures.Length} plugins")} of {name} cannot be opened in {PathBytes.Printable(one.Process.Program.Path)} and will not be used: {first.Cause}",
            Message = wanted.Length > 0 ? "A requested component was not found, or was unable to be opened." : null,
            Evidence = [.. failures.GroupBy(failure => failure.Finding.Cause).Take(MostLines).Select(Line), .. first.Evidence],
            Fix = first.Candidates is [var candidate, ..] ? $"{candidate.Describe(one.Command.Environment[candidate.Name])}, as {candidate.Reason}" : first.Fix,
            Candidates = first.Candidates,
        };
    }

    static string Line(IGrouping<string, (PluginFamily Family, string Path, Finding Finding)> group) =>
        $"{string.Join(", ", group.Select(failure => PathBytes.Printable(LinuxPath.Name(failure.Path))))}: {group.Key}";

    static bool Names(MpiChoice choice, (string Framework, string Name) component) =>
        choice.Framework == component.Framework && choice.Components.Contains(component.Name);
}
