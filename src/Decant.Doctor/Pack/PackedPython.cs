using Decant.Elf;
using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>What of a Python goes with its interpreter: the standard library, and of a virtual environment all that is in it. Other packages are named by whoever wants them.</summary>
static class PackedPython
{
    /// <summary>Installed packages, and what is there for who works on Python itself.</summary>
    static readonly string[] leftOut = ["site-packages", "dist-packages", "test", "tests", "idlelib", "turtledemo"];

    public static IEnumerable<string> Files(PythonInterpreter python, RootView root)
    {
        foreach (string file in Files([python.StandardLibrary, python.DynamicLibrary], root))
            yield return file;
        if (python.Venv is not { } venv)
            yield break;
        yield return venv + "/pyvenv.cfg";
        foreach (string file in Walk($"{venv}/lib", root, []))
            yield return file;
    }

    /// <param name="libraries">Directories of a standard library.</param>
    public static IEnumerable<string> Files(IEnumerable<string> libraries, RootView root) =>
        libraries.Distinct(StringComparer.Ordinal).SelectMany(directory => Walk(directory, root, leftOut));

    /// <summary>The standard library of the Python that a program has inside, found where its library was built for; null for none.</summary>
    public static string? Embedded(LoadedProcess process, PythonFiles files)
    {
        foreach (LoadedObject loaded in process.Objects)
        {
            // libpython3.11.so.1.0
            string[] parts = LinuxPath.Name(loaded.Path).Split('.');
            if (parts is not ["libpython3", var minor, "so", ..])
                continue;
            foreach (string library in (string[])[$"lib/python3.{minor}", $"lib64/python3.{minor}"])
            {
                if (PythonPrefix.Of(process, library, files) is { } prefix)
                    return LinuxPath.Join(prefix, library);
            }
        }

        return null;
    }

    static IEnumerable<string> Walk(string directory, RootView root, string[] without)
    {
        if (root.Resolve(directory) is not { Exists: true, Status.IsDirectory: true })
            yield break;
        foreach ((string name, RootEntry entry) in root.Entries(directory).OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            string path = LinuxPath.Join(directory, name);
            if (entry.Status.IsDirectory)
            {
                // config-3.N-*: what is linked with to make another interpreter.
                if (without.Contains(name) || (without.Length > 0 && name.StartsWith("config-", StringComparison.Ordinal)))
                    continue;
                foreach (string file in Walk(path, root, without))
                    yield return file;
            }
            else if (root.Resolve(path) is { Exists: true, Status.IsRegular: true } && !name.EndsWith(".a", StringComparison.Ordinal) && !name.Contains(".opt-", StringComparison.Ordinal))
            {
                yield return path;
            }
        }
    }
}
