namespace Decant.Elf;

/// <summary>musl's rules (ldso/dynlink.c, load_library and what it calls).</summary>
sealed class MuslSearch(LoadedProcess process) : LibrarySearch(process)
{
    /// <summary>libc's parts, all of which are the loader.</summary>
    static readonly string[] Reserved = ["libc.", "libpthread.", "librt.", "libm.", "libdl.", "libutil.", "libxnet."];

    readonly Dictionary<string, LoadedObject> byShortName = new(StringComparer.Ordinal);
    readonly HashSet<LoadedObject> haveShortName = [];
    readonly Dictionary<FileIdentity, LoadedObject> byFile = [];

    protected override void Begin()
    {
    }

    protected override void BindInterpreter(string path)
    {
        Process.Interpreter = TryLoad(path, Program, out string? problem);
        Record(new LibraryLookup(path, Program, BindingRule.Interpreter) { Object = Process.Interpreter, Problem = problem });
    }

    protected override IEnumerable<string> Preloads() => (Settings.Preload ?? "").Split([' ', ':', '\t', '\n', '\v', '\f', '\r'], StringSplitOptions.RemoveEmptyEntries);

    protected override LibraryLookup LookUp(string name, LoadedObject requestedBy) => LookUp(name, requestedBy, requestedBy);

    /// <summary>Nobody asks for it: the program's own path does not count.</summary>
    protected override LibraryLookup LookUpPreload(string name) => LookUp(name, Program, null);

    /// <param name="heir">Whose paths are searched, and those of the objects that asked for it.</param>
    LibraryLookup LookUp(string name, LoadedObject requestedBy, LoadedObject? heir)
    {
        if (name == Settings.Interpreter || Array.Exists(Reserved, part => name.StartsWith(part, StringComparison.Ordinal)))
        {
            Process.Interpreter ??= TryLoad(Settings.Interpreter ?? "", Program, out _);
            return new LibraryLookup(name, requestedBy, BindingRule.LoaderItself) { Object = Process.Interpreter, Problem = Process.Interpreter is null ? "the loader is missing" : null };
        }

        if (name.Contains('/'))
            return Found(name, requestedBy, heir, BindingRule.PathName, null, name[0] == '/' ? name : $"{Settings.WorkingDirectory.TrimEnd('/')}/{name}");
        if (byShortName.TryGetValue(name, out LoadedObject? known))
            return new LibraryLookup(name, requestedBy, BindingRule.AlreadyLoaded) { Object = known };

        foreach (SearchedPlace place in Places(heir))
        {
            foreach (string directory in place.Directories)
            {
                string path = $"{directory}/{name}";
                LibraryLookup lookup = Found(name, requestedBy, heir, place.Rule, place.Source, path);
                if (lookup.Object is not null || lookup.Rule != BindingRule.Missing)
                    return lookup;
            }
        }

        return new LibraryLookup(name, requestedBy, BindingRule.Missing) { Problem = "found in no directory that the loader searches", Searched = [.. Places(heir)] };
    }

    /// <summary>The first file of the name is taken, whatever it is; only where there is none, the search goes on.</summary>
    LibraryLookup Found(string name, LoadedObject requestedBy, LoadedObject? heir, BindingRule rule, LoadedObject? source, string path)
    {
        LoaderFile? file;
        try
        {
            file = Process.Files.Find(path);
        }
        catch (ElfFormatException e)
        {
            return new LibraryLookup(name, requestedBy, rule) { Problem = e.Message, Unfit = path };
        }

        if (file is null)
            return new LibraryLookup(name, requestedBy, BindingRule.Missing) { Problem = "there is no such file" };
        if (byFile.TryGetValue(file.Identity, out LoadedObject? known))
        {
            if (rule != BindingRule.PathName)
                AddShortName(known);
            return new LibraryLookup(name, requestedBy, BindingRule.AlreadyLoaded) { Object = known };
        }

        LoadedObject? loaded = TryLoad(path, heir, out string? problem);
        // Another libc, by whatever name, is never loaded beside this one.
        if (loaded is not null && loaded.File.ExportsToMusl("__libc_start_main") && loaded.File.ExportsToMusl("stdin"))
        {
            byFile.Remove(file.Identity);
            return LookUp("libc.so", requestedBy) with { Name = name };
        }

        if (loaded is not null && rule != BindingRule.PathName)
            AddShortName(loaded);
        return new LibraryLookup(name, requestedBy, rule) { Object = loaded, Problem = problem, Unfit = loaded is null ? path : null, Source = source };
    }

    /// <summary>The last part of its path, once a search has come to it: the first such name is the only one.</summary>
    void AddShortName(LoadedObject loaded)
    {
        if (haveShortName.Add(loaded))
            byShortName.TryAdd(loaded.Path[(loaded.Path.LastIndexOf('/') + 1)..], loaded);
    }

    LoadedObject? TryLoad(string path, LoadedObject? heir, out string? problem)
    {
        try
        {
            problem = "there is no such file";
            if (Process.Files.Find(path) is not { } file)
                return null;
            problem = file.Damage?.Message;
            if (file.Elf is not { } elf)
                return null;
            problem = elf.Matches(Program.Elf) && elf.IsDynamic ? null : $"{path} is no library for this machine";
            if (problem is not null)
                return null;
            if (!byFile.TryGetValue(file.Identity, out LoadedObject? loaded))
                byFile.Add(file.Identity, loaded = new LoadedObject(path, file, heir));
            return loaded;
        }
        catch (ElfFormatException e)
        {
            problem = e.Message;
            return null;
        }
    }

    IEnumerable<SearchedPlace> Places(LoadedObject? heir)
    {
        if (!string.IsNullOrEmpty(Settings.LibraryPath))
            yield return new SearchedPlace(BindingRule.LibraryPath, null, Directories(Settings.LibraryPath));
        // RUNPATH, else RPATH: both are inherited.
        for (LoadedObject? holder = heir; holder is not null; holder = holder.Loader)
        {
            if ((holder.Elf.Runpath ?? holder.Elf.Rpath) is string path && Expand(path, holder.Origin) is string expanded)
                yield return new SearchedPlace(holder.Elf.Runpath is null ? BindingRule.Rpath : BindingRule.Runpath, holder, Directories(expanded));
        }

        yield return new SearchedPlace(BindingRule.SystemDirectory, null, Settings.SystemDirectories);
    }

    string[] Directories(string path) =>
        Array.ConvertAll(path.Split([':', '\n'], StringSplitOptions.RemoveEmptyEntries), d => d[0] == '/' ? d.TrimEnd('/') : $"{Settings.WorkingDirectory.TrimEnd('/')}/{d}");

    /// <summary>$ORIGIN is the only token; any other makes the whole path go unread (fixup_rpath).</summary>
    static string? Expand(string path, string origin)
    {
        string expanded = path.Replace("${ORIGIN}", origin, StringComparison.Ordinal).Replace("$ORIGIN", origin, StringComparison.Ordinal);
        return path.Contains('$') && expanded.Contains('$') && !origin.Contains('$') ? null : expanded;
    }
}
