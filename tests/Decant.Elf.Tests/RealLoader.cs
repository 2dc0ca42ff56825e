using System.Text.RegularExpressions;

namespace Decant.Elf.Tests;

/// <summary>What this system's own loader says about a file when it is asked to trace: the truth (ld.so(8), LD_TRACE_LOADED_OBJECTS, LD_WARN).</summary>
/// <param name="Libraries">Paths, and "NAME missing" for what was not found.</param>
/// <param name="Undefined">"SYMBOL FILE", with "SYMBOL@VERSION" where one is named.</param>
/// <param name="MissingVersions">"VERSION FILE".</param>
/// <param name="Failure">Why the loader gave up; null where it did not.</param>
sealed partial record RealLoader(SortedSet<string> Libraries, SortedSet<string> Undefined, SortedSet<string> MissingVersions, string? Failure)
{
    public const string Path = "/lib64/ld-linux-x86-64.so.2";

    /// <summary>Null for a file that is not dynamic, or needs no library: of that the tracing loader says "statically linked", and looks at no symbol.</summary>
    public static RealLoader? Of(string file, params (string Name, string Value)[] environment)
    {
        if (Workbench.Run(Path, ["--verify", file]).Exit is not (0 or 2))
            return null;
        (int exit, string output) = Workbench.Run(
            Path, [file], [("LD_TRACE_LOADED_OBJECTS", "1"), ("LD_WARN", "yes"), ("LD_BIND_NOW", "yes"), ("LC_ALL", "C"), .. environment]);
        if (output.Trim() == "statically linked")
            return null;
        RealLoader real = new(new(StringComparer.Ordinal), new(StringComparer.Ordinal), new(StringComparer.Ordinal), exit == 0 ? null : output);
        foreach (string line in output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            real.Add(line);
        return real;
    }

    /// <summary>The same from the model, where it agrees with the tracing loader on what it tells.</summary>
    public static RealLoader Predicted(LoadedProcess process)
    {
        ProcessSymbols symbols = new(process);
        HashSet<string> found = [.. process.Objects.Skip(1).Append(process.Interpreter).OfType<LoadedObject>().Select(loaded => loaded.Path)];
        // A name that one object misses and another finds is in the real list twice, too.
        found.UnionWith(process.Lookups.Where(lookup => lookup.Object is null && lookup.Rule == BindingRule.Missing && !lookup.IsOptional).Select(lookup => $"{lookup.Name} missing"));
        return new RealLoader(
            new(found, StringComparer.Ordinal),
            new(symbols.Unresolved().Select(symbol => $"{symbol.Name}{(symbol.Version is null ? "" : "@" + symbol.Version.Name)} {symbol.RequiredBy.Path}"), StringComparer.Ordinal),
            new(symbols.MissingVersions().Select(missing => $"{missing.Version} {missing.RequiredBy.Path}"), StringComparer.Ordinal),
            null);
    }

    /// <summary>Where the two differ, in words; empty where they do not.</summary>
    public static string Difference(RealLoader real, RealLoader ours)
    {
        List<string> differences = [];
        foreach ((string what, SortedSet<string> truth, SortedSet<string> predicted) in
            new[] { ("libraries", real.Libraries, ours.Libraries), ("undefined", real.Undefined, ours.Undefined), ("versions", real.MissingVersions, ours.MissingVersions) })
        {
            if (!truth.SetEquals(predicted))
                differences.Add($"{what}: only ld.so [{string.Join(", ", truth.Except(predicted))}], only decant [{string.Join(", ", predicted.Except(truth))}]");
        }

        return string.Join("; ", differences);
    }

    void Add(string line)
    {
        if (UndefinedSymbol().Match(line) is { Success: true } symbol)
            Undefined.Add($"{symbol.Groups[1].Value}{(symbol.Groups[2].Success ? "@" + symbol.Groups[2].Value : "")} {symbol.Groups[3].Value}");
        else if (MissingVersion().Match(line) is { Success: true } version)
            MissingVersions.Add($"{version.Groups[1].Value} {version.Groups[2].Value}");
        else if (line.EndsWith(" => not found", StringComparison.Ordinal))
            Libraries.Add($"{line[..^" => not found".Length]} missing");
        else if (Library().Match(line) is { Success: true } library && !line.StartsWith("linux-vdso", StringComparison.Ordinal))
            Libraries.Add(library.Groups[1].Value);
    }

    [GeneratedRegex(@"^undefined symbol: (\S+?)(?:, version (\S+))?\s+\((.*)\)$")]
    private static partial Regex UndefinedSymbol();

    [GeneratedRegex(@"version `(.*)' not found \(required by (.*)\)$")]
    private static partial Regex MissingVersion();

    [GeneratedRegex(@"(\S+) \(0x[0-9a-f]+\)$")]
    private static partial Regex Library();
}
