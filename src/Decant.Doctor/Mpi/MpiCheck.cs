using Decant.Elf;
using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether a launcher and what it launches are of one MPI, and whether Open MPI finds its own parts.</summary>
static class MpiCheck
{
    const string OpalPrefix = "OPAL_PREFIX";

    /// <param name="chain">The command and those that it starts, outermost first.</param>
    public static IEnumerable<Finding> Examine(IReadOnlyList<LoadedCommand> chain)
    {
        MpiPart? launcher = null;
        foreach (LoadedCommand one in chain)
        {
            foreach (Finding finding in Directories(one))
                yield return finding;
            MpiPart? library = MpiPart.Library(one.Command, one.Process);
            if (launcher is not null && library is not null && Differ(launcher, library))
                yield return Foreign(launcher, library, chain[0], one);
            if (library is null)
                launcher = IsLauncher(one) ? MpiPart.Launcher(one.Command, one.Process) ?? launcher : launcher;
        }
    }

    static bool IsLauncher(LoadedCommand one)
    {
        string name = one.Command.Arguments[0];
        return CommandChain.IsMpiLauncher(name[(name.LastIndexOf('/') + 1)..]);
    }

    /// <summary>Within a major version, launchers and libraries understand each other.</summary>
    static bool Differ(MpiPart launcher, MpiPart library) =>
        launcher.Family != library.Family || (launcher.Version is { } one && library.Version is { } other && one.Major != other.Major);

    static Finding Foreign(MpiPart launcher, MpiPart library, LoadedCommand outer, LoadedCommand inner)
    {
        string name = outer.Command.Arguments[0];
        string file = name[(name.LastIndexOf('/') + 1)..];
        string program = PathBytes.Printable(inner.Process.Program.Path);
        List<EnvironmentChange> candidates = [];
        foreach (string directory in outer.Command.Root.ProgramDirectories(file).OrderByDescending(directory => CommonLength(directory, library.Path)))
        {
            if (!name.Contains('/'))
                candidates.Add(EnvironmentChange.Prepend("PATH", outer.Command.Environment["PATH"], directory, $"the {PathBytes.Printable(file)} there is of the MPI that {program} was built with"));
        }

        return new Finding
        {
            Id = "mpi-launcher-foreign",
            Severity = FindingSeverity.Error,
            Cause = $"{PathBytes.Printable(launcher.Path)} is of {launcher}, and {program} binds the library of {library}, so the ranks do not find each other",
            Message = "each process is rank 0 of 1, or MPI_Init fails",
            Evidence = [$"PATH gives {PathBytes.Printable(file)} as {PathBytes.Printable(launcher.Path)}: {launcher}", $"{program} binds {PathBytes.Printable(library.Path)}: {library}"],
            Candidates = candidates,
            Fix = $"start it by the mpirun of {library}",
        };
    }

    /// <summary>An Open MPI that was moved finds none of its plugins, unless OPAL_PREFIX says where it is.</summary>
    static IEnumerable<Finding> Directories(LoadedCommand one)
    {
        LoadedObject? pal = null;
        foreach (LoadedObject loaded in one.Process.Objects)
        {
            if (loaded.Path.Contains("/libopen-pal.so", StringComparison.Ordinal))
                pal = loaded;
        }

        if (pal is null || OpenMpiDirectories.Read(one.Command.Root.Files, pal.Path) is not { } built)
            yield break;
        RootView view = one.Command.View;
        string? set = one.Command.Environment[OpalPrefix];
        OpenMpiDirectories used = string.IsNullOrEmpty(set) ? built : built with { Prefix = set };
        string directory = pal.Path[..pal.Path.LastIndexOf('/')];
        if (view.Resolve(used.Plugins).Exists || !view.Resolve($"{directory}/{built.PluginName}").Exists)
            yield break;
        List<EnvironmentChange> candidates = [];
        if (set is not null)
            candidates.Add(new EnvironmentChange(OpalPrefix, null, $"{PathBytes.Printable(set)} has no Open MPI"));
        if (built.PrefixOf(directory) is { } prefix)
            candidates.Add(new EnvironmentChange(OpalPrefix, prefix, $"this Open MPI was built for {PathBytes.Printable(built.Prefix)} and lies in {PathBytes.Printable(prefix)}"));
        yield return new Finding
        {
            Id = "mpi-prefix-wrong",
            Severity = FindingSeverity.Error,
            Cause = $"the Open MPI of {PathBytes.Printable(pal.Path)} looks for its plugins in {PathBytes.Printable(used.Plugins)}, which is not there",
            Message = "It looks like opal_init failed for some reason",
            Evidence =
            [
                set is null ? $"it was built for the prefix {PathBytes.Printable(built.Prefix)}, and OPAL_PREFIX is not set" : $"OPAL_PREFIX is {PathBytes.Printable(set)}",
                $"its plugins are in {PathBytes.Printable(directory)}/{built.PluginName}",
            ],
            Candidates = candidates,
            Fix = candidates.Count > 0 ? null : "install Open MPI where it was built for",
        };
    }

    static int CommonLength(string one, string other)
    {
        int length = 0;
        while (length < one.Length && length < other.Length && one[length] == other[length])
            length++;
        return length;
    }
}
