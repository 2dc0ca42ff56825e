namespace Decant.Elf;

/// <summary>musl's rules (ldso/dynlink.c, load_library and what it calls).</summary>
sealed class MuslSearch(LoadedProcess process) : LibrarySearch(process)
{
    /// <summary>libc's parts, all of which are the loader.</summary>
    static readonly string[] Reserved = ["libc.", "libpthread.", "librt.", "libm.", "libdl.", "libutil.", "libxnet."];

    readonly Dictionary<string, LoadedObject> byShortName = new(StringComparer.Ordinal);
    readonly Dictionary<FileIdentity, LoadedObject> byFile = [];

    protected override void Begin()
    {
    }

    protected override void BindInterpreter(string path)
    {
        Process.Interpreter = TryLoad(path, Program, out string? problem);
        Record(new LibraryLookup(path, Program, BindingRule.Interpreter) { Object = Process.Interpreter, Problem = problem });
    }

    protected override IEnumerable<string> Preloads() => (Settings.Preload ?? "").Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries);

    protected override LibraryLookup LookUp(string name, LoadedObject requestedBy)
    {
        if (name == Settings.Interpreter || Array.Exists(Reserved, part => name.StartsWith(part, StringComparison.Ordinal)))
        {
            Process.Interpreter ??= TryLoad(Settings.Interpreter ?? "", Program, out _);
            return new LibraryLookup(name, requestedBy, BindingRule.LoaderItself) { Object = Process.Interpreter, Problem = Process.Interpreter is null ? "the loader is missing" : null };
        }

        if (name.Contains('/'))
            return Found(name, requestedBy, BindingRule.PathName, null, name[0] == '/' ? name : $"{Settings.WorkingDirectory.TrimEnd('/')}/{name}");
        if (byShortName.TryGetValue(name, out LoadedObject? known))
            return new LibraryLookup(name, requestedBy, BindingRule.AlreadyLoaded) { Object = known };

        foreach (SearchedPlace place in Places(requestedBy))
        {
            foreach (string directory in place.Directories)
            {
                string path = $"{directory}/{name}";
                LibraryLookup lookup = Found(name, requestedBy, place.Rule, place.Source, path);
                if (lookup.Object is not null || lookup.Rule != BindingRule.Missing)
                    return lookup;
            }
        }

        return new LibraryLookup(name, requestedBy, BindingRule.Missing) { Problem = "found in no directory that the loader searches", Searched = [.. Places(requestedBy)] };
    }

    /// <summary>The first file of the name is taken, whatever it is; only where there is none, the search goes on.</summary>
    LibraryLookup Found(string name, LoadedObject requestedBy, BindingRule rule, LoadedObject? source, string path)
    {
        LoaderFile? file;
        try
        {
            file = Process.Files.Find(path);
        }
        catch (ElfFormatException e)
        {
            return new LibraryLookup(name, requestedBy, rule) { Problem = e.Message };
        }

        if (file is null)
            return new LibraryLookup(name, requestedBy, BindingRule.Missing) { Problem = "there is no such file" };
        if (byFile.TryGetValue(file.Identity, out LoadedObject? known))
        {
            if (rule != BindingRule.PathName)
                byShortName.TryAdd(name, known);
            return new LibraryLookup(name, requestedBy, BindingRule.AlreadyLoaded) { Object = known };
        }

        LoadedObject? loaded = TryLoad(path, requestedBy, out string? problem);
        if (loaded is not null && rule != BindingRule.PathName)
            byShortName.TryAdd(name, loaded);
        return new LibraryLookup(name, requestedBy, rule) { Object = loaded, Problem = problem, Source = source };
    }

    LoadedObject? TryLoad(string path, LoadedObject requestedBy, out string? problem)
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
                byFile.Add(file.Identity, loaded = new LoadedObject(path, file, requestedBy));
            return loaded;
        }
        catch (ElfFormatException e)
        {
            problem = e.Message;
            return null;
        }
    }

    IEnumerable<SearchedPlace> Places(LoadedObject requestedBy)
    {
        if (!string.IsNullOrEmpty(Settings.LibraryPath))
            yield return new SearchedPlace(BindingRule.LibraryPath, null, Directories(Settings.LibraryPath));
        // RUNPATH, else RPATH: both are inherited.
        for (LoadedObject? holder = requestedBy; holder is not null; holder = holder.Loader)
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
