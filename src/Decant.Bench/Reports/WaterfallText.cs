using Decant.Linux;

namespace Decant.Bench;

/// <summary>The names behind a part of a difference in memory, as reports tell them.</summary>
static class WaterfallText
{
    const int Most = 3;

    /// <summary>The files that make a tenth of it or more; empty where there are none.</summary>
    public static string Files(WaterfallPart part) => string.Join(
        ", ", part.Files.Where(file => Math.Abs(file.Bytes) >= Math.Abs(part.Bytes) / 10).Take(Most).Select(file => $"{PathBytes.Printable(file.Name)} {ValueText.Difference(file.Bytes, "B")}"));
}
