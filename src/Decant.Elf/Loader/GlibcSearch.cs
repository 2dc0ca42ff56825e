namespace Decant.Elf;

/// <summary>glibc's rules (elf/dl-load.c, _dl_map_object and what it calls).</summary>
sealed class GlibcSearch(LoadedProcess process) : LibrarySearch(process)
{
    const int MostPreloadBytes = 64 << 10;

    readonly Dictionary<string, LoadedObject> byName = new(StringComparer.Ordinal);
    readonly Dictionary<FileIdentity, LoadedObject> byFile = [];
    readonly List<string> subdirectories = process.Settings.Subdirectories();

    protected override void Begin()
    {
        Add(Program, null);
        // Whoever opens a library has the loader already.
        if (Program.Elf.Interpreter is null && Settings.Interpreter is string path && Program.Elf.IsDynamic && Try(path).File is { } loader)
            Process.Interpreter = Add(new LoadedObject(path, loader, Program), path);
    }

    protected override void BindInterpreter(string path)
    {
        Candidate found = Try(path);
        Process.Interpreter = found.File is null ? null : Add(new LoadedObject(path, found.File, Program), path);
        Record(new LibraryLookup(path, Program, BindingRule.Interpreter)
        {
            Object = Process.Interpreter,
            Problem = Process.Interpreter is null ? found.Problem ?? "there is no such file" : null,
        });
    }

    protected override IEnumerable<string> Preloads()
    {
        foreach (string name in (Settings.Preload ?? "").Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries))
            yield return name;
        if (Process.Files.Read("/etc/ld.so.preload", MostPreloadBytes) is not byte[] file)
            yield break;
        foreach (string line in ElfBytes.Decode(file).Split('\n'))
        {
            foreach (string name in line.Split('#')[0].Split([':', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
                yield return name;
        }
    }

    protected override LibraryLookup LookUp(string name, LoadedObject requestedBy)
    {
        string? expanded = SearchPath.Expand(name, requestedBy.Origin, Settings);
        if (expanded is null)
            return new LibraryLookup(name, requestedBy, BindingRule.Missing) { Problem = "it has a token without a value" };
        if (byName.TryGetValue(expanded, out LoadedObject? known))
            return new LibraryLookup(name, requestedBy, BindingRule.AlreadyLoaded) { Object = known };

        List<string> passedOver = [];
        bool isPath = expanded.Contains('/');
        Candidate found = isPath ? Try(Absolute(expanded), passedOver) with { Rule = BindingRule.PathName } : Search(expanded, requestedBy, passedOver);
        if (found.File is null)
        {
            string absent = !isPath ? "found in no directory that the loader searches" : passedOver.Count > 0 ? "it is for another machine" : "there is no such file";
            return new LibraryLookup(name, requestedBy, found.Problem is null ? BindingRule.Missing : found.Rule)
            {
                Unfit = found.Problem is null ? null : found.Path,
                Problem = found.Problem ?? absent,
                PassedOver = passedOver,
                Searched = isPath ? [] : Places(requestedBy),
            };
        }

        bool isNew = !byFile.TryGetValue(found.File.Identity, out LoadedObject? loaded);
        loaded ??= new LoadedObject(found.Path, found.File, requestedBy);
        Add(loaded, expanded);
        return new LibraryLookup(name, requestedBy, isNew ? found.Rule : BindingRule.AlreadyLoaded) { Object = loaded, Source = found.Source, PassedOver = passedOver };
    }

    /// <summary>Every name by which an object can be asked for again; the first that has one keeps it.</summary>
    LoadedObject Add(LoadedObject loaded, string? name)
    {
        byFile.TryAdd(loaded.File.Identity, loaded);
        byName.TryAdd(loaded.Path, loaded);
        if (name is not null)
            byName.TryAdd(name, loaded);
        if (loaded.Elf.Soname is string soname)
            byName.TryAdd(soname, loaded);
        return loaded;
    }

    Candidate Search(string name, LoadedObject loader, List<string> passedOver)
    {
        foreach ((BindingRule rule, LoadedObject? source, IEnumerable<string> directories) in DirectoriesBeforeCache(loader))
        {
            if (In(directories, name, passedOver) is Candidate found)
                return found with { Rule = rule, Source = source };
        }

        bool system = !loader.Elf.Flags1.HasFlag(ElfFlags1.NoDefaultLibraries);
        if (FromCache(name, system, passedOver) is Candidate cached)
            return cached with { Rule = BindingRule.Cache };
        return system && In(Settings.SystemDirectories, name, passedOver) is Candidate inSystem ? inSystem with { Rule = BindingRule.SystemDirectory } : default;
    }

    IEnumerable<(BindingRule Rule, LoadedObject? Source, IEnumerable<string> Directories)> DirectoriesBeforeCache(LoadedObject loader)
    {
        // RPATH counts only without a RUNPATH beside it, and is inherited: from the object to its loader, and so on to the program.
        if (loader.Elf.Runpath is null)
        {
            bool programSeen = false;
            for (LoadedObject? holder = loader; holder is not null; holder = holder.Loader)
            {
                programSeen |= holder == Program;
                if (Rpath(holder) is { } directories)
                    yield return (BindingRule.Rpath, holder, directories);
            }

            if (!programSeen && Rpath(Program) is { } ofProgram)
                yield return (BindingRule.Rpath, Program, ofProgram);
        }

        if (!string.IsNullOrEmpty(Settings.LibraryPath))
            yield return (BindingRule.LibraryPath, null, SearchPath.Split(Settings.LibraryPath, semicolons: true, Program.Origin, Settings));
        if (!string.IsNullOrEmpty(loader.Elf.Runpath))
            yield return (BindingRule.Runpath, loader, SearchPath.Split(loader.Elf.Runpath, semicolons: false, loader.Origin, Settings));
    }

    IEnumerable<string>? Rpath(LoadedObject holder) => holder.Elf.Runpath is null && !string.IsNullOrEmpty(holder.Elf.Rpath)
        ? SearchPath.Split(holder.Elf.Rpath, semicolons: false, holder.Origin, Settings)
        : null;

    /// <summary>For the message about a missing name.</summary>
    List<SearchedPlace> Places(LoadedObject loader)
    {
        List<SearchedPlace> places = [];
        foreach ((BindingRule rule, LoadedObject? source, IEnumerable<string> directories) in DirectoriesBeforeCache(loader))
            places.Add(new SearchedPlace(rule, source, [.. directories]));
        if (Settings.Cache is not null)
            places.Add(new SearchedPlace(BindingRule.Cache, null, [Settings.CachePath]));
        if (!loader.Elf.Flags1.HasFlag(ElfFlags1.NoDefaultLibraries))
            places.Add(new SearchedPlace(BindingRule.SystemDirectory, null, Settings.SystemDirectories));
        return places;
    }

    Candidate? In(IEnumerable<string> directories, string name, List<string> passedOver)
    {
        foreach (string directory in directories)
        {
            foreach (string subdirectory in subdirectories)
            {
                if (Try($"{directory}/{subdirectory}/{name}", passedOver) is { IsEnd: true } better)
                    return better;
            }

            if (Try($"{directory}/{name}", passedOver) is { IsEnd: true } plain)
                return plain;
        }

        return null;
    }

    Candidate? FromCache(string name, bool system, List<string> passedOver)
    {
        if (LdSoCache.FlagsFor(Program.Elf) is not uint flags || Settings.Cache?.Find(name, flags, Settings.Cpu.Hwcaps, Settings.LegacyBits) is not string path)
            return null;
        if (!system && Settings.SystemDirectories.Any(directory => path.StartsWith(directory + "/", StringComparison.Ordinal)))
            return null;
        return Try(path, passedOver) is { IsEnd: true } found ? found : null;
    }

    string Absolute(string path) => path[0] == '/' ? path : $"{Settings.WorkingDirectory.TrimEnd('/')}/{path}";

    /// <summary>An absent file and one for another machine or class are passed over; a file that is no ELF file ends the search (open_verify).</summary>
    Candidate Try(string path, List<string>? passedOver = null)
    {
        try
        {
            if (Process.Files.Find(path) is not { } file)
                return default;
            if (file.Elf is not { } elf)
                return new Candidate(path, null, file.Damage!.Message);
            if (elf.Class == Program.Elf.Class && elf.ByteOrder != Program.Elf.ByteOrder)
                return new Candidate(path, null, $"{path}: its byte order is another");
            if (!elf.Matches(Program.Elf))
            {
                passedOver?.Add(path);
                return default;
            }

            return new Candidate(path, file, Unfit(path, elf));
        }
        catch (ElfFormatException e)
        {
            return new Candidate(path, null, e.Message);
        }
    }

    static string? Unfit(string path, ElfFile elf)
    {
        if (elf.Type is not (ElfType.SharedObject or ElfType.Executable))
            return $"{path} is neither a library nor a program";
        if (elf.Type == ElfType.Executable)
            return $"{path} is a program that cannot be loaded as a library";
        if (elf.Flags1.HasFlag(ElfFlags1.PositionIndependentExecutable))
            return $"{path} is a program that cannot be loaded as a library";
        return elf.IsDynamic ? null : $"{path} has no dynamic segment";
    }

    /// <param name="Path">Where something was found.</param>
    /// <param name="Problem">Why it will not do.</param>
    readonly record struct Candidate(string Path, LoaderFile? Found, string? Problem)
    {
        public BindingRule Rule { get; init; }

        public LoadedObject? Source { get; init; }

        /// <summary>What was found if it will do.</summary>
        public LoaderFile? File => Problem is null ? Found : null;

        /// <summary>The search ends here, well or not.</summary>
        public bool IsEnd => Found is not null || Problem is not null;
    }
}
