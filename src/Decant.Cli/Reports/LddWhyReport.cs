using Decant.Elf;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>The answer to <c>decant ldd --why NAME</c>: about a library where a lookup has the name, else about a symbol.</summary>
/// <param name="Found">Something has the name, and is there.</param>
sealed record LddWhyReport(string Name, bool Found)
{
    /// <summary>Who asked for the library, in order; null for a symbol.</summary>
    public IReadOnlyList<LddLibraryReport>? Library { get; init; }

    /// <summary>Who wants the symbol and whom each gets; null for a library.</summary>
    public IReadOnlyList<LddBindingReport>? Bindings { get; init; }

    /// <summary>Who exports the symbol, in the order in which the loader looks.</summary>
    public IReadOnlyList<LddProviderReport>? Providers { get; init; }

    public static LddWhyReport Of(LoadedProcess process, ProcessSymbols symbols, string name)
    {
        List<LibraryLookup> lookups = [];
        foreach (LoadedObject loaded in process.Objects)
        {
            foreach (LibraryLookup lookup in loaded.Lookups)
            {
                if (lookup.Name == name || lookup.Object?.Path == name)
                    lookups.Add(lookup);
            }
        }

        if (lookups.Count > 0)
            return new LddWhyReport(PathBytes.Printable(name), lookups.TrueForAll(lookup => lookup.Object is not null)) { Library = [.. lookups.Select(LddLibraryReport.Of)] };
        LddBindingReport[] bindings = [.. symbols.Bindings(name).Select(LddBindingReport.Of)];
        LddProviderReport[] providers = [.. symbols.Providers(name).Select(LddProviderReport.Of)];
        return new LddWhyReport(PathBytes.Printable(name), providers.Length > 0 && !Array.Exists(bindings, binding => binding.Provider is null && !binding.Weak))
        {
            Bindings = bindings,
            Providers = providers,
        };
    }
}
