namespace Decant.Elf;

/// <summary>
/// The libraries that glibc's loader binds for one program or library, breadth first, each with the rule that found it
/// (ld.so(8); elf/dl-load.c and elf/dl-deps.c of glibc).
/// </summary>
public sealed class LibraryClosure
{
    readonly LoaderSettings settings;
    readonly Func<string, byte[]?> read;
    readonly List<LoadedLibrary> libraries = [];
    readonly List<LoadedObject> objects = [];
    readonly Dictionary<string, LoadedObject?> byName = new(StringComparer.Ordinal);
    readonly LoadedObject program;

    LibraryClosure(LoadedObject program, LoaderSettings settings, Func<string, byte[]?> read)
    {
        this.program = program;
        this.settings = settings;
        this.read = read;
        Load();
    }

    public ElfFile Program => program.Elf;

    /// <summary>In the loader's order; the interpreter comes first.</summary>
    public IReadOnlyList<LoadedLibrary> Libraries => libraries;

    public IEnumerable<LoadedLibrary> Missing => libraries.Where(library => library.Path is null);

    /// <summary>A program: its own interpreter says how to search.</summary>
    /// <param name="path">The program's path with symbolic links resolved: $ORIGIN is its directory.</param>
    /// <param name="read">The bytes of a file, or null where it is absent or closed to the caller.</param>
    /// <exception cref="ElfFormatException">The program is not an ELF file. A broken library is no exception but a <see cref="LoadedLibrary.Problem"/>.</exception>
    public static LibraryClosure Of(string path, Func<string, byte[]?> read)
    {
        ElfFile elf = ReadProgram(path, read);
        return Of(path, elf, elf.Interpreter is null ? new LoaderSettings() : LoaderSettings.Of(elf.Interpreter, read), read);
    }

    /// <summary>A program, or a library that a program opens at run time, under given settings.</summary>
    public static LibraryClosure Of(string path, LoaderSettings settings, Func<string, byte[]?> read) =>
        Of(path, ReadProgram(path, read), settings, read);

    static LibraryClosure Of(string path, ElfFile elf, LoaderSettings settings, Func<string, byte[]?> read) =>
        new(new LoadedObject(path, elf, null), settings, read);

    static ElfFile ReadProgram(string path, Func<string, byte[]?> read) =>
        ElfFile.Parse(read(path) ?? throw new ElfFormatException(path, 0, "the file is not there or not readable"), path);

    void Load()
    {
        byName[program.Path] = program;
        if (program.Elf.Soname is string soname)
            byName[soname] = program;
        if (program.Elf.Interpreter is string interpreter)
            Bind(interpreter, program, BindingRule.Interpreter);

        objects.Insert(0, program);
        for (int i = 0; i < objects.Count; i++)
        {
            foreach (string name in objects[i].Elf.Needed)
            {
                if (!byName.ContainsKey(name))
                    Bind(name, objects[i], name.Contains('/') ? BindingRule.PathName : BindingRule.Missing);
            }
        }
    }

    void Bind(string name, LoadedObject loader, BindingRule given)
    {
        Candidate found = given == BindingRule.Missing
            ? Search(name, loader)
            : Try(SearchPath.Expand(name, loader.Origin, settings) ?? name, given, null);
        string? problem = found.Problem;
        if (found.Object is null)
            problem ??= given == BindingRule.Missing ? "found in no directory that the loader searches" : "there is no such file";
        libraries.Add(new LoadedLibrary(name, found.Object?.Path, found.Object is null ? BindingRule.Missing : found.Rule, loader.Path, found.Source, problem));
        byName[name] = found.Object;
        if (found.Object is not LoadedObject loaded)
            return;
        // One file under two names is one object; the first name and its loader stay.
        if (byName.TryGetValue(loaded.Path, out LoadedObject? known) && known is not null && loaded.Path != name)
        {
            byName[name] = known;
            libraries.RemoveAt(libraries.Count - 1);
            return;
        }

        LoadedObject added = loaded with { Loader = loader };
        byName[name] = byName[added.Path] = added;
        if (added.Elf.Soname is string soname)
            byName.TryAdd(soname, added);
        objects.Add(added);
    }

    Candidate Search(string name, LoadedObject loader)
    {
        // RPATH counts only without a RUNPATH beside it, and is inherited: from the object to its loader, and so on to the program.
        if (loader.Elf.Runpath is null)
        {
            bool programSeen = false;
            for (LoadedObject? holder = loader; holder is not null; holder = holder.Loader)
            {
                programSeen |= holder == program;
                if (holder.Elf.Runpath is null && SearchIn(holder.Elf.Rpath, name, BindingRule.Rpath, holder) is Candidate inRpath)
                    return inRpath;
            }

            if (!programSeen && program.Elf.Runpath is null && SearchIn(program.Elf.Rpath, name, BindingRule.Rpath, program) is Candidate inProgram)
                return inProgram;
        }

        if (SearchIn(settings.LibraryPath, name, BindingRule.LibraryPath, program) is Candidate inEnvironment)
            return inEnvironment;
        if (SearchIn(loader.Elf.Runpath, name, BindingRule.Runpath, loader) is Candidate inRunpath)
            return inRunpath;
        bool system = !loader.Elf.Flags1.HasFlag(ElfFlags1.NoDefaultLibraries);
        if (FromCache(name, system) is Candidate cached)
            return cached;
        return system && SearchDirectories(settings.SystemDirectories, name, BindingRule.SystemDirectory, null) is Candidate inSystem
            ? inSystem
            : new Candidate(null, BindingRule.Missing, null, null);
    }

    Candidate? SearchIn(string? path, string name, BindingRule rule, LoadedObject holder) =>
        string.IsNullOrEmpty(path)
            ? null
            : SearchDirectories(SearchPath.Split(path, rule == BindingRule.LibraryPath, holder.Origin, settings), name, rule, rule == BindingRule.LibraryPath ? null : holder.Path);

    Candidate? SearchDirectories(IEnumerable<string> directories, string name, BindingRule rule, string? source)
    {
        foreach (string directory in directories)
        {
            foreach (string level in settings.Hwcaps)
            {
                if (Take(Try($"{directory}/glibc-hwcaps/{level}/{name}", rule, source)) is Candidate better)
                    return better;
            }

            if (Take(Try($"{directory}/{name}", rule, source)) is Candidate plain)
                return plain;
        }

        return null;
    }

    Candidate? FromCache(string name, bool system)
    {
        if (LdSoCache.FlagsFor(program.Elf) is not uint flags || settings.Cache?.Find(name, flags, settings.Hwcaps) is not string path)
            return null;
        if (!system && settings.SystemDirectories.Any(directory => path.StartsWith(directory + "/", StringComparison.Ordinal)))
            return null;
        return Take(Try(path, BindingRule.Cache, null));
    }

    static Candidate? Take(Candidate candidate) => candidate.Object is not null || candidate.Problem is not null ? candidate : null;

    /// <summary>An absent file and one for another machine are passed over; a file that is no ELF file ends the loader's search.</summary>
    Candidate Try(string path, BindingRule rule, string? source)
    {
        if (byName.TryGetValue(path, out LoadedObject? known) && known is not null)
            return new Candidate(known, rule, source, null);
        if (read(path) is not byte[] bytes)
            return new Candidate(null, rule, source, null);
        try
        {
            ElfFile elf = ElfFile.Parse(bytes, path);
            return elf.Matches(program.Elf)
                ? new Candidate(new LoadedObject(path, elf, null), rule, source, null)
                : new Candidate(null, rule, source, null);
        }
        catch (ElfFormatException e)
        {
            return new Candidate(null, rule, source, e.Message);
        }
    }

    /// <param name="Loader">The object that asked for it first; null for the program.</param>
    sealed record LoadedObject(string Path, ElfFile Elf, LoadedObject? Loader)
    {
        /// <summary>$ORIGIN: the directory of the path under which the object was found.</summary>
        public string Origin => Path.LastIndexOf('/') is > 0 and int slash ? Path[..slash] : "/";
    }

    readonly record struct Candidate(LoadedObject? Object, BindingRule Rule, string? Source, string? Problem);
}
