using System.Text.Json.Serialization;
using Decant.Doctor;
using Decant.Elf;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant ldd --json</c></summary>
sealed record LddReport(IReadOnlyList<LddProgramReport> Programs)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "decant.ldd/1";
}

/// <summary>One program or library and what it binds.</summary>
/// <param name="Scripts">Scripts that lead to the program, from the one that was named.</param>
/// <param name="Loader">glibc or musl; null for a static program.</param>
/// <param name="Healthy">Nothing that was asked for keeps it from starting.</param>
sealed record LddProgramReport(
    string Path, IReadOnlyList<string> Scripts, string? Loader, string? LoaderVersion, bool Healthy, IReadOnlyList<LddLibraryReport> Libraries)
{
    /// <summary>Null where symbols were not asked for.</summary>
    public IReadOnlyList<LddSymbolReport>? UndefinedSymbols { get; init; }

    public IReadOnlyList<LddVersionReport>? MissingVersions { get; init; }

    /// <summary>Files whose tables cannot be read, and a cache that the loader cannot use.</summary>
    public IReadOnlyList<string>? Damaged { get; init; }

    public LddWhyReport? Why { get; init; }

    public static LddProgramReport Of(FoundProgram found, LoadedProcess process, ProcessSymbols? symbols, LddWhyReport? why)
    {
        IReadOnlyList<UnresolvedSymbol>? unresolved = symbols?.Unresolved();
        IReadOnlyList<MissingVersion>? versions = symbols?.MissingVersions();
        List<string> damaged = [];
        if (process.Settings.CacheDamage is { } cache)
            damaged.Add(PathBytes.Printable(cache.Message));
        foreach (ElfFormatException e in symbols?.Damaged ?? [])
            damaged.Add(PathBytes.Printable(e.Message));
        bool healthy = !process.Missing.Any() && versions is not { Count: > 0 } && unresolved?.Any(symbol => symbol.IsFatal) != true && why?.Found != false;
        bool isStatic = !process.Program.Elf.IsDynamic;
        return new LddProgramReport(
            PathBytes.Printable((process.Opened ?? process.Program).Path),
            [.. found.Scripts.Select(line => PathBytes.Printable(line.Script))],
            isStatic ? null : process.Settings.Kind == LoaderKind.Musl ? "musl" : "glibc",
            process.Settings.Version?.ToString(),
            healthy,
            [.. process.Lookups.Select(LddLibraryReport.Of)])
        {
            UndefinedSymbols = unresolved?.Select(LddSymbolReport.Of).ToArray(),
            MissingVersions = versions?.Select(LddVersionReport.Of).ToArray(),
            Damaged = damaged.Count > 0 ? damaged : null,
            Why = why,
        };
    }
}

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

/// <summary>A place in which the loader searched.</summary>
sealed record LddPlaceReport(string Rule, string? Source, IReadOnlyList<string> Directories)
{
    public static LddPlaceReport Of(SearchedPlace place) => new(
        LddWords.Of(place.Rule), place.Source is null ? null : PathBytes.Printable(place.Source.Path), [.. place.Directories.Select(PathBytes.Printable)]);
}

/// <summary>A symbol that nothing provides.</summary>
/// <param name="When">"load": the program does not start; "call": it ends when it calls it.</param>
sealed record LddSymbolReport(string Name, string? Version, string RequiredBy, string When)
{
    public static LddSymbolReport Of(UnresolvedSymbol symbol) => new(
        PathBytes.Printable(symbol.Name), symbol.Version?.Name, PathBytes.Printable(symbol.RequiredBy.Path), symbol.IsFatal ? "load" : "call");
}

/// <summary>A version that a library does not define.</summary>
sealed record LddVersionReport(string Version, string Library, string RequiredBy)
{
    public static LddVersionReport Of(MissingVersion missing) => new(
        PathBytes.Printable(missing.Version), PathBytes.Printable(missing.Library.Path), PathBytes.Printable(missing.RequiredBy.Path));
}
