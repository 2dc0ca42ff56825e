namespace Decant.Images;

/// <summary>
/// Names in a layer that nothing was made for. An archive may hold a million of them, so a hash stands for each; two that share one
/// by chance would only leave a hard link out too, whose target is in no layer.
/// </summary>
sealed class LeftOutFiles
{
    readonly HashSet<long> hashes = [];

    public void Add(LayerDirectory directory, string name) => hashes.Add(Hash(directory, name));

    public bool Contains(LayerDirectory directory, string name) => hashes.Contains(Hash(directory, name));

    /// <summary>FNV-1a over the path's characters, from the last name to the first (draft-eastlake-fnv, section 2).</summary>
    static long Hash(LayerDirectory directory, string name)
    {
        ulong hash = 0xCBF29CE484222325;
        for (LayerDirectory? at = directory; at is not null; at = at.Parent)
        {
            foreach (char c in name)
                hash = (hash ^ c) * 0x100000001B3;
            hash = (hash ^ '/') * 0x100000001B3;
            name = at.Name;
        }

        return (long)hash;
    }
}
