using System.Text;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether a module may have a name, as far as its text and those that it imports everything from tell: no only where that is sure.</summary>
sealed class PythonNames(LoadedCommand command, PythonInterpreter interpreter, PythonModules modules)
{
    /// <summary>An interpreter with all its modules, its debugging symbols left out, is far smaller.</summary>
    const int MostBytes = 128 << 20;

    const int MostNested = 20;

    readonly PythonFiles files = command.Command.Root.Python;
    readonly Dictionary<(string File, string Name), bool> known = [];
    readonly Dictionary<string, byte[]?> code = new(StringComparer.Ordinal);

    /// <param name="seen">Modules that are being asked already: "from X import *" goes round in circles.</param>
    public bool May(PythonModule module, string name, HashSet<string>? seen = null)
    {
        seen ??= new HashSet<string>(StringComparer.Ordinal);
        if (name.StartsWith("__", StringComparison.Ordinal) || seen.Count > MostNested || !seen.Add(module.Name))
            return seen.Count > MostNested || name.StartsWith("__", StringComparison.Ordinal);
        return module.Kind switch
        {
            PythonModuleKind.Source => MayBind(files.Source(module.File), module, name, seen),
            PythonModuleKind.BuiltIn when Frozen(module.Name) is { } source => MayBind(files.Source(source), module, name, seen),
            // Python's own sources set some of sys.
            PythonModuleKind.BuiltIn => (module.Name == "sys" && name.StartsWith('_')) || IsText(Interpreter, name),
            PythonModuleKind.Extension when LinuxPath.IsBelow(module.File, interpreter.DynamicLibrary) => IsText(module.File, name) || IsText(Interpreter, name),
            _ => true,
        };
    }

    /// <summary>What messages call the place of a module; null where it has none.</summary>
    public string? Place(PythonModule module) => module.Kind == PythonModuleKind.BuiltIn ? Frozen(module.Name) : module.File.Length > 0 ? module.File : null;

    /// <summary>What is frozen into the interpreter was made of the standard library's own source.</summary>
    string? Frozen(string name)
    {
        if (!PythonBuiltIns.IsLoadedFirst(name))
            return null;
        string file = $"{interpreter.StandardLibrary}/{name}";
        return files.IsFile(file + ".py") ? file + ".py" : files.IsFile(file + "/__init__.py") ? file + "/__init__.py" : null;
    }

    string Interpreter => (command.Process.Objects.FirstOrDefault(loaded => loaded.Elf.Soname?.StartsWith("libpython3", StringComparison.Ordinal) == true) ?? command.Process.Program).Path;

    bool MayBind(PythonSource source, PythonModule module, string name, HashSet<string> seen)
    {
        if ((IsOs(module) ? PythonTopLevel.IsOpen(source, isOs: true) : source.IsOpen) || PythonTopLevel.MayBind(source, name))
            return true;
        foreach (PythonImport import in source.Imports)
        {
            if (import.Reach == PythonReach.WhenCalled || import.Names?.Contains("*") != true)
                continue;
            if (Module(import, module) is not { } other)
            {
                // It asks for modules of other systems.
                if (IsOs(module))
                    continue;
                return true;
            }

            // Of a package everything is also what has been imported of it.
            if (May(other, name, seen) || modules.Find(other, name) is not null)
                return true;
        }

        return false;
    }

    /// <summary>The one module that nearly every program imports from, and that looks at itself in ways by which others change themselves.</summary>
    static bool IsOs(PythonModule module) => module is { Kind: PythonModuleKind.BuiltIn, Name: "os" };

    /// <summary>The module that an import names; null where it is not found, or nothing is known of it.</summary>
    PythonModule? Module(PythonImport import, PythonModule from)
    {
        string full = import.Module;
        if (import.Level > 0)
        {
            string package = from.Directories is not null ? from.Name : from.Name.LastIndexOf('.') is > 0 and int dot ? from.Name[..dot] : "";
            for (int level = import.Level; level > 1 && package.Length > 0; level--)
                package = package.LastIndexOf('.') is > 0 and int up ? package[..up] : "";
            if (package.Length == 0)
                return null;
            full = full.Length == 0 ? package : $"{package}.{full}";
        }

        string[] parts = full.Split('.');
        PythonModule? found = modules.Find(parts[0]);
        for (int i = 1; i < parts.Length && found is not null; i++)
            found = modules.Find(found, parts[i]);
        return found;
    }

    /// <summary>A file of machine code has the name as a string: the names of what it gives to Python are such.</summary>
    bool IsText(string file, string name)
    {
        if (known.TryGetValue((file, name), out bool answer))
            return answer;
        if (!code.TryGetValue(file, out byte[]? bytes))
            code[file] = bytes = files.TryRead(file, MostBytes);
        return known[(file, name)] = bytes is null || bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(name + "\0")) >= 0;
    }
}
