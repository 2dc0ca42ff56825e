namespace Decant.Elf;

/// <summary>A program or library in a process, by the path under which the loader found it.</summary>
public sealed class LoadedObject
{
    internal LoadedObject(string path, LoaderFile file, LoadedObject? loader)
    {
        Path = path;
        File = file;
        Loader = loader;
    }

    public string Path { get; }

    public LoaderFile File { get; }

    public ElfFile Elf => File.Elf!;

    /// <summary>The object that asked for it first; null for the program.</summary>
    public LoadedObject? Loader { get; }

    /// <summary>Where its names went, in their order.</summary>
    public IReadOnlyList<LibraryLookup> Lookups => Recorded;

    internal List<LibraryLookup> Recorded { get; } = [];

    /// <summary>$ORIGIN: the directory of the path under which the object was found.</summary>
    internal string Origin => Path.LastIndexOf('/') is > 0 and int slash ? Path[..slash] : "/";
}
