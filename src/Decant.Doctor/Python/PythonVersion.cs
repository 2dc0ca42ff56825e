using System.Globalization;
using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Which CPython a program is, by its name and by the library that it binds.</summary>
/// <param name="Minor">The N of 3.N.</param>
/// <param name="Abi">The letter behind it, or nothing.</param>
sealed record PythonVersion(int Minor, string Abi)
{
    /// <summary>Null for what is no CPython 3.</summary>
    /// <param name="path">As it was found.</param>
    /// <param name="real">Without links.</param>
    public static PythonVersion? Of(string path, string real, LoadedProcess process, PythonFiles files)
    {
        // Programs that only embed the interpreter have names of their own, and rules of their own.
        if (!LinuxPath.Name(path).StartsWith("python", StringComparison.Ordinal) && !LinuxPath.Name(real).StartsWith("python", StringComparison.Ordinal))
            return null;
        bool isOther = false;
        foreach (LoadedObject loaded in process.Objects)
        {
            string library = LinuxPath.Name(loaded.Elf.Soname ?? loaded.Path);
            if (library.StartsWith("libpython3.", StringComparison.Ordinal) && Parse(library["lib".Length..]) is { } bound)
                return bound;
            isOther |= library.StartsWith("libpypy", StringComparison.Ordinal) || library.StartsWith("libpython2", StringComparison.Ordinal);
        }

        if (isOther || !IsInterpreter(process.Program))
            return null;
        return Parse(LinuxPath.Name(real)) ?? Parse(LinuxPath.Name(path)) ?? FromLibraries(real, files);
    }

    /// <summary>"python3.12", "python3.13t"; what follows a dot behind it does not matter.</summary>
    static PythonVersion? Parse(string name)
    {
        const string start = "python3.";
        if (!name.StartsWith(start, StringComparison.Ordinal))
            return null;
        int end = start.Length;
        while (end < name.Length && char.IsAsciiDigit(name[end]))
            end++;
        if (!int.TryParse(name.AsSpan(start.Length, end - start.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int minor))
            return null;
        string rest = name[end..].Split('.', '-')[0];
        return rest is "" or "t" or "d" or "m" ? new PythonVersion(minor, rest == "m" ? "" : rest) : null;
    }

    static bool IsInterpreter(LoadedObject program)
    {
        try
        {
            ElfSymbols symbols = program.File.Symbols();
            return symbols.Exports("Py_BytesMain") || symbols.Exports("Py_Main");
        }
        catch (ElfFormatException)
        {
            return false;
        }
    }

    /// <summary>The only one whose standard library, or whose packages in a virtual environment, stand beside the program's directory.</summary>
    static PythonVersion? FromLibraries(string real, PythonFiles files)
    {
        string lib = LinuxPath.Join(LinuxPath.Parent(LinuxPath.Parent(real)), "lib");
        string[] names = [.. (files.Names(lib) ?? []).Where(name => Parse(name) is not null)];
        string[] standard = Array.FindAll(names, name => files.IsFile($"{lib}/{name}/os.py"));
        if (standard.Length == 0)
            standard = Array.FindAll(names, name => files.IsDirectory($"{lib}/{name}/site-packages"));
        return standard.Length == 1 ? Parse(standard[0]) : null;
    }
}
