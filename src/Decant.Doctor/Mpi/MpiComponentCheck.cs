using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// Whether Open MPI has the components that a command asks for. It ends at one that it does not have or cannot open, where it opens the framework
/// at all (component_find_check of opal/mca/base/mca_base_component_find.c); what it excludes need not be there.
/// </summary>
static class MpiComponentCheck
{
    /// <summary>Opened by every program that starts MPI, which ends if it cannot.</summary>
    static readonly string[] ofRanks =
    [
        "accelerator", "allocator", "backtrace", "bml", "btl", "coll", "dl", "hook", "hwloc", "if", "mpool", "op", "osc", "part", "pmix", "pml", "rcache", "reachable", "rte", "shmem", "smsc", "threads", "timer",
    ];

    /// <summary>Opened by the launcher of Open MPI up to 4, which ends if it cannot.</summary>
    static readonly string[] ofLauncher =
    [
        "backtrace", "dl", "errmgr", "ess", "event", "filem", "grpcomm", "hwloc", "if", "iof", "odls", "oob", "plm", "pmix", "ras", "reachable", "regx", "rmaps", "rml", "routed", "rtc", "schizo", "shmem", "state", "timer",
    ];

    /// <summary>Opened by prterun, which ends if it cannot, or hangs.</summary>
    static readonly string[] ofPrrte = ["errmgr", "ess", "grpcomm", "iof", "odls", "oob", "prtereachable", "rmaps", "schizo", "state"];

    /// <summary>Opened by PMIx, without which prterun ends.</summary>
    static readonly string[] ofPmix = ["bfrops", "gds", "pif", "preg", "psec", "psquash"];

    /// <summary>Opened for one way to send messages, without which there are others.</summary>
    static readonly string[] optional = ["mtl"];

    /// <summary>Directories of components besides Open MPI's own.</summary>
    static readonly string[] paths = ["mca_base_component_path", "mca_component_path"];

    static readonly string[] starters =
    [
        "MPI_Init", "MPI_Init_thread", "PMPI_Init", "PMPI_Init_thread", "mpi_init_", "mpi_init_thread_", "mpi_init_f08_", "mpi_init_thread_f08_",
    ];

    /// <param name="starter">The launcher that starts it, which may be it itself; null for none.</param>
    public static IEnumerable<Finding> Examine(LoadedCommand one, LoadedCommand? starter)
    {
        bool isRank = StartsMpi(one) && MpiPart.Library(one.Process) is { Family: MpiFamily.OpenMpi };
        MpiPart? launcher = one == starter ? MpiPart.Launcher(one.Command, one.Process) : null;
        if (isRank)
            return Examine(one, starter, MpiProject.OpenMpi, ofRanks, optional);
        if (launcher is not { Family: MpiFamily.OpenMpi })
            return [];
        if (!launcher.IsPrrte)
            return Examine(one, starter, MpiProject.OpenMpi, ofLauncher, []);
        return (launcher.StartsPrterun ? Daemon(one) : one) is { } daemon
            ? [.. Examine(daemon, starter, MpiProject.Prrte, ofPrrte, []), .. Examine(daemon, starter, MpiProject.Pmix, ofPmix, [])]
            : [];
    }

    static LoadedCommand? Daemon(LoadedCommand launcher)
    {
        try
        {
            return MpiCheck.Daemon(launcher) is { } daemon && daemon.Programs.Find(daemon.Arguments[0]) is { } program ? new LoadedCommand(daemon, program, daemon.Programs.Load(program.Path)) : null;
        }
        catch (DecantException)
        {
            return null;
        }
    }

    static IEnumerable<Finding> Examine(LoadedCommand one, LoadedCommand? starter, MpiProject project, string[] needed, string[] optional)
    {
        if (HasOtherPlaces(one.Command, starter, project))
            yield break;
        foreach (MpiChoice choice in MpiChoice.Of(one.Command, starter?.Command, project))
        {
            bool isFatal = needed.Contains(choice.Framework);
            if (!isFatal && !optional.Contains(choice.Framework))
                continue;
            if (choice.IsMixed)
            {
                yield return Mixed(choice);
                continue;
            }

            if (choice.Components.Count == 0)
                continue;
            IReadOnlySet<string> components = MpiComponents.Of(choice.Framework, one);
            if (components.Count > 0 && choice.Components.FirstOrDefault(component => !components.Contains(component)) is { } missing)
                yield return Missing(choice, missing, components, isFatal);
        }
    }

    /// <summary>Whether a program that starts MPI ends where a component of a framework that was asked for cannot be opened.</summary>
    public static bool EndsWithout(string framework) => ofRanks.Contains(framework);

    /// <summary>A program that only tells about an MPI does not.</summary>
    public static bool StartsMpi(LoadedCommand one) => Starts(one.Process.Program) || (Module(one)?.Opened is { } module && Starts(module));

    /// <summary>The first extension module that brings an MPI into a Python program; null where none does.</summary>
    public static LoadedProcess? Module(LoadedCommand one) => one.Opened.FirstOrDefault(opened => MpiPart.Library(opened) is not null);

    static bool Starts(LoadedObject one) => Array.Exists(starters, one.File.Imports);

    static bool HasOtherPlaces(ExaminedCommand command, LoadedCommand? starter, MpiProject project)
    {
        bool isSet = paths.Any(path => command.Environment[project.Variable + path] is not null || starter?.Command.Arguments.Contains(path) == true);
        return isSet || (command.Environment["HOME"] is { Length: > 0 } home && command.View.Resolve($"{home.TrimEnd('/')}/.openmpi/components").Exists);
    }

    static Finding Missing(MpiChoice choice, string component, IReadOnlySet<string> components, bool isFatal) => new()
    {
        Id = "mpi-component-missing",
        Severity = isFatal ? FindingSeverity.Error : FindingSeverity.Warning,
        Cause = $"{Origin(choice)} asks for the {choice.Framework} component {PathBytes.Printable(component)}, which this Open MPI does not have{(isFatal ? ", and ends without" : "")}",
        Message = "A requested component was not found, or was unable to be opened.",
        Evidence = [$"{Origin(choice)} is {PathBytes.Printable(choice.Value)}", $"its {choice.Framework} components are {string.Join(", ", components)}"],
        Fix = $"name one that it has, or leave {Origin(choice)} away",
    };

    static Finding Mixed(MpiChoice choice) => new()
    {
        Id = "mpi-component-missing",
        Severity = FindingSeverity.Error,
        Cause = $"{Origin(choice)} is {PathBytes.Printable(choice.Value)}, which names and excludes at once: ^ stands in front of the whole list, for all of it",
        Message = "MCA framework parameters can only take a single negation operator",
        Fix = "name components or exclude components, not both",
    };

    static string Origin(MpiChoice choice) => PathBytes.Printable(choice.Origin);
}
