using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Everything that is known to be wrong with a command, found without running it.</summary>
public static class Examination
{
    /// <returns>The worst first; those of the same severity in the order in which they would show.</returns>
    public static IReadOnlyList<Finding> Examine(ExaminedCommand command, DoctorHost host)
    {
        CommandWalk walk = new(host);
        walk.Follow(command);
        List<Finding> findings = walk.Findings;
        foreach (ExaminedChain chain in walk.Chains)
            findings.AddRange(MpiCheck.Examine(chain.Commands).Select(finding => CommandWalk.Limited(finding, chain.Most, command)));
        // What is wrong with the programs themselves is wrong with their plugins too.
        if (!findings.Exists(finding => finding.Severity == FindingSeverity.Error))
            findings.AddRange(walk.Chains.SelectMany(chain => Plugins(chain.Commands).Select(finding => CommandWalk.Limited(finding, chain.Most, command))));
        return [.. findings.OrderByDescending(finding => finding.Severity).DistinctBy(finding => (finding.Id, finding.Cause))];
    }

    /// <summary>What each program of the command binds, as far as it can be loaded, outermost first.</summary>
    public static IReadOnlyList<LoadedProcess> Programs(ExaminedCommand command, DoctorHost host)
    {
        CommandWalk walk = new(host);
        walk.Follow(command);
        return [.. walk.Chains.SelectMany(chain => chain.Commands).Select(loaded => loaded.Process).DistinctBy(process => process.Program.Path)];
    }

    /// <summary>The arguments that what is found depends on: of a program's own options and operands none do, unless it is one that runs others.</summary>
    public static IReadOnlyList<string> Relevant(ExaminedCommand command)
    {
        IReadOnlyList<string> arguments = command.Arguments;
        string name = LinuxPath.Name(arguments[0]);
        // An interpreter's options take values, and its script is anywhere among the words.
        return CommandChain.IsOuter(name) || name.StartsWith("python", StringComparison.Ordinal) || name.StartsWith("pypy", StringComparison.Ordinal) || IsShellScript(command) ? arguments : [arguments[0]];
    }

    /// <summary>A script for a shell, which may start what its arguments name, and read whatever it likes.</summary>
    public static bool IsShellScript(ExaminedCommand command) =>
        command.Programs.FirstLine(command.Arguments[0]) is { } line && CommandChain.IsShell(LinuxPath.Name(line.Program ?? line.Interpreter));

    static List<Finding> Plugins(IReadOnlyList<LoadedCommand> chain)
    {
        try
        {
            return [.. PluginCheck.Examine(chain)];
        }
        catch (Exception e) when (e is DecantException or ElfFormatException)
        {
            return [CommandWalk.NotExamined(e)];
        }
    }
}
