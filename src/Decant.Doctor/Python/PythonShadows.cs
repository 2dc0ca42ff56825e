using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Modules that hide others of the same name which come later on sys.path.</summary>
sealed class PythonShadows(PythonInterpreter interpreter, PythonPath path, PythonModules modules, PythonFiles files)
{
    const int MostNames = 6;

    readonly Dictionary<string, Shadow> shadows = new(StringComparer.Ordinal);
    readonly List<Finding> errors = [];

    readonly List<PythonPathElement> library = [.. path.Elements.Where(element => element.Place == PythonPlace.Library)];
    readonly List<PythonPathElement> sites = [.. path.Elements.Where(element => element.Place is PythonPlace.Site or PythonPlace.UserSite)];

    /// <summary>Looks what a top-level module hides.</summary>
    public void Note(PythonModule module)
    {
        if (module.Element is not { Place: PythonPlace.Script or PythonPlace.WorkingDirectory or PythonPlace.Variable } element || module.File.Length == 0)
            return;
        PythonModule? standard = modules.Find(module.Name, library);
        PythonModule? hidden = standard is { File.Length: > 0 } ? standard : modules.Find(module.Name, sites);
        if (hidden is null || hidden.File.Length == 0 || files.RealPath(hidden.File) == files.RealPath(module.File))
            return;
        bool isStandard = hidden == standard;
        // A package that is put before an installed one of the same name is there on purpose.
        bool isLikelyMistake = isStandard || (module.Directories is null && hidden.Directories is not null && element.Place != PythonPlace.Variable);
        shadows[module.Name] = new Shadow(module, hidden, isStandard, isLikelyMistake);
    }

    /// <summary>A name that is to be imported from a plain module; true where it is missing because that module hides another.</summary>
    public bool NoteName(PythonModule module, string name, PythonCaller caller)
    {
        if (module.Kind != PythonModuleKind.Source || !shadows.TryGetValue(module.Name, out Shadow? shadow) || shadow.HasError)
            return false;
        PythonSource source = files.Source(module.File);
        bool isOpen = source.IsDamaged || source.Mentions(name) || source.ContainsAny("import *", "__getattr__", "globals()", "vars(", "setattr(", "exec(", "sys.modules");
        if (isOpen || (name.StartsWith("__", StringComparison.Ordinal) && name.EndsWith("__", StringComparison.Ordinal)))
            return false;
        bool isThere = shadow.Hidden.Kind == PythonModuleKind.Extension || files.Source(shadow.Hidden.File).Mentions(name);
        if (!isThere)
            return false;
        shadow.HasError = true;
        // From 3.13 on, what follows this is advice to rename the file.
        string place = interpreter.Minor < 13 ? $" ({PathBytes.Printable(module.File)})" : "";
        AddError(shadow, caller, $"does not define {PathBytes.Printable(name)}", $"ImportError: cannot import name '{PathBytes.Printable(name)}' from '{PathBytes.Printable(module.Name)}'{place}");
        return true;
    }

    /// <summary>A submodule is missing because of what hides the real package; false where it is for another reason.</summary>
    /// <param name="name">Dotted.</param>
    public bool TakesBlame(string name, string message, PythonCaller caller)
    {
        string[] parts = name.Split('.');
        if (!shadows.TryGetValue(parts[0], out Shadow? shadow))
            return false;
        PythonModule? other = shadow.Hidden;
        for (int i = 1; i < parts.Length && other is not null; i++)
            other = modules.Find(other, parts[i]);
        if (other is null)
            return false;
        if (!shadow.HasError)
            AddError(shadow, caller, $"has no {PathBytes.Printable(name)}", message);
        shadow.HasError = true;
        return true;
    }

    public IEnumerable<Finding> Findings()
    {
        foreach (Finding error in errors)
            yield return error;
        foreach (IGrouping<PythonPathElement, Shadow> group in shadows.Values.Where(shadow => shadow.IsLikelyMistake && !shadow.HasError).GroupBy(shadow => shadow.By.Element!))
        {
            Shadow[] all = [.. group];
            string names = string.Join(", ", all.Take(MostNames).Select(shadow => PathBytes.Printable(shadow.By.Name)));
            string more = all.Length > MostNames ? $" and {all.Length - MostNames} more" : "";
            yield return new Finding
            {
                Id = "python-module-shadowed",
                Severity = FindingSeverity.Warning,
                Cause = $"{PathBytes.Printable(group.Key.Directory)} ({group.Key.Origin}) hides modules of Python's own or installed ones: {names}{more}",
                Evidence = [.. all.Take(MostNames).SelectMany(Evidence)],
                Candidates = [.. Candidates(group.Key)],
                Fix = Fix(all[0]),
            };
        }
    }

    void AddError(Shadow shadow, PythonCaller caller, string lack, string message) => errors.Add(new Finding
    {
        Id = "python-module-shadowed",
        Severity = FindingSeverity.Error,
        Cause = $"{PathBytes.Printable(shadow.By.File)} hides {PathBytes.Printable(shadow.Hidden.File)} and {lack}",
        Message = message,
        Evidence = [.. caller.Chain(), .. Evidence(shadow)],
        Candidates = [.. Candidates(shadow.By.Element!)],
        Fix = Fix(shadow),
    });

    static string[] Evidence(Shadow shadow) =>
    [
        $"import {PathBytes.Printable(shadow.By.Name)} finds {PathBytes.Printable(shadow.By.File)}, by {shadow.By.Element!.Origin}",
        $"{(shadow.IsStandard ? "the standard library's" : "the installed one")} is {PathBytes.Printable(shadow.Hidden.File)}",
    ];

    static string Fix(Shadow shadow) =>
        $"rename {PathBytes.Printable(shadow.By.Directories?[0] ?? shadow.By.File)}";

    /// <summary>Takes the element off sys.path.</summary>
    public IEnumerable<EnvironmentChange> Candidates(PythonPathElement element)
    {
        if (interpreter.Invocation.IgnoresEnvironment)
            yield break;
        if (element.Place == PythonPlace.Variable)
        {
            string? list = path.Variable;
            string written = list?.Split(':').FirstOrDefault(one => one == element.Directory || one.TrimEnd('/') == element.Directory) ?? "";
            yield return EnvironmentChange.Remove("PYTHONPATH", list, written, $"modules of {PathBytes.Printable(element.Directory)} hide others");
        }
        else if (interpreter.Minor >= 11)
        {
            yield return new EnvironmentChange("PYTHONSAFEPATH", "1", $"keeps {PathBytes.Printable(element.Directory)} off sys.path");
        }
    }

    sealed class Shadow(PythonModule by, PythonModule hidden, bool isStandard, bool isLikelyMistake)
    {
        public PythonModule By { get; } = by;
        public PythonModule Hidden { get; } = hidden;
        public bool IsStandard { get; } = isStandard;
        public bool IsLikelyMistake { get; } = isLikelyMistake;
        public bool HasError { get; set; }
    }
}
