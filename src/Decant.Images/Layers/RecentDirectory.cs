namespace Decant.Images;

/// <summary>
/// The directory that the entry before was made in: archives list a directory's files one after another. It holds only for a path
/// without links whose directories are all of this layer, which nothing but a removal can lead elsewhere.
/// </summary>
readonly struct RecentDirectory
{
    readonly string? entryName;
    readonly int parentLength;
    readonly LayerDirectory? directory;
    readonly int removals;

    /// <param name="entryName">Of the entry before, as the archive has it.</param>
    /// <param name="directory">Where it was made.</param>
    /// <param name="removals">How many removals there had been then.</param>
    public RecentDirectory(string entryName, LayerDirectory directory, int removals)
    {
        this.entryName = entryName;
        // A directory's name ends in a slash, or in several.
        parentLength = entryName.AsSpan().TrimEnd('/').LastIndexOf('/') + 1;
        this.directory = directory;
        this.removals = removals;
    }

    /// <summary>The directory of a file with this name; null where a walk must tell. Names that mean something to layers are left to that too.</summary>
    public LayerDirectory? Find(string name, int removalsNow, out string file)
    {
        file = "";
        if (entryName is null || removals != removalsNow || name.Length <= parentLength
            || !name.AsSpan(0, parentLength).SequenceEqual(entryName.AsSpan(0, parentLength)))
            return null;
        ReadOnlySpan<char> last = name.AsSpan(parentLength);
        if (last.Contains('/') || last.StartsWith(".wh.", StringComparison.Ordinal) || last is "." or "..")
            return null;
        file = last.ToString();
        return directory;
    }
}
