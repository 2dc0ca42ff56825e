using Decant.Elf;
using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether a launcher and what it launches are of one MPI, and whether Open MPI finds its own parts.</summary>
static class MpiCheck
{
    const string OpalPrefix = "OPAL_PREFIX";
    const string LibraryPath = "LD_LIBRARY_PATH";

    /// <summary>Variables that ranks get too, like mpirun -x.</summary>
    const string ForwardList = "OMPI_MCA_mca_base_env_list";

    /// <param name="chain">The command and those that it starts, outermost first.</param>
    public static IEnumerable<Finding> Examine(IReadOnlyList<LoadedCommand> chain)
    {
        MpiPart? launcher = null;
        LoadedCommand? starter = null;
        foreach (LoadedCommand one in chain)
        {
            starter = IsLauncher(one) ? one : starter;
            foreach (Finding finding in Prefix(one))
                yield return finding;
            if (IsLauncher(one) && MpiRootCheck.Examine(one) is { } refused)
                yield return refused;
            if (IsLauncher(one) && MpiAgentCheck.Examine(one) is { } alone)
                yield return alone;
            foreach (Finding finding in IsLauncher(one) ? MpiFileCheck.Examine(one) : [])
                yield return finding;
            foreach (Finding finding in MpiComponentCheck.Examine(one, starter))
                yield return finding;
            // A launcher of the image's own stands between the host's and its ranks.
            if (launcher is null && one.Command.Job is { } job && MpiJobCheck.Examine(job, one) is { } foreign)
                yield return foreign;
            MpiPart? library = MpiPart.Library(one.Process);
            if (launcher is not null && library is not null && Differ(launcher, library))
                yield return Foreign(launcher, library, chain[0], one);
            if (library is null)
                launcher = IsLauncher(one) ? MpiPart.Launcher(one.Command, one.Process) ?? launcher : launcher;
        }
    }

    /// <summary>The program that Open MPI 5's mpirun starts in its own place; null for other programs.</summary>
    public static ExaminedCommand? Daemon(LoadedCommand one)
    {
        if (!IsLauncher(one) || MpiPart.Launcher(one.Command, one.Process) is not { StartsPrterun: true })
            return null;
        string? set = one.Command.Environment[OpalPrefix];
        string? prefix = string.IsNullOrEmpty(set) ? OpenMpiPrefix.Read(one.Command.Root.Files, one.Process.Program.Path)?.Path : set;
        return prefix is not null && one.Command.View.Resolve($"{prefix}/bin/prterun").Exists ? one.Command.Running([$"{prefix}/bin/prterun"]) : null;
    }

    /// <summary>What a rank finds in its environment, where a launcher changes it: PRRTE 3, told of a prefix, leaves of LD_LIBRARY_PATH only PREFIX/lib.</summary>
    public static EnvironmentChange? ForRanks(LoadedCommand launcher)
    {
        if (launcher.Command.Environment[OpalPrefix] is not { Length: > 0 } prefix || Daemon(launcher) is null)
            return null;
        string libraries = $"{prefix}/lib";
        string? own = launcher.Command.Environment[LibraryPath];
        return own is null || own == libraries || Forwards(launcher.Command) ? null : new EnvironmentChange(LibraryPath, libraries, "prterun");
    }

    /// <summary>A finding of a rank whose LD_LIBRARY_PATH was cut so.</summary>
    public static Finding InRank(Finding finding) => finding with
    {
        Evidence = [.. finding.Evidence, "prterun gives ranks of LD_LIBRARY_PATH only the directory below OPAL_PREFIX, unless it is told to pass the variable on"],
        Candidates = [new EnvironmentChange(ForwardList, LibraryPath, "prterun passes LD_LIBRARY_PATH on to the ranks"), .. finding.Candidates],
    };

    static bool Forwards(ExaminedCommand command)
    {
        if (command.Environment[ForwardList]?.Split(';').Any(entry => entry == LibraryPath || entry.StartsWith(LibraryPath + "=", StringComparison.Ordinal)) == true)
            return true;
        for (int i = 1; i + 1 < command.Arguments.Count; i++)
        {
            if (command.Arguments[i] == "-x" && command.Arguments[i + 1].Split('=')[0] == LibraryPath)
                return true;
        }

        return false;
    }

    static bool IsLauncher(LoadedCommand one)
    {
        string name = one.Command.Arguments[0];
        return CommandChain.IsMpiLauncher(LinuxPath.Name(name));
    }

    /// <summary>Open MPI 4's launcher starts ranks of Open MPI 5, and the other way round: PMIx, by which they speak, understands its older self.</summary>
    static bool Differ(MpiPart launcher, MpiPart library) => launcher.Family != library.Family;

    static Finding Foreign(MpiPart launcher, MpiPart library, LoadedCommand outer, LoadedCommand inner)
    {
        string name = outer.Command.Arguments[0];
        string file = LinuxPath.Name(name);
        string program = PathBytes.Printable(inner.Process.Program.Path);
        string started = launcher.Describe(outer.Command);
        string bound = library.Describe(inner.Command);
        List<EnvironmentChange> candidates = [];
        foreach (string directory in outer.Command.ProgramDirectories(file).OrderByDescending(directory => LinuxPath.CommonLength(directory, library.Path)))
        {
            if (!name.Contains('/'))
                candidates.Add(EnvironmentChange.Prepend("PATH", outer.Command.Environment["PATH"], directory, $"the {PathBytes.Printable(file)} there is of the MPI that {program} was built with"));
        }

        return new Finding
        {
            Id = "mpi-launcher-foreign",
            Severity = FindingSeverity.Error,
            Cause = $"{PathBytes.Printable(launcher.Path)} is of {started}, and {program} binds the library of {bound}, so the ranks do not find each other",
            Message = "rank 0 of 1",
            Evidence = [$"PATH gives {PathBytes.Printable(file)} as {PathBytes.Printable(launcher.Path)}: {started}", $"{program} binds {PathBytes.Printable(library.Path)}: {bound}"],
            Candidates = candidates,
            Fix = $"start it by the mpirun of {bound}",
        };
    }

    /// <summary>An Open MPI that was moved finds none of its parts, unless OPAL_PREFIX says where it is.</summary>
    static IEnumerable<Finding> Prefix(LoadedCommand one)
    {
        RootView view = one.Command.View;
        string? set = one.Command.Environment[OpalPrefix];
        foreach (LoadedObject part in one.Process.Objects)
        {
            if (part != one.Process.Program && !part.Path.Contains("/libopen-pal.so", StringComparison.Ordinal))
                continue;
            if (part == one.Process.Program && !IsLauncher(one))
                continue;
            if (OpenMpiPrefix.Read(one.Command.Root.Files, part.Path) is not { } built)
                continue;
            string used = string.IsNullOrEmpty(set) ? built.Path : set;
            // Texts alone may have been left out of an image; what lies elsewhere was moved.
            if (built.IsAt(view, used) || built.Find(view, part.Path) is not { } prefix)
                continue;
            string path = PathBytes.Printable(part.Path);
            // What has its plugins built in does without the texts; a launcher does not find its daemon.
            bool isNeeded = part == one.Process.Program || one.Command.Root.Libraries.Any(library => LinuxPath.IsBelow(library, prefix) && LinuxPath.Name(library).StartsWith("mca_", StringComparison.Ordinal));
            List<EnvironmentChange> candidates = [new(OpalPrefix, prefix, $"this Open MPI was built for {PathBytes.Printable(built.Path)} and lies in {PathBytes.Printable(prefix)}")];
            if (set is not null)
                candidates.Insert(0, new EnvironmentChange(OpalPrefix, null, $"{PathBytes.Printable(set)} has no Open MPI"));
            yield return new Finding
            {
                Id = "mpi-prefix-wrong",
                Severity = isNeeded ? FindingSeverity.Error : FindingSeverity.Warning,
                Cause = $"the Open MPI of {path} looks for its parts below {PathBytes.Printable(used)}, and lies in {PathBytes.Printable(prefix)}",
                Message = "Sorry!  You were supposed to get help about:",
                Evidence =
                [
                    $"{path} was built for the prefix {PathBytes.Printable(built.Path)}, and OPAL_PREFIX is {(set is null ? "not set" : PathBytes.Printable(set))}",
                    $"{PathBytes.Printable(used)}/share/{built.DataName} is not there, {PathBytes.Printable(prefix)}/share/{built.DataName} is",
                ],
                Candidates = candidates,
            };
        }
    }
}
