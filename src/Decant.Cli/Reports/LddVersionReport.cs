using Decant.Elf;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>A version that a library does not define.</summary>
sealed record LddVersionReport(string Version, string Library, string RequiredBy)
{
    public static LddVersionReport Of(MissingVersion missing) => new(
        PathBytes.Printable(missing.Version), PathBytes.Printable(missing.Library.Path), PathBytes.Printable(missing.RequiredBy.Path));
}
