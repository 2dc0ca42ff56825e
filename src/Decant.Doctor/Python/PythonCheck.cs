using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether a Python program finds its standard library and all that it imports when it starts.</summary>
static class PythonCheck
{
    /// <param name="opened">The process with each extension module that could be opened, in their order.</param>
    /// <returns>Nothing for a program that is no CPython.</returns>
    public static IReadOnlyList<Finding> Examine(LoadedCommand loaded, out IReadOnlyList<LoadedProcess> opened)
    {
        opened = [];
        // Without its libraries it imports nothing.
        if (loaded.Process.Missing.Any() || PythonInterpreter.Of(loaded) is not { } interpreter || interpreter.Invocation.Task == PythonTask.Nothing)
            return [];
        if (interpreter.Invocation.Task == PythonTask.Script && ProgramCheck.IsLive(loaded.Command.View, PythonFiles.Absolute(interpreter.Invocation.Subject, loaded.Command.WorkingDirectory)))
            return [];
        PythonPath path = PythonPath.Of(interpreter, loaded.Command);
        if (!HasEncodings(path, loaded.Command.Root.Python))
            return [NoLibrary(loaded, interpreter, path)];
        PythonWalk walk = new(loaded, interpreter, path);
        IReadOnlyList<Finding> findings = walk.Run(loaded.Command.WorkingDirectory);
        opened = walk.Opened;
        // Behind an import that fails nothing is compiled.
        if (walk.Package("triton") is { } triton && !findings.Any(finding => finding.Severity == FindingSeverity.Error) && TritonCheck.Examine(loaded.Command, triton) is { } stale)
            return [.. findings, stale];
        return findings;
    }

    /// <summary>The first module that an interpreter imports (Python/codecs.c).</summary>
    static bool HasEncodings(PythonPath path, PythonFiles files)
    {
        foreach (PythonPathElement element in path.Elements)
        {
            string package = $"{element.Directory}/encodings";
            if (files.IsFile(package + "/__init__.py") || files.IsFile(package + "/__init__.pyc") || files.Archive(element.Directory)?.Contains("encodings") == true)
                return true;
        }

        return false;
    }

    static Finding NoLibrary(LoadedCommand loaded, PythonInterpreter interpreter, PythonPath path)
    {
        bool byHome = interpreter.Home is not null && interpreter.PathFile is null;
        string executable = PathBytes.Printable(interpreter.Executable);
        List<EnvironmentChange> candidates = [];
        if (byHome)
            candidates.Add(new EnvironmentChange("PYTHONHOME", null, "the interpreter finds its standard library by itself"));
        foreach (string directory in loaded.Command.Root.PythonDirectories)
        {
            string library = LinuxPath.Parent(directory);
            string prefix = LinuxPath.Parent(LinuxPath.Parent(library));
            if (!interpreter.Invocation.IgnoresEnvironment && LinuxPath.Name(library) == interpreter.Name && loaded.Command.Root.Python.IsFile(library + "/os.py"))
                candidates.Add(new EnvironmentChange("PYTHONHOME", prefix, $"the standard library of Python 3.{interpreter.Minor} is in {PathBytes.Printable(library)}"));
        }

        return new Finding
        {
            Id = byHome ? "python-home-wrong" : "python-stdlib-missing",
            Severity = FindingSeverity.Error,
            Cause = byHome
                ? $"PYTHONHOME is {PathBytes.Printable(interpreter.Home!)}, where there is no standard library of Python 3.{interpreter.Minor}"
                : $"the standard library of {executable}, Python 3.{interpreter.Minor}, is not in the image",
            Message = "ModuleNotFoundError: No module named 'encodings'",
            Evidence = [$"{executable} looks for {PathBytes.Printable(interpreter.StandardLibrary)}/encodings", .. path.Elements.Select(element => $"searched {PathBytes.Printable(element.Directory)} ({element.Origin})")],
            Candidates = candidates,
            Fix = candidates.Count > 0 ? null : $"install the standard library: the package libpython3.{interpreter.Minor}-stdlib of Debian, or the whole interpreter again",
        };
    }
}
