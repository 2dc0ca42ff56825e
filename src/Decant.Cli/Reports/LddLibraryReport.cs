using Decant.Elf;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>A name and what the loader binds it to.</summary>
/// <param name="Path">Null where it is missing.</param>
/// <param name="Rule">Why it is that file, as docs/ldd.md lists them.</param>
/// <param name="Source">The object whose RPATH or RUNPATH it was.</param>
/// <param name="Problem">Why there is none.</param>
/// <param name="Searched">Where a missing one was searched.</param>
sealed record LddLibraryReport(string Name, string? Path, string Rule, string RequestedBy, string? Source, string? Problem, bool? Optional, IReadOnlyList<LddPlaceReport>? Searched, IReadOnlyList<string>? PassedOver)
{
    public static LddLibraryReport Of(LibraryLookup lookup) => new(
        PathBytes.Printable(lookup.Name),
        lookup.Object is null ? null : PathBytes.Printable(lookup.Object.Path),
        LddWords.Of(lookup.Rule),
        PathBytes.Printable(lookup.RequestedBy.Path),
        lookup.Source is null ? null : PathBytes.Printable(lookup.Source.Path),
        lookup.Problem is null ? null : PathBytes.Printable(lookup.Problem),
        lookup.IsOptional ? true : null,
        lookup.Searched.Count == 0 ? null : [.. lookup.Searched.Select(LddPlaceReport.Of)],
        lookup.PassedOver.Count == 0 ? null : [.. lookup.PassedOver.Select(PathBytes.Printable)]);
}
