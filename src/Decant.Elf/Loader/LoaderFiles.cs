using System.Collections.Concurrent;

namespace Decant.Elf;

/// <summary>The files of a root as its loader finds them. Files are told apart by identity and read once; may be shared between threads.</summary>
public abstract class LoaderFiles
{
    readonly ConcurrentDictionary<FileIdentity, LoaderFile> known = new();

    /// <summary>The file behind a path, links followed; null where open(2) would say ENOENT, ENOTDIR or EACCES, after which a loader searches on.</summary>
    /// <param name="path">Absolute.</param>
    /// <exception cref="ElfFormatException">Something is there that cannot be opened as a file.</exception>
    public LoaderFile? Find(string path)
    {
        if (!TryIdentify(path, out FileIdentity identity))
            return null;
        return known.TryGetValue(identity, out LoaderFile? file) ? file : known.GetOrAdd(identity, new LoaderFile(path, identity, () => Open(path)));
    }

    /// <summary>The content of a file of at most so many bytes; null where it is absent, closed to the caller or larger, and for what is no file.</summary>
    public byte[]? Read(string path, int maxBytes)
    {
        try
        {
            if (!TryIdentify(path, out _))
                return null;
            using Stream content = Open(path);
            if (content.Length > maxBytes)
                return null;
            byte[] bytes = new byte[content.Length];
            content.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or ElfFormatException)
        {
            // A directory or a pipe; or it went away, or became shorter, between two looks at it.
            return null;
        }
    }

    /// <summary>The path with all links resolved, from which the kernel tells $ORIGIN of a program.</summary>
    public abstract string RealPath(string path);

    /// <summary>False where the path leads to no file that may be read.</summary>
    /// <exception cref="ElfFormatException">Something is there that cannot be opened as a file.</exception>
    protected abstract bool TryIdentify(string path, out FileIdentity identity);

    /// <summary>Can seek.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    protected abstract Stream Open(string path);
}
