using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>A file by which two environments differ in page cache.</summary>
/// <param name="Name">As <see cref="CachedFile.Name"/>.</param>
/// <param name="Bytes">Mean over the blocks, subject − baseline.</param>
public sealed record WaterfallFile(string Name, double Bytes)
{
    const int Most = 5;

    const double LeastBytes = 1 << 20;

    /// <summary>Those of a class that differ most, the largest first.</summary>
    internal static ImmutableArray<WaterfallFile> Of(string className, IReadOnlyList<(Trial Subject, Trial Baseline)> blocks)
    {
        (Dictionary<string, long> Subject, Dictionary<string, long> Baseline)[] counted = [.. blocks.Select(block => (Files(block.Subject), Files(block.Baseline)))];
        IEnumerable<WaterfallFile> files =
            from name in counted.SelectMany(block => block.Subject.Keys.Concat(block.Baseline.Keys)).Distinct()
            let differences = counted.Select(block => Bytes(block.Subject, name) - Bytes(block.Baseline, name)).OfType<long>().ToArray()
            where differences.Length > 0
            select new WaterfallFile(name, differences.Average());
        return [.. files.Where(file => Math.Abs(file.Bytes) >= LeastBytes).OrderByDescending(file => Math.Abs(file.Bytes)).ThenBy(file => file.Name, StringComparer.Ordinal).Take(Most)];

        Dictionary<string, long> Files(Trial trial) => trial.Files.Where(file => file.Class == className).GroupBy(file => file.Name).ToDictionary(file => file.Key, file => file.Sum(one => one.Bytes));

        // Only the largest are kept: of a full list it is not known what a file has that is not in it.
        static long? Bytes(Dictionary<string, long> files, string name) => files.TryGetValue(name, out long bytes) ? bytes : files.Count < CachedClass.MostFiles ? 0 : null;
    }
}
