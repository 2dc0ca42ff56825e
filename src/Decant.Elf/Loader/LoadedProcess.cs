namespace Decant.Elf;

/// <summary>A program, or a library by itself, with all that its loader binds to it before the first instruction of its own.</summary>
public sealed class LoadedProcess
{
    internal LoadedProcess(LoaderSettings settings, LoadedObject program, LoaderFiles files)
    {
        Settings = settings;
        Program = program;
        Files = files;
    }

    public LoaderSettings Settings { get; }

    public LoadedObject Program { get; }

    /// <summary>The loader; null for a static program, and where it is missing.</summary>
    public LoadedObject? Interpreter { get; internal set; }

    /// <summary>The program, what is preloaded, then everything that is needed, breadth first: the order in which symbols are searched.</summary>
    public IReadOnlyList<LoadedObject> Objects => Scope;

    /// <summary>Each name once, where it was first looked up: the interpreter's, those to preload, then in the order of loading.</summary>
    public IReadOnlyList<LibraryLookup> Lookups => Recorded;

    /// <summary>The names that keep the program from starting.</summary>
    public IEnumerable<LibraryLookup> Missing
    {
        get
        {
            foreach (LibraryLookup lookup in Recorded)
            {
                if (lookup.Object is null && !lookup.IsOptional)
                    yield return lookup;
            }
        }
    }

    /// <summary>What the program has opened while it runs; null for what is there at its start.</summary>
    public LoadedObject? Opened { get; internal set; }

    /// <summary>The first of <see cref="Objects"/> that came with <see cref="Opened"/>; 0 where that is nothing.</summary>
    internal int FirstOpened { get; set; }

    internal LoaderFiles Files { get; }

    internal List<LoadedObject> Scope { get; } = [];

    internal List<LibraryLookup> Recorded { get; } = [];
}
