namespace Decant.Elf;

/// <summary>Loads one process: what both loaders have in common.</summary>
abstract class LibrarySearch(LoadedProcess process)
{
    readonly HashSet<LoadedObject> done = [];

    protected LoadedProcess Process { get; } = process;

    protected LoaderSettings Settings => Process.Settings;

    protected LoadedObject Program => Process.Program;

    public void Run()
    {
        Process.Scope.Add(Program);
        Begin();
        if (Program.Elf.Interpreter is string interpreter)
            BindInterpreter(interpreter);
        foreach (string name in Preloads())
        {
            LibraryLookup lookup = LookUpPreload(name) with { IsOptional = true };
            // Whatever found it, it is there because it is preloaded.
            Record(lookup.Object is null ? lookup : lookup with { Rule = BindingRule.Preload });
            if (lookup.Object is { } loaded && !Process.Scope.Contains(loaded))
                Process.Scope.Add(loaded);
        }

        LoadRest(0);
    }

    /// <summary>After <see cref="Run"/>: what the program opens. Lookups begin anew.</summary>
    public void Open(string path)
    {
        LoaderFile file = Process.Files.Find(path) ?? throw new ElfFormatException(path, 0, "the file is not there or not readable");
        if (file.Elf is null)
            throw file.Damage!;
        Process.Recorded.Clear();
        LibraryLookup lookup = LookUp(path, Program);
        Process.Opened = lookup.Object ?? throw new ElfFormatException(path, 0, lookup.Problem ?? "it cannot be loaded");
        Process.FirstOpened = Process.Scope.Count;
        // Where the program has it already, that is all.
        if (!Process.Scope.Contains(Process.Opened))
            Process.Scope.Add(Process.Opened);
        LoadRest(Process.FirstOpened);
    }

    /// <summary>After <see cref="Run"/> or <see cref="Open"/>: where dlopen(3) of a name, called by one of the objects, begins.</summary>
    public LibraryLookup Find(string name, LoadedObject caller) => LookUp(name, caller);

    void LoadRest(int first)
    {
        // A filter puts what it names before itself: then that comes next.
        for (int i = first; i < Process.Scope.Count;)
        {
            if (done.Add(Process.Scope[i]))
                LoadNeeds(Process.Scope[i], i);
            if (done.Contains(Process.Scope[i]))
                i++;
        }
    }

    /// <summary>Before anything is looked up.</summary>
    protected abstract void Begin();

    protected abstract void BindInterpreter(string path);

    protected abstract IEnumerable<string> Preloads();

    protected virtual LibraryLookup LookUpPreload(string name) => LookUp(name, Program);

    /// <summary>Never throws for what a file holds: that is the lookup's problem.</summary>
    protected abstract LibraryLookup LookUp(string name, LoadedObject requestedBy);

    protected void Record(LibraryLookup lookup)
    {
        lookup.RequestedBy.Recorded.Add(lookup);
        if (lookup.Rule != BindingRule.AlreadyLoaded || !Process.Recorded.Exists(earlier => earlier.Name == lookup.Name))
            Process.Recorded.Add(lookup);
    }

    void LoadNeeds(LoadedObject loaded, int at)
    {
        foreach ((ElfDependencyKind kind, string name) in loaded.Elf.Dependencies)
        {
            if (kind != ElfDependencyKind.Needed && Settings.Kind == LoaderKind.Musl)
                continue;
            LibraryLookup lookup = LookUp(name, loaded);
            Record(kind == ElfDependencyKind.Auxiliary ? lookup with { IsOptional = true } : lookup);
            if (lookup.Object is not { } found)
                continue;
            int known = Process.Scope.IndexOf(found);
            if (kind == ElfDependencyKind.Needed)
            {
                if (known < 0)
                    Process.Scope.Add(found);
            }
            else if (known < 0 || known > at)
            {
                if (known > at)
                    Process.Scope.RemoveAt(known);
                Process.Scope.Insert(at++, found);
            }
        }
    }
}
