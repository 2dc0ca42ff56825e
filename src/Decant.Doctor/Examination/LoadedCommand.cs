using Decant.Elf;

namespace Decant.Doctor;

/// <summary>A command whose program was found.</summary>
/// <param name="Program">The file that the kernel executes, and the scripts on the way.</param>
/// <param name="Process">What its loader binds.</param>
sealed record LoadedCommand(ExaminedCommand Command, FoundProgram Program, LoadedProcess Process)
{
    /// <summary>Of Python: the process with each extension module that it opens, in their order.</summary>
    public IReadOnlyList<LoadedProcess> Opened { get; init; } = [];

    /// <summary>What the program is given behind its own name.</summary>
    public IReadOnlyList<string> ProgramArguments => Program.ArgumentsOf(Command.Arguments);
}
