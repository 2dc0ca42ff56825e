using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// A CPython and where it looks for its standard library, found out as Modules/getpath.py (3.11 and later; getpath.c before) does, without
/// running it.
/// </summary>
sealed record PythonInterpreter
{
    const string VenvFile = "pyvenv.cfg";

    /// <summary>The N of 3.N.</summary>
    public required int Minor { get; init; }

    /// <summary>"t" for the build without the global lock, "d" for the debugging one.</summary>
    public required string Abi { get; init; }

    /// <summary>As it was found, by PATH or by its name: sys.executable.</summary>
    public required string Executable { get; init; }

    /// <summary>Without links.</summary>
    public required string RealExecutable { get; init; }

    /// <summary>Of the standard library; outside of any virtual environment.</summary>
    public required string Prefix { get; init; }

    /// <summary>Of the standard library's extension modules.</summary>
    public required string ExecPrefix { get; init; }

    /// <summary>sys.platlibdir: "lib", or "lib64" on Fedora and its like.</summary>
    public required string Lib { get; init; }

    /// <summary>The virtual environment's directory; null outside of one.</summary>
    public string? Venv { get; init; }

    /// <summary>Of a virtual environment: it sees the packages of the interpreter that it was made from.</summary>
    public bool VenvSeesSystem { get; init; }

    /// <summary>PYTHONHOME, where it counts.</summary>
    public string? Home { get; init; }

    /// <summary>The lines of the file python3.N._pth beside the executable, which then decides everything; null where there is none.</summary>
    public IReadOnlyList<string>? PathFile { get; init; }

    public string? PathFileDirectory { get; init; }

    /// <summary>The endings of extension modules that it takes, in its order.</summary>
    public required IReadOnlyList<string> ExtensionSuffixes { get; init; }

    public required PythonInvocation Invocation { get; init; }

    /// <summary>Such as "python3.12".</summary>
    public string Name => $"python3.{Minor}{(Abi == "t" ? "t" : "")}";

    public string StandardLibrary => $"{Prefix.TrimEnd('/')}/{Lib}/{Name}";

    public string DynamicLibrary => $"{ExecPrefix.TrimEnd('/')}/{Lib}/{Name}/lib-dynload";

    public string ZippedLibrary => $"{Prefix.TrimEnd('/')}/{Lib}/python3{Minor}{(Abi == "t" ? "t" : "")}.zip";

    /// <summary>Null where the program is no CPython 3.</summary>
    public static PythonInterpreter? Of(LoadedCommand loaded)
    {
        PythonFiles files = loaded.Command.Root.Python;
        string real = files.RealPath(loaded.Program.Path);
        if (PythonVersion.Of(loaded.Program.Path, real, loaded.Process, files) is not { } version)
            return null;
        PythonInvocation invocation = PythonInvocation.Parse(loaded.ProgramArguments);
        string executable = PythonFiles.Absolute(loaded.Program.Path, loaded.Command.WorkingDirectory);
        string? home = invocation.IgnoresEnvironment ? null : Value(loaded.Command, "PYTHONHOME");
        PythonInterpreter interpreter = new()
        {
            Minor = version.Minor,
            Abi = version.Abi,
            Executable = executable,
            RealExecutable = real,
            Prefix = "",
            ExecPrefix = "",
            Lib = "lib",
            Home = home,
            ExtensionSuffixes = [],
            Invocation = invocation,
        };
        string directory = LinuxPath.Parent(real);
        if (ReadVenv(executable, files) is { } venv)
        {
            interpreter = interpreter with { Venv = venv.Directory, VenvSeesSystem = venv.SeesSystem };
            if (home is null && venv.Home is { } venvHome)
                directory = PythonFiles.Absolute(venvHome, loaded.Command.WorkingDirectory);
        }

        foreach (string beside in (string[])[executable, real])
        {
            if (files.TryRead(beside + "._pth") is not { } text)
                continue;
            interpreter = interpreter with
            {
                PathFile = PathBytes.Decode(text).Split('\n'),
                PathFileDirectory = LinuxPath.Parent(beside),
                Home = home = LinuxPath.Parent(beside),
            };
            break;
        }

        interpreter = home is null ? interpreter.Search(directory, files, loaded.Process) : interpreter.At(home, files, loaded.Command.WorkingDirectory);
        return interpreter with { ExtensionSuffixes = PythonSuffixes.Of(interpreter, loaded.Process.Program.Elf, files) };
    }

    /// <summary>The value of a variable that counts only when it is not empty.</summary>
    public static string? Value(ExaminedCommand command, string name) =>
        command.Environment[name] is { Length: > 0 } value ? value : null;

    /// <summary>PYTHONHOME: the prefix, and the other one behind a colon.</summary>
    PythonInterpreter At(string home, PythonFiles files, string workingDirectory)
    {
        int colon = home.IndexOf(':');
        string prefix = PythonFiles.Absolute(colon < 0 ? home : home[..colon], workingDirectory);
        string execPrefix = colon < 0 ? prefix : PythonFiles.Absolute(home[(colon + 1)..], workingDirectory);
        PythonInterpreter made = this with { Prefix = prefix, ExecPrefix = execPrefix };
        PythonInterpreter wide = made with { Lib = "lib64" };
        return !made.HasLandmark(prefix, files) && wide.HasLandmark(prefix, files) ? wide : made;
    }

    /// <summary>Up from the executable's directory, then where the build was told that it would be installed.</summary>
    PythonInterpreter Search(string directory, PythonFiles files, LoadedProcess process)
    {
        foreach (string lib in (string[])["lib", "lib64"])
        {
            PythonInterpreter made = this with { Lib = lib };
            string? prefix = Up(directory, up => files.IsFile($"{up.TrimEnd('/')}/{lib}/python3{Minor}.zip") || made.HasLandmark(up, files));
            prefix ??= PythonPrefix.Of(process, $"{lib}/{Name}", files);
            if (prefix is null)
                continue;
            string execPrefix = Up(directory, up => files.IsDirectory($"{up.TrimEnd('/')}/{lib}/{Name}/lib-dynload")) ?? prefix;
            return made with { Prefix = prefix, ExecPrefix = execPrefix };
        }

        string above = LinuxPath.Parent(directory);
        return this with { Prefix = above, ExecPrefix = above };
    }

    bool HasLandmark(string prefix, PythonFiles files)
    {
        string library = $"{prefix.TrimEnd('/')}/{Lib}/{Name}";
        return files.IsFile(library + "/os.py") || files.IsFile(library + "/os.pyc");
    }

    static string? Up(string directory, Predicate<string> isIt)
    {
        // The root directory itself is not looked at: search_up() of getpath.py ends there.
        for (string up = directory; up != "/"; up = LinuxPath.Parent(up))
        {
            if (isIt(up))
                return up;
        }

        return null;
    }

    /// <summary>pyvenv.cfg one above the executable or beside it (PEP 405; site.py).</summary>
    static (string Directory, string? Home, bool SeesSystem)? ReadVenv(string executable, PythonFiles files)
    {
        string beside = LinuxPath.Parent(executable);
        string above = LinuxPath.Parent(beside);
        byte[]? text = files.TryRead($"{above.TrimEnd('/')}/{VenvFile}") ?? files.TryRead($"{beside.TrimEnd('/')}/{VenvFile}");
        if (text is null)
            return null;
        string? home = null;
        bool seesSystem = true;
        foreach (string line in PathBytes.Decode(text).Split('\n'))
        {
            int equals = line.IndexOf('=');
            if (equals < 0)
                continue;
            string key = line[..equals].Trim();
            string value = line[(equals + 1)..].Trim();
            if (key.Equals("home", StringComparison.OrdinalIgnoreCase))
                home ??= value;
            else if (key.Equals("include-system-site-packages", StringComparison.OrdinalIgnoreCase))
                seesSystem = value.Equals("true", StringComparison.OrdinalIgnoreCase);
        }

        return (above, home, seesSystem);
    }
}
