using System.Text;
using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// Open MPI's launchers refuse to run as root, unless an option or two variables allow it (orterun of Open MPI 4; schizo/ompi and schizo/prte of PRRTE, which
/// Open MPI 5 starts).
/// </summary>
static class MpiRootCheck
{
    const int MostBytes = 64 << 20;
    const string Allow = "ALLOW_RUN_AS_ROOT";
    const string Option = "allow-run-as-root";

    /// <summary>With these a launcher only tells about itself.</summary>
    static readonly string[] Questions = ["version", "V"];

    /// <summary>Open MPI up to 4 refuses root these too.</summary>
    static readonly string[] Helps = ["help", "h"];

    /// <param name="launcher">Of any MPI.</param>
    /// <returns>Null where it runs.</returns>
    public static Finding? Examine(LoadedCommand launcher)
    {
        ExaminedCommand command = launcher.Command;
        if (command.UserId != 0 || MpiPart.Launcher(command, launcher.Process) is not { Family: MpiFamily.OpenMpi } part)
            return null;
        bool wantsHelp = false;
        // What stands in front of the first program that it starts holds for all.
        foreach (string word in MpiApplication.Of(command).Take(1).SelectMany(first => first.Options))
        {
            string option = word.StartsWith('-') ? word.TrimStart('-') : "";
            if (Helps.Contains(option) && !part.IsPrrte)
                wantsHelp = true;
            else if (!wantsHelp && (option == Option || Questions.Contains(option) || Helps.Contains(option)))
                return null;
        }

        string name = PathBytes.Printable(LinuxPath.Name(command.Arguments[0]));
        // mpirun of Open MPI 5 leaves it to prterun, which goes by the variables of whom it was started by.
        string first = (name.StartsWith("prte", StringComparison.Ordinal) ? "PRTE_" : "OMPI_") + Allow;
        string second = first + "_CONFIRM";
        bool byVariables = part.StartsPrterun || KnowsVariables(launcher);
        string[] missing = byVariables ? [.. new[] { first, second }.Where(variable => command.Environment[variable] != "1")] : [];
        if (byVariables && missing.Length == 0)
            return null;
        string unless = missing.Length switch
        {
            0 => $"unless it is given --{Option}",
            1 => $"unless {missing[0]} is 1 too",
            _ => $"unless {first} and {second} are both 1",
        };
        return new Finding
        {
            Id = "mpi-run-as-root",
            Severity = FindingSeverity.Error,
            Cause = $"the command runs as root, which {name} of Open MPI refuses, {unless}",
            Message = wantsHelp ? $"{name} cannot provide the help message when run as root." : $"{(part.StartsPrterun ? "prterun" : name)} has detected an attempt to run as root.",
            Evidence = [$"{PathBytes.Printable(launcher.Process.Program.Path)} would run as user 0"],
            Candidates = [.. missing.Take(1).Select(variable => new EnvironmentChange(variable, "1", $"{name} runs as root only where {first} and {second} allow it"))],
            Fix = byVariables ? null : $"{name} --{Option}, or run as another user: --user",
        };
    }

    /// <summary>Releases before 4.0 know the option only.</summary>
    static bool KnowsVariables(LoadedCommand launcher)
    {
        byte[] name = Encoding.ASCII.GetBytes("OMPI_" + Allow);
        foreach (LoadedObject part in launcher.Process.Objects)
        {
            string file = LinuxPath.Name(part.Path);
            bool isOwn = part == launcher.Process.Program || file.StartsWith("libopen-rte.so", StringComparison.Ordinal) || file.StartsWith("libprrte.so", StringComparison.Ordinal);
            if (isOwn && launcher.Command.Root.Files.Read(part.Path, MostBytes) is { } bytes && bytes.AsSpan().IndexOf(name) >= 0)
                return true;
        }

        return false;
    }
}
