using Decant.Elf;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>An object that exports a symbol.</summary>
sealed record LddProviderReport(string Path, string? Version)
{
    public static LddProviderReport Of(SymbolProvider provider) => new(PathBytes.Printable(provider.Object.Path), provider.Version?.Name);
}
