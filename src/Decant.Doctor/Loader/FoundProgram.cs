using Decant.Launch;

namespace Decant.Doctor;

/// <summary>A program that a command line names.</summary>
/// <param name="Path">Of the file that the kernel executes in the end.</param>
/// <param name="Scripts">The scripts on the way, as the "#!" line of each leads to the next.</param>
public sealed record FoundProgram(string Path, IReadOnlyList<ScriptLine> Scripts);
