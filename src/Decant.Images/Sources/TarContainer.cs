using Decant.Linux;

namespace Decant.Images;

/// <summary>Files in a tar archive, found by one pass over its headers and read in place.</summary>
sealed class TarContainer : FileContainer
{
    /// <summary>Links that lead to links, at most; the kernel's own limit.</summary>
    const int MaximumLinks = 40;

    /// <summary>Bytes of an entry's own header; its content follows.</summary>
    const int HeaderLength = 512;

    /// <summary>An archive of images has a few files for each layer; all their names are held in memory.</summary>
    const int MaximumFiles = 100_000;

    readonly string path;
    readonly SectionStream archive;
    readonly Dictionary<string, ArchivedFile> entries = [];

    TarContainer(string path, SectionStream archive, ImageLimits limits)
        : base(limits)
    {
        this.path = path;
        this.archive = archive;
        archive.Position = 0;
        TarReader reader = new(archive, path, limits with { Entries = Math.Min(limits.Entries, MaximumFiles), Name = Math.Min(limits.Name, 4096) });
        // Of several entries with one name the last counts, as in every tar.
        while (reader.Next() is TarEntry entry)
            entries[Normal(entry.Name)] = new ArchivedFile(entry.Type, entry.LinkName, entry.Size, entry.Sparse is not null, entry.HeaderOffset, entry.Number);
    }

    /// <summary>Takes over the archive, which is plain; the path is for messages.</summary>
    public static TarContainer Over(string path, SectionStream archive, ImageLimits limits)
    {
        try
        {
            return new TarContainer(path, archive, limits);
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    /// <summary>The scratch directory takes a copy where the archive is packed or comes through a pipe.</summary>
    public static TarContainer Open(string path, string scratch, ImageLimits limits) => Over(path, ArchiveFile.OpenUnpacked(path, scratch, limits), limits);

    public override Stream? TryOpen(string name)
    {
        if (Find(name) is not { } entry)
            return null;
        if (entry.Type != TarEntryType.Regular || entry.IsSparse)
            throw new DecantException($"{Describe(name)}: not a plain file");
        return archive.Slice(entry.HeaderOffset + HeaderLength, entry.Size);
    }

    public override string Describe(string name) => Find(name) is { } entry
        ? $"{PathBytes.Printable(path)}: {PathBytes.Printable(name)} (entry {entry.Number}, at byte {entry.HeaderOffset})"
        : $"{PathBytes.Printable(path)}: {PathBytes.Printable(name)}";

    public override void Dispose() => archive.Dispose();

    /// <summary>The entry behind links: old versions of docker save link a layer that two images share.</summary>
    ArchivedFile? Find(string name)
    {
        string at = Normal(name);
        for (int links = 0; links <= MaximumLinks; links++)
        {
            if (!entries.TryGetValue(at, out ArchivedFile entry))
                return null;
            if (entry.Type == TarEntryType.HardLink)
                at = Normal(entry.LinkName);
            else if (entry.Type == TarEntryType.SymbolicLink)
                at = Normal($"{at}/../{entry.LinkName}");
            else
                return entry;
        }

        throw new DecantException($"{PathBytes.Printable(path)}: {PathBytes.Printable(name)} is a link that leads nowhere");
    }

    /// <summary>Without ".", ".." and doubled or leading slashes; nothing leads out of the archive.</summary>
    static string Normal(string name)
    {
        List<string> parts = [];
        foreach (string part in name.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
                parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
            else if (part != ".")
                parts.Add(part);
        }

        return string.Join('/', parts);
    }

    /// <summary>What is kept of an entry: not its attributes, which can be as large as the archive.</summary>
    readonly record struct ArchivedFile(TarEntryType Type, string LinkName, long Size, bool IsSparse, long HeaderOffset, long Number);
}
