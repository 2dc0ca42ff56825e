using Decant.Elf;

namespace Decant.Doctor;

/// <summary>Where symbols that a process lacks could come from.</summary>
/// <param name="Culprit">The loaded library that lacks them where another copy of it has them; null where none does.</param>
/// <param name="Because">Ends the sentence of the cause; may be empty.</param>
/// <param name="Evidence">A line each.</param>
/// <param name="Candidates">Changes that may bring them in.</param>
sealed record SymbolSources(LoadedObject? Culprit, string Because, IReadOnlyList<string> Evidence, IReadOnlyList<EnvironmentChange> Candidates);
