using Decant.Linux;

namespace Decant.Bench;

/// <summary>Results in JSON files: of other tools, and decant's own reports (docs/import.md).</summary>
public static class ResultImport
{
    static readonly ResultFormat[] _formats =
    [
        new DecantFormat(), new HyperfineFormat(), new PyperfFormat(), new BenchmarkDotNetFormat(), new GoogleBenchmarkFormat(), new AiperfResultFormat(), new SparkFormat(),
    ];

    /// <summary>The tools whose files are read.</summary>
    public static IReadOnlyList<string> Tools { get; } = [.. _formats.Select(format => format.Tool)];

    /// <summary>One result for each workload of the file. Which tool wrote it is told by its content.</summary>
    /// <param name="path">For messages, and for the name of the environment where the file does not tell one.</param>
    /// <param name="bytes">The file's content.</param>
    /// <exception cref="DecantException">It is no JSON, of no tool that is known, or does not hold what that tool's files hold: with file, line and place.</exception>
    public static IReadOnlyList<BenchResult> Read(string path, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            JsonPlace root = JsonText.Parse(bytes).Root;
            ResultFormat format = _formats.FirstOrDefault(format => format.Wrote(root))
                ?? throw new DecantException($"{PathBytes.Printable(path)} is JSON, but of no tool whose results decant reads", $"files are read of: {string.Join(", ", Tools)}");
            IReadOnlyList<BenchResult> results = format.Read(root, Path.GetFileNameWithoutExtension(path));
            return results.Count > 0 && results.All(result => !result.Metrics.IsEmpty) ? results : throw root.Unreadable($"has no result, though it looks like a file of {format.Tool}");
        }
        catch (UnreadableException exception)
        {
            throw new DecantException(
                $"{PathBytes.Printable(path)}: {PathBytes.Printable(exception.Text)}", "a file that is cut short or was edited is refused: export it anew", exception);
        }
    }
}
