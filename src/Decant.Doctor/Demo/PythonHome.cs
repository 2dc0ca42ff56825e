namespace Decant.Doctor;

/// <summary>A Python of this host: where its interpreter and standard library are.</summary>
/// <param name="Executable">The real path of the interpreter, outside of any virtual environment.</param>
/// <param name="Libraries">The directories of the standard library.</param>
sealed record PythonHome(string Executable, string Version, IReadOnlyList<string> Libraries)
{
    const string Question = """
        import os, sys, sysconfig
        print(os.path.realpath(getattr(sys, "_base_executable", sys.executable)))
        print(sys.version.split()[0])
        print(sysconfig.get_path("stdlib"))
        print(sysconfig.get_path("platstdlib"))
        """;

    /// <summary>Installed packages, tests, and what is for building or for windows.</summary>
    static readonly string[] LeftOut =
        ["site-packages", "dist-packages", "test", "tests", "idlelib", "tkinter", "turtledemo", "ensurepip", "lib2to3", "pydoc_data"];

    /// <summary>Asks the interpreter itself: shims and virtual environments make its place a matter of its own code.</summary>
    public static PythonHome? Find()
    {
        if (HostProgram.Find("python3") is not string path)
            return null;
        DemoProcess asked = DemoProcess.Run(path, ["-I", "-S", "-c", Question], null, new Dictionary<string, string?>());
        string[] lines = asked.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return asked.ExitCode == 0 && lines.Length == 4
            ? new PythonHome(lines[0], lines[1], [.. lines.Skip(2).Distinct()])
            : null;
    }

    public IEnumerable<string> LibraryFiles() => Libraries.SelectMany(Walk);

    static IEnumerable<string> Walk(string directory)
    {
        foreach (string entry in Directory.EnumerateFileSystemEntries(directory).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(entry);
            if (Directory.Exists(entry))
            {
                bool link = File.ResolveLinkTarget(entry, returnFinalTarget: false) is not null;
                if (link || LeftOut.Contains(name) || name.StartsWith("config-", StringComparison.Ordinal))
                    continue;
                foreach (string file in Walk(entry))
                    yield return file;
            }
            else if (Belongs(name) && File.Exists(entry))
            {
                yield return entry;
            }
        }
    }

    static bool Belongs(string name) =>
        !name.Contains(".opt-", StringComparison.Ordinal) && !name.StartsWith("_test", StringComparison.Ordinal)
        && !name.StartsWith("_tkinter", StringComparison.Ordinal) && !name.EndsWith(".a", StringComparison.Ordinal);
}
