using Decant.Elf;

namespace Decant.Doctor;

/// <summary>What the loader does when Python opens an extension module.</summary>
/// <param name="Findings">Of missing libraries, one for each of <paramref name="MissingLibraries"/> in their order; or else of the rest.</param>
/// <param name="MissingLibraries">Names that the loader does not find.</param>
/// <param name="Names">By which what is loaded with it may be asked for later.</param>
/// <param name="Process">The program's, with it; null where it cannot be opened.</param>
sealed record OpenedExtension(IReadOnlyList<Finding> Findings, IReadOnlyList<string> MissingLibraries, IReadOnlyList<string> Names, LoadedProcess? Process);
