using Decant.Elf;

namespace Decant.Doctor;

/// <summary>A command whose program was found.</summary>
/// <param name="Program">The file that the kernel executes, and the scripts on the way.</param>
/// <param name="Process">What its loader binds.</param>
sealed record LoadedCommand(ExaminedCommand Command, FoundProgram Program, LoadedProcess Process)
{
    /// <summary>What the program is given behind its own name: scripts put themselves and their argument first (execve(2)).</summary>
    public IReadOnlyList<string> ProgramArguments
    {
        get
        {
            List<string> arguments = [.. Command.Arguments.Skip(1)];
            foreach (Decant.Launch.ScriptLine script in Program.Scripts)
            {
                arguments.Insert(0, script.Script);
                if (script.Argument is { } argument && script.Program is null)
                    arguments.Insert(0, argument);
            }

            return arguments;
        }
    }
}
