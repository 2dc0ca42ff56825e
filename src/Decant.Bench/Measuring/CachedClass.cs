using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>What the page cache holds of one class of files.</summary>
/// <param name="Bytes">Of all its files.</param>
/// <param name="Largest">The files that have most, by name; at most <see cref="MostFiles"/>, each of <see cref="LeastBytes"/> or more.</param>
sealed record CachedClass(string Name, long Bytes, ImmutableArray<CachedFile> Largest)
{
    public const int MostFiles = 20;

    const long LeastBytes = 1 << 20;

    /// <summary>Counts them now. Directories of one class are added up, and so are files that the program knows by one name.</summary>
    public static IReadOnlyList<CachedClass> Of(IEnumerable<FileClass> classes) => [.. classes.GroupBy(one => one.Name).Select(group => Count(group.Key, group.DistinctBy(one => one.Path)))];

    static CachedClass Count(string name, IEnumerable<FileClass> places)
    {
        long bytes = 0;
        Dictionary<string, long> files = [];
        foreach (FileClass place in places)
        {
            foreach ((string path, long cached) in PageCache.Of(place.Path))
            {
                bytes += cached;
                if (cached >= LeastBytes)
                    files[place.NameOf(path)] = files.GetValueOrDefault(place.NameOf(path)) + cached;
            }
        }

        return new CachedClass(name, bytes, [.. files.OrderByDescending(file => file.Value).ThenBy(file => file.Key, StringComparer.Ordinal).Take(MostFiles).Select(file => new CachedFile(name, file.Key, file.Value))]);
    }
}
