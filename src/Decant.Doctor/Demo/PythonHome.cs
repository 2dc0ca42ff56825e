namespace Decant.Doctor;

/// <summary>A Python of this host.</summary>
/// <param name="Executable">python3 beside the real interpreter, outside of any virtual environment.</param>
sealed record PythonHome(string Executable, string Version)
{
    const string Question = """
        import os, sys
        print(os.path.dirname(os.path.realpath(getattr(sys, "_base_executable", sys.executable))) + "/python3")
        print(sys.version.split()[0])
        """;

    /// <summary>Asks the interpreter itself: shims and virtual environments make its place a matter of its own code.</summary>
    public static PythonHome? Find()
    {
        if (HostProgram.Find("python3") is not string path)
            return null;
        DemoProcess asked = DemoProcess.Run(path, ["-I", "-S", "-c", Question], null, new Dictionary<string, string?>());
        string[] lines = asked.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return asked.ExitCode == 0 && lines.Length == 2 ? new PythonHome(lines[0], lines[1]) : null;
    }
}
