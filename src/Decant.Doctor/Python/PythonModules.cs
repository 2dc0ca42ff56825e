using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Finds modules on a sys.path as importlib's PathFinder and FileFinder do (Lib/importlib/_bootstrap_external.py).</summary>
/// <param name="builtIns">See <see cref="PythonBuiltIns"/>.</param>
sealed class PythonModules(PythonInterpreter interpreter, IReadOnlyList<PythonPathElement> path, HashSet<string> builtIns, PythonFiles files)
{
    /// <summary>A top-level module; null where there is none.</summary>
    public PythonModule? Find(string name)
    {
        if (builtIns.Contains(name) || PythonBuiltIns.IsLoadedFirst(name))
            return new PythonModule(name, PythonModuleKind.BuiltIn, "", LibraryPackage(name));
        return Find(name, path);
    }

    /// <summary>The same where only some elements are searched, and nothing is built in.</summary>
    public PythonModule? Find(string name, IReadOnlyList<PythonPathElement> elements)
    {
        List<string> portions = [];
        PythonPathElement? first = null;
        foreach (PythonPathElement element in elements)
        {
            if (FindIn(element.Directory, name, name, portions) is { } found)
                return found with { Element = element };
            if (files.Archive(element.Directory)?.Contains(name) == true)
                return new PythonModule(name, PythonModuleKind.Archived, element.Directory, null) { Element = element };
            first ??= portions.Count > 0 ? element : null;
        }

        return portions.Count == 0 ? null : new PythonModule(name, PythonModuleKind.Namespace, "", portions) { Element = first };
    }

    /// <summary>A submodule of a package.</summary>
    public PythonModule? Find(PythonModule package, string name)
    {
        List<string> portions = [];
        foreach (string directory in package.Directories ?? [])
        {
            if (FindIn(directory, name, $"{package.Name}.{name}", portions) is { } found)
                return found;
        }

        return portions.Count == 0 ? null : new PythonModule($"{package.Name}.{name}", PythonModuleKind.Namespace, "", portions);
    }

    /// <summary>Extension modules of that name which are there for other interpreters.</summary>
    public IReadOnlyList<string> Strangers(IEnumerable<string> directories, string name)
    {
        List<string> found = [];
        foreach (string directory in directories)
        {
            foreach (string file in files.Names(directory) ?? [])
            {
                if (PythonSuffixes.IsTagged(file, name))
                    found.Add(LinuxPath.Join(directory, file));
            }
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <param name="portions">Gets the directory that may be part of a namespace package.</param>
    PythonModule? FindIn(string directory, string name, string fullName, List<string> portions)
    {
        if (files.Names(directory) is not { } names)
            return null;
        string inside = LinuxPath.Join(directory, name);
        bool isDirectory = names.Contains(name) && files.IsDirectory(inside);
        if (isDirectory && FileOf(inside, "__init__", out PythonModuleKind kind) is { } init)
            return new PythonModule(fullName, kind, init, [inside]);
        if (FileOf(directory, name, out kind) is { } file)
            return new PythonModule(fullName, kind, file, null);
        if (isDirectory)
            portions.Add(inside);
        return null;
    }

    string? FileOf(string directory, string name, out PythonModuleKind kind)
    {
        kind = PythonModuleKind.Extension;
        foreach (string suffix in interpreter.ExtensionSuffixes)
        {
            if (files.HasFile(directory, name + suffix))
                return LinuxPath.Join(directory, name + suffix);
        }

        kind = PythonModuleKind.Source;
        if (files.HasFile(directory, name + ".py"))
            return LinuxPath.Join(directory, name + ".py");
        kind = PythonModuleKind.Bytecode;
        return files.HasFile(directory, name + ".pyc") ? LinuxPath.Join(directory, name + ".pyc") : null;
    }

    List<string>? LibraryPackage(string name)
    {
        string directory = $"{interpreter.StandardLibrary}/{name}";
        return files.IsDirectory(directory) ? [directory] : null;
    }
}
