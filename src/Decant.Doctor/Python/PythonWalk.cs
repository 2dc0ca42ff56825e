using System.Diagnostics;
using System.Text;
using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// Goes through what a program imports, in the order in which Python would, as far as it is imported under no condition; each module once.
/// </summary>
sealed class PythonWalk
{
    const int MostModules = 3000;
    const int MostNested = 400;
    static readonly TimeSpan MostTime = TimeSpan.FromSeconds(8);

    readonly PythonInterpreter interpreter;
    readonly PythonFiles files;
    readonly PythonModules modules;
    readonly PythonReports reports;
    readonly PythonShadows shadows;
    readonly PythonExtensions extensions;

    /// <summary>By their dotted names; null for what is not there, or not known.</summary>
    readonly Dictionary<string, PythonModule?> loaded = new(StringComparer.Ordinal);

    readonly Stopwatch time = Stopwatch.StartNew();
    /// <summary>All that was run, but for Python's own.</summary>
    readonly List<PythonSource> followed = [];

    readonly PythonNames names;
    int nested;
    /// <summary>Of the program's own imports behind the cut, those that no search finds.</summary>
    readonly List<string> unfound = [];

    /// <summary>The first import at which there was no time left, or too much had been loaded; null where all was followed.</summary>
    string? cutAt;

    public PythonWalk(LoadedCommand command, PythonInterpreter interpreter, PythonPath path)
    {
        this.interpreter = interpreter;
        files = command.Command.Root.Python;
        modules = new PythonModules(interpreter, path.Elements, files.BuiltIns.GetOrAdd(command.Process.Program.Path, _ => PythonBuiltIns.Of(command.Process)), files);
        shadows = new PythonShadows(interpreter, path, modules, files);
        reports = new PythonReports(command, interpreter, path, modules, shadows);
        extensions = new PythonExtensions(command, path);
        names = new PythonNames(command, interpreter, modules);
    }

    public IReadOnlyList<Finding> Run(string workingDirectory)
    {
        PythonInvocation invocation = interpreter.Invocation;
        switch (invocation.Task)
        {
            case PythonTask.Script:
                RunScript(PythonFiles.Absolute(invocation.Subject, workingDirectory));
                break;
            case PythonTask.Module:
                RunModule(invocation.Subject);
                break;
            case PythonTask.Source:
                Follow(PythonImports.Read(Encoding.UTF8.GetBytes(Dedented(invocation.Subject))), "<string>", "", null, isMain: true);
                break;
            default:
                break;
        }

        return [.. reports.Findings, .. shadows.Findings(), .. Rest()];
    }

    /// <summary>What was not followed: nothing is known of it, good or bad.</summary>
    IEnumerable<Finding> Rest()
    {
        if (cutAt is null)
            yield break;
        yield return new Finding
        {
            Id = "not-examined",
            Severity = FindingSeverity.Warning,
            Cause = $"the program imports more than is followed: what comes from {cutAt} on was not examined",
            Evidence = [.. unfound.Select(import => $"{import} is not found where Python looks; what was not examined may bring it")],
            Fix = unfound.Count > 0 ? "see whether it is installed" : "run it to see the rest",
        };
    }

    /// <summary>From 3.14 on what is given by -c may be indented as a whole; then nothing is said of how.</summary>
    string Dedented(string text) => interpreter.Minor >= 14 && text.Length > 0 && text.TrimStart('\n', '\r') is [' ' or '\t', ..] ? "" : text;

    /// <summary>The process with each extension module that could be opened, in their order.</summary>
    public IReadOnlyList<LoadedProcess> Opened => extensions.Opened;

    /// <summary>The directory of a package that the program has imported; null where it has not.</summary>
    public string? Package(string name) => loaded.GetValueOrDefault(name)?.Directories is [string directory, ..] ? directory : null;

    void RunScript(string script)
    {
        if (files.IsDirectory(script) && files.IsFile(script + "/__main__.py"))
            script += "/__main__.py";
        if (!files.IsDirectory(script) && files.IsClosed(script))
            reports.ScriptClosed(script);
        else if (files.IsFile(script))
            Follow(files.Archive(script) is null ? files.Source(script) : PythonSource.None, script, "", null, isMain: true);
        else
            reports.ScriptMissing(script, files.IsDirectory(script));
    }

    /// <summary>Lib/runpy.py: the parents are imported, then the module is run; of a package, its __main__.</summary>
    void RunModule(string name)
    {
        PythonCaller caller = new($"{interpreter.Executable} -m {name}", 0, name, null);
        int dot = name.LastIndexOf('.');
        PythonModule? parent = dot < 0 ? null : Import(name[..dot], caller);
        if (dot >= 0 && parent?.Directories is null)
            return;
        PythonModule? module = parent is null ? modules.Find(name) : modules.Find(parent, name[(dot + 1)..]);
        if (module is null)
        {
            reports.Missing(parent, name, name, caller);
            return;
        }

        if (module.Directories is not null)
        {
            if (module.Kind == PythonModuleKind.BuiltIn || Import(name, caller) is null)
                return;
            if (modules.Find(module, "__main__") is not { } main)
            {
                reports.NotExecutable(module, caller);
                return;
            }

            module = main;
        }

        if (module.Kind == PythonModuleKind.Source)
            Follow(files.Source(module.File), module.File, PackageOf(module), caller, isMain: true);
    }

    /// <param name="package">That relative imports start from; empty for a script.</param>
    void Follow(PythonSource source, string file, string package, PythonCaller? outer, bool isMain)
    {
        if (source.Fault is { } fault && interpreter.Minor >= PythonGrammar.OldestMinor)
            reports.Invalid(file, fault, outer);
        // What cannot be read can still run: it may be written for a later Python than is known here.
        if (source.IsDamaged || nested >= MostNested)
            return;
        nested++;
        bool isLibrary = !isMain && (LinuxPath.IsBelow(file, interpreter.StandardLibrary) && !file.Contains("-packages/", StringComparison.Ordinal));
        if (!isLibrary)
        {
            extensions.ArePreloaded |= source.ContainsAny("RTLD_GLOBAL", "setdlopenflags", "CDLL(", "LoadLibrary(");
            followed.Add(source);
            if (source.AliasesModules() || source.ContainsAny("meta_path", "path_hooks"))
                reports.AddHook(source);
        }

        int changes = isLibrary ? 0 : isMain && source.MayChangePathAt > 0 ? Earlier(source.ChangesPathAt, source.MayChangePathAt) : source.ChangesPathAt;
        foreach (PythonImport import in source.Imports)
        {
            if (import.Reach != PythonReach.Always && !(isMain && import.Reach == PythonReach.AsMain))
                continue;
            if (loaded.Count >= MostModules || time.Elapsed > MostTime)
            {
                cutAt ??= $"{PathBytes.Printable(file)}:{import.Line}";
                if (!isMain)
                    break;
                NoteUnfound(import, file);
                continue;
            }

            if (changes > 0 && import.Line >= changes)
                reports.PathChangedAt ??= $"{PathBytes.Printable(file)}:{changes}";
            Follow(import, file, package, outer);
        }

        if (changes > 0)
            reports.PathChangedAt ??= $"{PathBytes.Printable(file)}:{changes}";
        nested--;
    }

    void NoteUnfound(PythonImport import, string file)
    {
        string name = import.Module.Split('.')[0];
        if (import.Level == 0 && !loaded.ContainsKey(name) && modules.Find(name) is null)
            unfound.Add($"{PathBytes.Printable(file)}:{import.Line}: {PathBytes.Printable(name)}");
    }

    static int Earlier(int one, int other) => one == 0 ? other : Math.Min(one, other);

    void Follow(PythonImport import, string file, string package, PythonCaller? outer)
    {
        string name = import.Module;
        if (import.Level > 0)
        {
            if (package.Length == 0)
            {
                reports.RelativeInScript(new PythonCaller(file, import.Line, new string('.', import.Level) + name, outer));
                return;
            }

            if (Ancestor(package, import.Level - 1) is not { } start)
                return;
            name = name.Length == 0 ? start : $"{start}.{name}";
        }

        PythonCaller caller = new(file, import.Line, name, outer);
        if (Import(name, caller) is { } module && import.Names is { } names)
            ImportNames(module, names, caller);
    }

    static string? Ancestor(string package, int levels)
    {
        for (; levels > 0; levels--)
        {
            int dot = package.LastIndexOf('.');
            if (dot < 0)
                return null;
            package = package[..dot];
        }

        return package;
    }

    /// <summary>Imports a module and, before it, the packages that it is in; null where that failed, or nothing is known of it.</summary>
    PythonModule? Import(string name, PythonCaller caller)
    {
        PythonModule? module = null;
        for (int end = 0; end < name.Length;)
        {
            int dot = name.IndexOf('.', end + (end > 0 ? 1 : 0));
            int start = end == 0 ? 0 : end + 1;
            end = dot < 0 ? name.Length : dot;
            string full = name[..end];
            if (loaded.TryGetValue(full, out PythonModule? known))
            {
                if (known is null)
                    return null;
                module = known;
                continue;
            }

            if (module is null && (full == "__main__" || reports.IsReplaced(full)))
            {
                loaded[full] = null;
                return null;
            }

            PythonModule? found = module is null ? modules.Find(full) : modules.Find(module, name[start..end]);
            loaded[full] = found;
            if (found is null)
            {
                reports.Missing(module, full, name, caller);
                return null;
            }

            if (module is null)
                shadows.Note(found);
            Load(found, caller);
            module = found;
        }

        return module;
    }

    void Load(PythonModule module, PythonCaller caller)
    {
        if (module.Kind == PythonModuleKind.Source && files.IsClosed(module.File))
            reports.Closed(module, caller);
        else if (module.Kind == PythonModuleKind.Source)
            Follow(files.Source(module.File), module.File, PackageOf(module), caller, isMain: false);
        else if (module.Kind == PythonModuleKind.Extension)
            reports.Add(extensions.Open(module.File, caller));
    }

    static string PackageOf(PythonModule module) =>
        module.Directories is not null ? module.Name : module.Name.LastIndexOf('.') is > 0 and int dot ? module.Name[..dot] : "";

    /// <summary>Nothing of a package's own source but the import itself has the name.</summary>
    static bool HasOnlyAsked(PythonSource init, string name) =>
        init.Uses(name) <= 1 && !init.IsOpen && !init.Imports.Any(import => import.Names?.Contains("*") == true);

    /// <summary>Some source of the program that is none of Python's own sets an attribute of this name, of whatever.</summary>
    bool IsGiven(string name) => followed.Exists(source => source.Contains("." + name) || source.Quotes(name));

    /// <summary>_handle_fromlist() of importlib: what is no attribute of a package may be a submodule.</summary>
    void ImportNames(PythonModule module, IReadOnlyList<string> imported, PythonCaller caller)
    {
        foreach (string name in imported)
        {
            string full = $"{module.Name}.{name}";
            if (name == "*" || loaded.ContainsKey(full))
                continue;
            PythonSource? init = module.Kind == PythonModuleKind.Source ? files.Source(module.File) : null;
            bool isOwn = caller.File == module.File;
            if (module.Directories is null && shadows.NoteName(module, name, caller))
                continue;
            if (module.Directories is not null)
            {
                // Where the package's own source has the name, it is most likely an attribute, or imported there; it may be here.
                if (init is not null && (init.IsDamaged || (!isOwn && PythonTopLevel.MayBind(init, name))))
                    continue;
                if (modules.Find(module, name) is { } submodule)
                {
                    loaded[full] = submodule;
                    Load(submodule, caller with { Imports = full });
                    continue;
                }
            }

            if (module.Kind == PythonModuleKind.Namespace || ((isOwn ? HasOnlyAsked(init!, name) : !names.May(module, name)) && !IsGiven(name)))
                reports.NameMissing(module, names.Place(module), name, caller);
        }
    }
}
