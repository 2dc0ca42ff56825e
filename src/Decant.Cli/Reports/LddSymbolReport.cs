using Decant.Elf;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>A symbol that nothing provides.</summary>
/// <param name="When">"load": the program does not start; "call": it ends when it calls it.</param>
sealed record LddSymbolReport(string Name, string? Version, string RequiredBy, string When)
{
    public static LddSymbolReport Of(UnresolvedSymbol symbol) => new(
        PathBytes.Printable(symbol.Name), symbol.Version?.Name, PathBytes.Printable(symbol.RequiredBy.Path), symbol.IsFatal ? "load" : "call");
}
