using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>A program that a command line names.</summary>
/// <param name="Path">Of the file that the kernel executes in the end.</param>
/// <param name="Scripts">The scripts on the way, as the "#!" line of each leads to the next.</param>
public sealed record FoundProgram(string Path, IReadOnlyList<ScriptLine> Scripts)
{
    /// <summary>What the program is given behind its own name: scripts put themselves and their argument first (execve(2)).</summary>
    /// <param name="command">The command's words, its program the first.</param>
    public IReadOnlyList<string> ArgumentsOf(IReadOnlyList<string> command)
    {
        // Unless it was looked through.
        bool isEnv = LinuxPath.Name(Path) == "env";
        List<string> arguments = [.. command.Skip(1)];
        foreach (ScriptLine script in Scripts)
        {
            arguments.Insert(0, script.Script);
            if (script.Argument is { } argument && (script.Program is null || isEnv))
                arguments.Insert(0, argument);
        }

        return arguments;
    }
}
