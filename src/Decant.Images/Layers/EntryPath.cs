using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// A name from an archive as names from the root: "." and empty parts dropped, ".." taking the part before it away and
/// never leaving the root, a leading slash meaning nothing.
/// </summary>
readonly ref struct EntryPath
{
    const string WhiteoutPrefix = ".wh.";
    const string AufsPrefix = ".wh..wh.";
    const string OpaqueMark = ".wh..wh..opq";

    readonly string[] names;

    public EntryPath(string name)
    {
        List<string> parts = [];
        foreach (string part in name.Split('/'))
        {
            if (part == "..")
                parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
            else if (part is not "" and not ".")
                parts.Add(part);
        }

        names = [.. parts];
    }

    public bool IsRoot => names.Length == 0;

    public ReadOnlySpan<string> Parent => names.AsSpan(0, names.Length - 1);

    public string Last => names[^1];

    /// <summary>Everything below the directory that holds this path is of this layer only (OCI image-spec, layer.md).</summary>
    public bool IsOpaqueMark => Last == OpaqueMark;

    /// <summary>Bookkeeping of aufs, in the archive by mistake, or a part of it.</summary>
    public bool IsAufs
    {
        get
        {
            foreach (string name in Parent)
            {
                if (name.StartsWith(AufsPrefix, StringComparison.Ordinal))
                    return true;
            }

            return Last.StartsWith(AufsPrefix, StringComparison.Ordinal) && !IsOpaqueMark;
        }
    }

    /// <summary>The name that a whiteout removes from the layers below; null where this is no whiteout.</summary>
    /// <exception cref="DecantException">The whiteout is of no name that a directory can hold.</exception>
    public string? WhiteoutOf
    {
        get
        {
            if (!Last.StartsWith(WhiteoutPrefix, StringComparison.Ordinal))
                return null;
            string of = Last[WhiteoutPrefix.Length..];
            return of is not "" and not "." and not ".." ? of : throw new DecantException("this whiteout removes no name");
        }
    }
}
