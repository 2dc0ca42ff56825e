using System.Globalization;
using System.Net;
using System.Text;
using Decant.Elf;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>What a program binds as a picture: each library right of the object that first asked for it, one row for each that asks for nothing new.</summary>
sealed class LibraryTreeSvg
{
    const int RowHeight = 38;
    const int ColumnWidth = 300;
    const int BoxWidth = 250;
    const int BoxHeight = 32;
    const int Margin = 10;

    readonly StringBuilder text = new();
    readonly LoadedProcess process;
    int rows;
    int columns;

    LibraryTreeSvg(LoadedProcess process) => this.process = process;

    public static string Render(LoadedProcess process)
    {
        LibraryTreeSvg picture = new(process);
        picture.Node(process.Program.Path, process.Program.Path, "", "program", process.Program, 0);
        int width = (2 * Margin) + (picture.columns * ColumnWidth) + BoxWidth;
        int height = (2 * Margin) + (picture.rows * RowHeight);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"Libraries\">\n{picture.text}</svg>\n");
    }

    /// <summary>Draws an object and what it brings in; the answer is the vertical middle of its box.</summary>
    int Node(string name, string path, string rule, string kind, LoadedObject? loaded, int column)
    {
        columns = Math.Max(columns, column);
        List<int> below = [];
        int first = rows;
        foreach (LibraryLookup lookup in loaded is null ? [] : process.Lookups)
        {
            if (lookup.RequestedBy != loaded || lookup.Rule == BindingRule.AlreadyLoaded)
                continue;
            string child = lookup.Object is null ? lookup.IsOptional ? "optional" : "missing" : lookup.Rule == BindingRule.LibraryPath ? "bypath" : "library";
            // Each object has its own branch once: where it was asked for first.
            LoadedObject? own = lookup.Object?.Loader == loaded ? lookup.Object : null;
            below.Add(Node(lookup.Name, lookup.Object?.Path ?? lookup.Problem ?? "", LddWords.Of(lookup.Rule), child, own, column + 1));
        }

        if (below.Count == 0)
            rows++;
        int middle = below.Count == 0 ? Margin + (first * RowHeight) + (RowHeight / 2) : (below[0] + below[^1]) / 2;
        int x = Margin + (column * ColumnWidth);
        foreach (int child in below)
        {
            int to = x + ColumnWidth;
            text.Append(CultureInfo.InvariantCulture, $"<path d=\"M{x + BoxWidth} {middle}C{x + BoxWidth + 25} {middle} {to - 25} {child} {to} {child}\"/>\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"<g class=\"{kind}\"><title>{Escaped($"{name}: {path} {rule}")}</title><rect x=\"{x}\" y=\"{middle - (BoxHeight / 2)}\" width=\"{BoxWidth}\" height=\"{BoxHeight}\" rx=\"5\"/>")
            .Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 8}\" y=\"{middle - 2}\">{Escaped(Short(LinuxPath.Name(name), 34))}</text>")
            .Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 8}\" y=\"{middle + 11}\" class=\"where\">{Escaped(Short(loaded is null && kind == "missing" ? path : Where(path, rule), 46))}</text></g>\n");
        return middle;
    }

    static string Where(string path, string rule) => rule.Length == 0 ? LinuxPath.Parent(path) : $"{LinuxPath.Parent(path)} · {rule}";

    static string Short(string words, int most) => words.Length <= most ? words : "…" + words[^(most - 1)..];

    static string Escaped(string words) => WebUtility.HtmlEncode(PathBytes.Printable(words));
}
