using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// Open MPI up to 4 does not start without ssh or rsh, though all ranks are to run on this machine: its component for remote hosts looks for them before it
/// is known whether there are any (orte/mca/plm/rsh). Images seldom have them.
/// </summary>
static class MpiAgentCheck
{
    static readonly string[] agents = ["ssh", "rsh"];

    /// <summary>Any of these chooses another way, or another agent.</summary>
    static readonly string[] choices = ["plm", "plm_rsh_agent", "pls_rsh_agent", "orte_rsh_agent"];

    /// <param name="launcher">Of any MPI.</param>
    /// <returns>Null where it starts.</returns>
    public static Finding? Examine(LoadedCommand launcher)
    {
        ExaminedCommand command = launcher.Command;
        if (!launcher.Process.Objects.Any(one => LinuxPath.Name(one.Path).StartsWith("libopen-rte.so", StringComparison.Ordinal)))
            return null;
        if (Array.Exists(choices, name => command.Environment[$"OMPI_MCA_{name}"] is not null || command.Arguments.Contains(name)) || Array.Exists(agents, agent => IsOnPath(command, agent)))
            return null;
        string name = PathBytes.Printable(LinuxPath.Name(command.Arguments[0]));
        return new Finding
        {
            Id = "mpi-agent-missing",
            Severity = FindingSeverity.Error,
            Cause = $"{name} of Open MPI looks for ssh or rsh before it starts anything, and PATH has neither",
            Message = "The value of the MCA parameter \"plm_rsh_agent\" was set to a path",
            Evidence = [$"PATH is {PathBytes.Printable(command.Environment["PATH"] ?? "")}"],
            Candidates = [new EnvironmentChange("OMPI_MCA_plm", "isolated", "all ranks run on this machine, so that no ssh is wanted")],
        };
    }

    static bool IsOnPath(ExaminedCommand command, string program) =>
        (command.Environment["PATH"] ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Any(directory => command.View.Resolve(LinuxPath.Join(directory.TrimEnd('/'), program)) is { Exists: true, Status.IsRegular: true });
}
