using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Puts what an import would fail with into findings, in CPython's words (Lib/importlib/_bootstrap.py, Python/ceval.c, Lib/runpy.py).</summary>
sealed class PythonReports
{
    const int MostFindings = 20;
    const int MostElements = 12;

    readonly LoadedCommand command;
    readonly PythonInterpreter interpreter;
    readonly PythonPath path;
    readonly PythonModules modules;
    readonly PythonShadows shadows;
    readonly PythonRemedies remedies;
    readonly PythonFiles files;
    readonly List<Finding> findings = [];
    readonly List<PythonSource> hooks = [];

    public PythonReports(LoadedCommand command, PythonInterpreter interpreter, PythonPath path, PythonModules modules, PythonShadows shadows)
    {
        this.command = command;
        this.interpreter = interpreter;
        this.path = path;
        this.modules = modules;
        this.shadows = shadows;
        files = command.Command.Root.Python;
        remedies = new PythonRemedies(command, interpreter, path, modules);
    }

    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>Where the program has changed sys.path by itself; null while it has not. From then on nothing is sure to be missing.</summary>
    public string? PathChangedAt { get; set; }

    /// <summary>Source that may bring modules which no search would find.</summary>
    public void AddHook(PythonSource source) => hooks.Add(source);

    public void Add(IEnumerable<Finding> more)
    {
        foreach (Finding finding in more)
        {
            if (findings.Count < MostFindings)
                findings.Add(finding);
        }
    }

    public void ScriptMissing(string script, bool isDirectory) => Add([new Finding
    {
        Id = "python-script-missing",
        Severity = FindingSeverity.Error,
        Cause = isDirectory ? $"{PathBytes.Printable(script)} is a directory without a __main__.py"
            : DanglingLink.Find(command.Command.View, script) is { } link ? $"the script {PathBytes.Printable(script)} is not there: {link.Text}" : $"there is no script {PathBytes.Printable(script)} in the image",
        Message = isDirectory ? $"can't find '__main__' module in '{PathBytes.Printable(script)}'" : $"can't open file '{PathBytes.Printable(script)}': [Errno 2] No such file or directory",
        Evidence = [$"the command runs {PathBytes.Printable(interpreter.Invocation.Subject)} in {PathBytes.Printable(command.Command.WorkingDirectory)}"],
        Fix = "give its absolute path, or the directory that it is in as working directory",
    }]);

    /// <summary>The script is there, and may not be read.</summary>
    public void ScriptClosed(string script)
    {
        string printable = PathBytes.Printable(script);
        if (PermissionFindings.Unreadable(command.Command, script, $"the script {printable}", "script-unreadable", $"can't open file '{printable}': [Errno 13] Permission denied") is { } closed)
            Add([closed]);
    }

    /// <summary>A module is found, and its source may not be read. Where Python has compiled it before, it may do without.</summary>
    public void Closed(PythonModule module, PythonCaller caller)
    {
        string printable = PathBytes.Printable(module.File);
        string cache = LinuxPath.Join(LinuxPath.Parent(module.File), "__pycache__");
        string start = LinuxPath.Name(module.File)[..^".py".Length] + ".cpython-";
        if (PythonInterpreter.Value(command.Command, "PYTHONPYCACHEPREFIX") is not null || (files.Names(cache) ?? []).Any(name => name.StartsWith(start, StringComparison.Ordinal)))
            return;
        if (PermissionFindings.Unreadable(command.Command, module.File, $"{caller.Place} imports {PathBytes.Printable(module.Name)}, and {printable}", "python-module-unreadable", $"PermissionError: [Errno 13] Permission denied: '{printable}'") is { } closed)
            Add([closed with { Evidence = [.. caller.Chain(), .. closed.Evidence] }]);
    }

    /// <summary>A text that Python does not take.</summary>
    /// <param name="outer">Who imports it; null for the program itself.</param>
    public void Invalid(string file, PythonFault fault, PythonCaller? outer)
    {
        string place = $"{PathBytes.Printable(file)}:{fault.Line}";
        Add([new Finding
        {
            Id = "python-syntax",
            Severity = FindingSeverity.Error,
            Cause = $"{place} is no Python: {fault.What}",
            Message = fault.Error,
            Evidence = [.. outer?.Chain() ?? []],
            Fix = $"mend {place}, or copy the file again where it is damaged",
        }]);
    }

    public void NotExecutable(PythonModule package, PythonCaller caller)
    {
        if (IsOpen(package) || PathChangedAt is not null)
            return;
        string name = PathBytes.Printable(package.Name);
        Add([new Finding
        {
            Id = "python-module-missing",
            Severity = FindingSeverity.Error,
            Cause = $"the package {name} has no module __main__, so it cannot be run",
            Message = $"No module named {name}.__main__; '{name}' is a package and cannot be directly executed",
            Evidence = [.. caller.Chain(), $"{name} is {PathBytes.Printable(package.Directories![0])}"],
        }]);
    }

    public void RelativeInScript(PythonCaller caller)
    {
        if (findings.Exists(finding => finding.Id == "python-relative-import"))
            return;
        Add([new Finding
        {
            Id = "python-relative-import",
            Severity = FindingSeverity.Error,
            Cause = $"{caller.Place} imports {PathBytes.Printable(caller.Imports)}, which only a module of a package can, and it is run as a script",
            Message = "ImportError: attempted relative import with no known parent package",
            Evidence = caller.Chain(),
            Fix = "run it as a module: python3 -m PACKAGE.MODULE",
        }]);
    }

    /// <param name="parent">The package or module that should have it; null for a top-level module.</param>
    /// <param name="full">Its dotted name.</param>
    /// <param name="requested">That the statement names.</param>
    public void Missing(PythonModule? parent, string full, string requested, PythonCaller caller)
    {
        string name = full[(full.LastIndexOf('.') + 1)..];
        IReadOnlyList<string> strangers = Strangers(parent, name);
        // What lies there for another interpreter was meant to be found there, whatever else the package does.
        if (parent is null ? IsHooked(full) : strangers.Count == 0 && IsOpen(parent))
            return;
        string printable = PathBytes.Printable(full);
        string message = $"No module named '{printable}'";
        if (parent is { Directories: null })
            message += $"; '{PathBytes.Printable(parent.Name)}' is not a package";
        if (interpreter.Invocation.Task == PythonTask.Module && caller.Outer is null && caller.Line == 0)
        {
            message = full == interpreter.Invocation.Subject
                ? $"{PathBytes.Printable(interpreter.Executable)}: No module named {printable}"
                : $"{PathBytes.Printable(interpreter.Executable)}: Error while finding module specification for '{PathBytes.Printable(interpreter.Invocation.Subject)}' (ModuleNotFoundError: {message})";
        }
        else
        {
            message = "ModuleNotFoundError: " + message;
        }

        if (strangers.Count > 0)
            OtherVersion(full, message, strangers, caller);
        else if (parent is null || !shadows.TakesBlame(full, message, caller))
            Absent(parent, full, requested, message, caller);
    }

    /// <summary>"from package import name", where neither is there.</summary>
    /// <param name="place">Of its source; null where it has none.</param>
    public void NameMissing(PythonModule package, string? place, string name, PythonCaller caller)
    {
        IReadOnlyList<string> strangers = Strangers(package, name);
        if (name.StartsWith("__", StringComparison.Ordinal) || package.Name == "__future__")
            return;
        string printable = PathBytes.Printable(name);
        string of = PathBytes.Printable(package.Name);
        bool isBegun = caller.IsWithin(package.File);
        string message = $"ImportError: cannot import name '{printable}' from {(isBegun ? "partially initialized module " : "")}'{of}'{(isBegun ? " (most likely due to a circular import)" : "")}";
        // From 3.13 on, what follows may be advice to rename the file.
        if (interpreter.Minor < 13)
            message += $" ({PathBytes.Printable(place ?? "unknown location")})";
        if (strangers.Count > 0 && (package.Kind != PythonModuleKind.Source || !files.Source(package.File).Contains("__getattr__")))
        {
            OtherVersion($"{package.Name}.{name}", message, strangers, caller);
            return;
        }

        // A submodule of the name may come from elsewhere.
        if ((package.Directories is not null && package.Kind != PythonModuleKind.BuiltIn && IsOpen(package)) || shadows.TakesBlame($"{package.Name}.{name}", message, caller))
            return;
        IReadOnlyList<EnvironmentChange> candidates = remedies.ForMissing($"{package.Name}.{name}", out IReadOnlyList<string> evidence);
        Add([new Finding
        {
            Id = "python-name-missing",
            Severity = package.Kind == PythonModuleKind.Namespace || PathChangedAt is not null ? FindingSeverity.Warning : FindingSeverity.Error,
            Cause = $"{caller.Place} imports {printable} from {of}, which has nothing of that name",
            Message = message,
            Evidence = [.. caller.Chain(), .. Places(package), .. evidence],
            Candidates = candidates,
            Fix = candidates.Count > 0 ? null : Divided(package.Name) ?? $"install the release of {of} that {PathBytes.Printable(caller.File)} was written for",
        }]);
    }

    static IEnumerable<string> Places(PythonModule module)
    {
        string[] places = module.Directories?.Count > 0 ? [.. module.Directories] : module.File.Length > 0 ? [module.File] : [];
        if (places.Length > 0)
            yield return $"{PathBytes.Printable(module.Name)} is {string.Join(", ", places.Select(PathBytes.Printable))}";
    }

    IReadOnlyList<string> Strangers(PythonModule? parent, string name) =>
        modules.Strangers(parent is null ? path.Elements.Select(element => element.Directory) : parent.Directories ?? [], name);

    void OtherVersion(string full, string message, IReadOnlyList<string> strangers, PythonCaller caller)
    {
        string printable = PathBytes.Printable(full);
        IReadOnlyList<EnvironmentChange> candidates = remedies.ForMissing(full, out IReadOnlyList<string> evidence);
        Add([new Finding
        {
            Id = "python-module-for-other-version",
            Severity = PathChangedAt is null ? FindingSeverity.Error : FindingSeverity.Warning,
            Cause = $"{printable} is there only for another interpreter: {PathBytes.Printable(strangers[0])}, and the command runs Python 3.{interpreter.Minor}{interpreter.Abi}",
            Message = message,
            Evidence = [.. caller.Chain(), .. strangers.Take(MostElements).Select(file => $"there is {PathBytes.Printable(file)}"), $"the interpreter takes {string.Join(", ", interpreter.ExtensionSuffixes)}", .. evidence],
            Candidates = [.. remedies.ForOtherVersion(strangers[0]), .. candidates],
            Fix = $"install the package again with this interpreter: {PathBytes.Printable(interpreter.Executable)} -m pip install --force-reinstall {PythonDistributions.Of(full)}",
        }]);
    }

    void Absent(PythonModule? parent, string full, string requested, string message, PythonCaller caller)
    {
        string printable = PathBytes.Printable(full);
        IReadOnlyList<EnvironmentChange> candidates = remedies.ForMissing(requested, out IReadOnlyList<string> evidence);
        List<string> seen = [.. caller.Chain()];
        if (parent is null)
            seen.AddRange(path.Elements.Take(MostElements).Select(element => $"searched {PathBytes.Printable(element.Directory)} ({element.Origin}){(files.Exists(element.Directory) ? "" : ", which is not there")}"));
        else
            seen.Add($"{PathBytes.Printable(parent.Name)} is {PathBytes.Printable(parent.File.Length > 0 ? parent.File : parent.Directories![0])}");
        if (PathChangedAt is { } place)
            seen.Add($"{place} changes sys.path while the program runs, so it may be found even so");
        seen.AddRange(evidence);
        Add([new Finding
        {
            Id = "python-module-missing",
            Severity = PathChangedAt is null ? FindingSeverity.Error : FindingSeverity.Warning,
            Cause = evidence.Count > 0 ? $"{caller.Place} imports {printable}, which the interpreter {PathBytes.Printable(interpreter.Executable)} does not find; {evidence[0]}" : $"{caller.Place} imports {printable}, which is nowhere on sys.path",
            Message = message,
            Evidence = seen,
            Candidates = candidates,
            Fix = evidence.Count > 0 && candidates.Count > 0 ? null
                : parent is null or { Kind: PythonModuleKind.Namespace } ? PythonDistributions.WhereToGet(full, interpreter, files) : OtherRelease(full, caller),
        }]);
    }

    /// <summary>The package is there, so that installing it brings nothing.</summary>
    string OtherRelease(string full, PythonCaller caller)
    {
        string top = full.Split('.')[0];
        string printable = PathBytes.Printable(full);
        string file = PathBytes.Printable(caller.File);
        if (modules.Find(top)?.Element is not { Place: not PythonPlace.Library } element)
            return PythonAdditions.WhereToGet(full, interpreter.Minor, PathBytes.Printable(interpreter.Executable)) ?? Divided(top) ?? $"Python 3.{interpreter.Minor} has no module {printable}: use the Python that {file} was written for";
        string release = PythonRelease.Of(top, element.Directory, files) ?? $"the {PathBytes.Printable(top)} in {PathBytes.Printable(element.Directory)}";
        return $"{release} has no module {printable}: install the release of it that {file} was written for";
    }

    /// <summary>Where a system divides a package of the standard library, as Debian's distutils, of which only the beginning comes with the interpreter; null elsewhere.</summary>
    string? Divided(string package) => package == "distutils" ? PythonSystemPackages.Install(package, interpreter, files) : null;

    /// <summary>Submodules may come from elsewhere than the package's directories.</summary>
    bool IsOpen(PythonModule parent)
    {
        if (parent.Kind == PythonModuleKind.Namespace)
            return false;
        if (parent.Kind != PythonModuleKind.Source)
            return true;
        PythonSource source = files.Source(parent.File);
        return source.IsDamaged || source.AliasesModules() || source.ContainsAny("__path__", "extend_path", "declare_namespace", "meta_path", "path_hooks", "lazy_loader")
            || (parent.Name.Contains('.') && hooks.Exists(hook => hook.Mentions(parent.Name[..parent.Name.IndexOf('.')]) && hook.Contains("meta_path")));
    }

    /// <summary>A .pth file may put something of its own in the place of a module, whether it is there or not.</summary>
    public bool IsReplaced(string name) => path.Hooks.Any(hook => IsHooked(hook, name));

    /// <summary>Something that has been run by then may bring a top-level module that stands nowhere: an editable install, an alias.</summary>
    bool IsHooked(string name) =>
        hooks.Exists(hook => hook.Quotes(name) || hook.Contains($"'{name}.") || hook.Contains($"\"{name}."));

    /// <summary>The line itself has the name as a string, or a module beside it that the line names has.</summary>
    bool IsHooked(PythonPathHook hook, string name)
    {
        if (hook.Line.Contains($"'{name}'", StringComparison.Ordinal) || hook.Line.Contains($"\"{name}\"", StringComparison.Ordinal) || hook.Line.Contains($"'{name}.", StringComparison.Ordinal))
            return true;
        string directory = LinuxPath.Parent(hook.File);
        foreach (string word in hook.Line.Split([' ', '\t', ';', ',', '.', '(', ')', '\'', '"', '='], StringSplitOptions.RemoveEmptyEntries))
        {
            foreach (string file in (string[])[$"{word}.py", $"{word}/__init__.py"])
            {
                if (files.IsFile($"{directory}/{file}") && files.Source($"{directory}/{file}").Quotes(name))
                    return true;
            }
        }

        return false;
    }
}
