using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether the files that Open MPI's launcher is told to read are there: lists of hosts, lists of programs.</summary>
static class MpiFileCheck
{
    static readonly string[] hostLists = ["hostfile", "machinefile"];

    /// <summary>Open MPI 4 reads these as it reads lists of hosts; PRRTE has other words, or passes over what is not there.</summary>
    static readonly string[] olderLists = [.. hostLists, "default-hostfile", "rankfile", "rf"];

    /// <param name="launcher">Of any MPI.</param>
    public static IEnumerable<Finding> Examine(LoadedCommand launcher)
    {
        if (MpiPart.Launcher(launcher.Command, launcher.Process) is not { Family: MpiFamily.OpenMpi } part)
            yield break;
        bool isPrrte = part.IsPrrte;
        IReadOnlyList<MpiApplication> applications = MpiApplication.Of(launcher.Command);
        foreach (string list in applications.SelectMany(application => application.Values(isPrrte ? hostLists : olderLists)))
        {
            if (!IsFile(launcher.Command, list))
                yield return Missing("a list of hosts", list, isPrrte ? "PRTE was unable to open the hostfile:" : "Open RTE was unable to open the hostfile:");
        }

        foreach (string list in applications.Take(1).SelectMany(application => application.Values("app")))
        {
            if (!IsFile(launcher.Command, list))
                yield return Missing("a list of programs", list, isPrrte ? "The --app <arg> option was provided, but the specified file was not" : "Unable to open the appfile:");
        }
    }

    /// <summary>What lies below /dev and /proc is known only when it runs.</summary>
    static bool IsFile(ExaminedCommand command, string path)
    {
        string absolute = path.StartsWith('/') ? path : $"{command.WorkingDirectory.TrimEnd('/')}/{path}";
        return ProgramCheck.IsLive(absolute) || command.View.Resolve(absolute) is { Exists: true, Status.IsDirectory: false };
    }

    static Finding Missing(string what, string path, string message) => new()
    {
        Id = "mpi-file-missing",
        Severity = FindingSeverity.Error,
        Cause = $"the launcher is to read {what}, {PathBytes.Printable(path)}, which is {(path.Length == 0 ? "no name" : "no file of the image")}",
        Message = message,
        Fix = "name a file of the image, or one that -v brings in",
    };
}
