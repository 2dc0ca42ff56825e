using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Looks for a missing module elsewhere in the root, and for the change of the environment that brings it in.</summary>
sealed class PythonRemedies(LoadedCommand loaded, PythonInterpreter interpreter, PythonPath path, PythonModules modules)
{
    const int MostCandidates = 8;
    const int MostFiles = 2000;

    readonly ExaminedCommand command = loaded.Command;
    readonly PythonFiles files = loaded.Command.Root.Python;

    /// <summary>Whether PATH decides which interpreter it is, and the name that is looked up there.</summary>
    string? LookedUp
    {
        get
        {
            string name = loaded.Program.Scripts.Count == 0 ? command.Arguments[0] : loaded.Program.Scripts[^1].Interpreter;
            return name.Contains('/') ? null : name;
        }
    }

    /// <param name="module">Dotted.</param>
    /// <param name="evidence">Where it is, a line each.</param>
    public IReadOnlyList<EnvironmentChange> ForMissing(string module, out IReadOnlyList<string> evidence)
    {
        List<string> seen = [];
        List<EnvironmentChange> candidates = [];
        evidence = seen;
        string printable = PathBytes.Printable(module);
        foreach (string directory in Elsewhere())
        {
            if (candidates.Count >= MostCandidates)
                break;
            PythonModule? found = FindIn(directory, module);
            bool isThere = found is { Kind: not PythonModuleKind.Namespace };
            // Another interpreter may find there what this one does not.
            if (!isThere && modules.Strangers([directory], module.Split('.')[0]).Count == 0)
                continue;
            seen.Add($"{printable} is in {PathBytes.Printable(directory)}");
            AddOwner(directory, $"{printable} is in {PathBytes.Printable(directory)}", candidates);
            if (isThere && !interpreter.Invocation.IgnoresEnvironment && Fits(directory, module.Split('.')[0]))
                candidates.Add(EnvironmentChange.Prepend("PYTHONPATH", command.Environment["PYTHONPATH"], directory, $"{printable} is in {PathBytes.Printable(directory)}"));
        }

        candidates.AddRange(WithoutVariables());
        return candidates;
    }

    /// <summary>The interpreter that a stranger's directory belongs to.</summary>
    public IReadOnlyList<EnvironmentChange> ForOtherVersion(string file)
    {
        List<EnvironmentChange> candidates = [];
        for (string directory = LinuxPath.Parent(file); directory != "/"; directory = LinuxPath.Parent(directory))
        {
            if (LinuxPath.Name(directory) is "site-packages" or "dist-packages")
                AddOwner(directory, $"{PathBytes.Printable(file)} is for the interpreter there", candidates);
        }

        if (path.Elements.FirstOrDefault(element => element.Place == PythonPlace.Variable && LinuxPath.IsBelow(file, element.Directory)) is { } variable && command.Environment["PYTHONPATH"] is { } list)
        {
            string written = list.Split(':').FirstOrDefault(one => one.TrimEnd('/') == variable.Directory) ?? variable.Directory;
            candidates.Add(EnvironmentChange.Remove("PYTHONPATH", list, written, $"the modules of {PathBytes.Printable(variable.Directory)} are for another Python"));
        }

        return candidates;
    }

    /// <summary>PATH with the program directory of the interpreter that a directory of packages belongs to.</summary>
    void AddOwner(string directory, string reason, List<EnvironmentChange> candidates)
    {
        if (LookedUp is not { } name)
            return;
        int lib = directory.LastIndexOf("/lib", StringComparison.Ordinal);
        if (lib <= 0)
            return;
        string programs = directory[..lib] + "/bin";
        if (!files.IsFile($"{programs}/{name}") || $"{programs}/{name}" == interpreter.Executable)
            return;
        candidates.Add(EnvironmentChange.Prepend("PATH", command.Environment["PATH"], programs, reason));
    }

    /// <summary>Directories that are not on sys.path: of other interpreters, and those that a source tree would have.</summary>
    IEnumerable<string> Elsewhere()
    {
        HashSet<string> known = new(path.Elements.Select(element => element.Directory), StringComparer.Ordinal);
        List<string> places = [];
        if (interpreter.Invocation.Task == PythonTask.Script)
        {
            string script = LinuxPath.Parent(PythonFiles.Absolute(interpreter.Invocation.Subject, command.WorkingDirectory));
            places.AddRange([script, $"{script.TrimEnd('/')}/src", LinuxPath.Parent(script), $"{LinuxPath.Parent(script).TrimEnd('/')}/src"]);
        }

        places.AddRange([command.WorkingDirectory, $"{command.WorkingDirectory.TrimEnd('/')}/src", .. command.Root.PythonDirectories]);
        return places.Where(place => files.IsDirectory(place) && known.Add(place));
    }

    PythonModule? FindIn(string directory, string module)
    {
        string[] parts = module.Split('.');
        PythonModule? found = modules.Find(parts[0], [new PythonPathElement(directory, PythonPlace.Variable, "")]);
        for (int i = 1; i < parts.Length && found is not null; i++)
            found = modules.Find(found, parts[i]);
        return found;
    }

    /// <summary>No extension module of the package is for other interpreters only.</summary>
    bool Fits(string directory, string package)
    {
        if (modules.Strangers([directory], package).Count > 0 && FindIn(directory, package) is not { Kind: PythonModuleKind.Extension })
            return false;
        Stack<string> rest = new([LinuxPath.Join(directory, package)]);
        for (int looked = 0; looked < MostFiles && rest.TryPop(out string? next);)
        {
            foreach (string name in files.Names(next) ?? [])
            {
                looked++;
                int dot = name.IndexOf('.');
                if (dot > 0 && PythonSuffixes.IsTagged(name, name[..dot]) && !interpreter.ExtensionSuffixes.Any(suffix => files.HasFile(next, name[..dot] + suffix)))
                    return false;
                if (dot < 0 && name != "__pycache__" && files.IsDirectory(LinuxPath.Join(next, name)))
                    rest.Push(LinuxPath.Join(next, name));
            }
        }

        return true;
    }

    /// <summary>What the environment forbids to search.</summary>
    IEnumerable<EnvironmentChange> WithoutVariables()
    {
        if (interpreter.Invocation.IgnoresEnvironment)
            yield break;
        if (PythonInterpreter.Value(command, "PYTHONSAFEPATH") is not null)
            yield return new EnvironmentChange("PYTHONSAFEPATH", null, "it keeps the program's own directory off sys.path");
        if (PythonInterpreter.Value(command, "PYTHONNOUSERSITE") is not null)
            yield return new EnvironmentChange("PYTHONNOUSERSITE", null, "it keeps the user's packages off sys.path");
        if (interpreter.Home is not null)
            yield return new EnvironmentChange("PYTHONHOME", null, "it puts another standard library in the place of the interpreter's own");
    }
}
