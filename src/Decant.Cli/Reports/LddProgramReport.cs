using Decant.Doctor;
using Decant.Elf;
using Decant.Linux;

namespace Decant.Cli;

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

    /// <summary>Of the program and its libraries, those that have any; null where it was not asked for.</summary>
    public IReadOnlyList<LddDeviceCodeReport>? DeviceCode { get; init; }

    /// <summary>Files whose tables cannot be read, and a cache that the loader cannot use.</summary>
    public IReadOnlyList<string>? Damaged { get; init; }

    public LddWhyReport? Why { get; init; }

    public static LddProgramReport Of(FoundProgram found, LoadedProcess process, ProcessSymbols? symbols, LddWhyReport? why, bool withDeviceCode)
    {
        IReadOnlyList<UnresolvedSymbol>? unresolved = symbols?.Unresolved();
        IReadOnlyList<MissingVersion>? versions = symbols?.MissingVersions();
        List<string> damaged = [];
        if (process.Settings.CacheDamage is { } cache)
            damaged.Add(PathBytes.Printable(cache.Message));
        foreach (ElfFormatException e in symbols?.Damaged ?? [])
            damaged.Add(PathBytes.Printable(e.Message));
        List<LddDeviceCodeReport> deviceCode = [];
        foreach (LoadedObject loaded in withDeviceCode ? process.Objects : [])
        {
            try
            {
                if (LddDeviceCodeReport.Of(loaded) is { } code)
                    deviceCode.Add(code);
            }
            catch (ElfFormatException e)
            {
                damaged.Add(PathBytes.Printable(e.Message));
            }
        }

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
            DeviceCode = withDeviceCode ? deviceCode : null,
            Damaged = damaged.Count > 0 ? damaged : null,
            Why = why,
        };
    }
}
