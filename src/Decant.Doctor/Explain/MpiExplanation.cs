using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Answers to the errors of Open MPI's launchers and frameworks.</summary>
static class MpiExplanation
{
    const int MostAnswers = 8;

    /// <param name="message">One of Open MPI's.</param>
    public static Finding Of(ExaminedCommand command, KnownMessage message) => message.Kind switch
    {
        KnownMessageKind.MpiRoot => Root(),
        KnownMessageKind.OpenMpi => Prefix(command),
        _ => Component(command, message.Subject),
    };

    /// <param name="why">The answer to what the loader says of it; null where that is not known.</param>
    public static Finding Plugin(ExaminedCommand command, KnownMessage message, Finding? why)
    {
        string plugin = PathBytes.Printable(message.Subject);
        string[] files = [.. command.Root.Libraries.Where(path => LinuxPath.Name(path) == message.Subject + ".so").Take(MostAnswers).Select(path => $"the image has {PathBytes.Printable(path)}")];
        return new Finding
        {
            Id = "plugin-unloadable",
            Severity = FindingSeverity.Warning,
            Cause = $"Open MPI passes over its plugin {plugin}, which it cannot open: {why?.Cause ?? PathBytes.Printable(message.By)}",
            Evidence = [.. files, .. why?.Evidence ?? []],
            Fix = why?.Fix ?? "decant doctor IMAGE -- COMMAND tells what the plugin lacks",
        };
    }

    /// <summary>Its parts do not come up: they are not where it looks for them, or they are of another release.</summary>
    static Finding Prefix(ExaminedCommand command)
    {
        List<string> seen = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (string path in command.Root.LibraryFiles.Where(path => LinuxPath.Name(path).StartsWith("libopen-pal.so.", StringComparison.Ordinal)).Take(MostAnswers))
        {
            if (OpenMpiPrefix.Read(command.Root.Files, path) is not { } built)
                continue;
            names.Add(command.Root.Files.Find(path)?.Elf?.Soname ?? path);
            string place = built.Find(command.View, path) is { } prefix ? $" and lies in {PathBytes.Printable(prefix)}" : "";
            seen.Add($"{PathBytes.Printable(path)} is of {new MpiPart(MpiFamily.OpenMpi, path, path).Describe(command)}, was built for {PathBytes.Printable(built.Path)}{place}");
        }

        if (command.Environment["OPAL_PREFIX"] is { Length: > 0 } set)
            seen.Add($"the environment has OPAL_PREFIX={PathBytes.Printable(set)}");
        if (Explanation.OnPath(command, "mpirun") is { } launcher)
            seen.Add($"PATH gives mpirun as {PathBytes.Printable(launcher)}");
        return new Finding
        {
            Id = "mpi-prefix-wrong",
            Severity = FindingSeverity.Error,
            Cause = names.Count > 1
                ? "an Open MPI does not find its own files: the image has several releases, of which one was led to the files of another, or was moved from where it was built for"
                : "an Open MPI does not find its own files, as one does that was moved from where it was built for",
            Evidence = seen,
            Fix = names.Count > 1 ? "take mpirun, libmpi and OPAL_PREFIX from one of them: decant doctor IMAGE -- COMMAND tells which the command gets" : "OPAL_PREFIX=DIRECTORY, where it lies now",
        };
    }

    static Finding Root() => new()
    {
        Id = "mpi-run-as-root",
        Severity = FindingSeverity.Error,
        Cause = "Open MPI's mpirun refuses to run as root, unless it is told twice that it may",
        Fix = "OMPI_ALLOW_RUN_AS_ROOT=1 and OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1, as decant run sets them by itself; or mpirun --allow-run-as-root; or another user: --user",
    };

    static Finding Component(ExaminedCommand command, string framework)
    {
        string which = framework.Length == 0 ? "a framework" : PathBytes.Printable(framework);
        MpiChoice[] choices = [.. MpiChoice.Of(command, null, MpiProject.OpenMpi).Where(choice => framework.Length == 0 || choice.Framework == framework)];
        string[] files = [.. command.Root.Libraries.Where(path => MpiComponents.OfFile(path) is { } component && component.Framework == framework).Take(MostAnswers).Select(path => $"the image has {PathBytes.Printable(path)}")];
        string fix = framework.Length == 0 ? "leave OMPI_MCA_FRAMEWORK and --mca FRAMEWORK away, or name what ompi_info lists" : $"leave OMPI_MCA_{which} and --mca {which} away, or name what ompi_info lists and the machine has devices for";
        return new Finding
        {
            Id = "mpi-component-missing",
            Severity = FindingSeverity.Error,
            Cause = $"of the components of {which} that Open MPI was allowed none could be opened: they are not there, need a library that is not, or found no device",
            Evidence = [.. choices.Select(choice => $"the environment has {PathBytes.Printable(choice.Origin)}={PathBytes.Printable(choice.Value)}"), .. files],
            Fix = fix,
        };
    }
}
