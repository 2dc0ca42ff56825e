using Decant.Elf;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>A place in which the loader searched.</summary>
sealed record LddPlaceReport(string Rule, string? Source, IReadOnlyList<string> Directories)
{
    public static LddPlaceReport Of(SearchedPlace place) => new(
        LddWords.Of(place.Rule), place.Source is null ? null : PathBytes.Printable(place.Source.Path), [.. place.Directories.Select(PathBytes.Printable)]);
}
