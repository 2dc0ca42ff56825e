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
        foreach (string directory in new[] { python.StandardLibrary, python.DynamicLibrary }.Distinct())
        {
            foreach (string file in Walk(directory, root, leftOut))
                yield return file;
        }

        if (python.Venv is not { } venv)
            yield break;
        yield return venv + "/pyvenv.cfg";
        foreach (string file in Walk($"{venv}/lib", root, []))
            yield return file;
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
