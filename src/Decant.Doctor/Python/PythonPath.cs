using Decant.Linux;

namespace Decant.Doctor;

/// <summary>sys.path as an interpreter would have it when it begins with a script (Modules/getpath.py, Python/pathconfig.c, Lib/site.py).</summary>
sealed class PythonPath
{
    readonly PythonInterpreter interpreter;
    readonly ExaminedCommand command;
    readonly PythonFiles files;
    readonly List<PythonPathElement> elements = [];
    readonly List<PythonPathHook> hooks = [];

    /// <summary>site.py adds no directory twice.</summary>
    readonly HashSet<string> known = new(StringComparer.Ordinal);

    PythonPath(PythonInterpreter interpreter, ExaminedCommand command)
    {
        this.interpreter = interpreter;
        this.command = command;
        files = command.Root.Python;
    }

    public IReadOnlyList<PythonPathElement> Elements => elements;

    public IReadOnlyList<PythonPathHook> Hooks => hooks;

    /// <summary>PYTHONPATH.</summary>
    public string? Variable => command.Environment["PYTHONPATH"];

    public static PythonPath Of(PythonInterpreter interpreter, ExaminedCommand command)
    {
        PythonPath path = new(interpreter, command);
        bool withSite = !interpreter.Invocation.WithoutSite;
        if (interpreter.PathFile is { } lines)
            withSite &= path.AddPathFile(lines);
        else
            path.AddLibraries();
        if (withSite)
            path.AddSites();
        if (interpreter.PathFile is null)
            path.InsertFirst();
        return path;
    }

    /// <summary>The lines of a ._pth file; true where it asks for site.py too.</summary>
    bool AddPathFile(IReadOnlyList<string> lines)
    {
        bool withSite = false;
        foreach (string line in lines)
        {
            string text = line.Split('#')[0].Trim();
            if (text == "import site")
                withSite = true;
            else if (text.Length > 0 && !text.StartsWith("import ", StringComparison.Ordinal))
                Add(PythonFiles.Absolute(text, interpreter.PathFileDirectory!), PythonPlace.PathFile, "._pth file beside the interpreter");
        }

        return withSite;
    }

    void AddLibraries()
    {
        if (!interpreter.Invocation.IgnoresEnvironment && PythonInterpreter.Value(command, "PYTHONPATH") is { } list)
        {
            foreach (string element in list.Split(':'))
                Add(PythonFiles.Absolute(element.Length == 0 ? "." : element, command.WorkingDirectory), PythonPlace.Variable, "PYTHONPATH");
        }

        string origin = interpreter.Home is null ? "standard library" : "standard library, by PYTHONHOME";
        Add(interpreter.ZippedLibrary, PythonPlace.Library, origin);
        Add(interpreter.StandardLibrary, PythonPlace.Library, origin);
        Add(interpreter.DynamicLibrary, PythonPlace.Library, origin);
    }

    /// <summary>main() of site.py.</summary>
    void AddSites()
    {
        PythonSource site = files.Source(interpreter.StandardLibrary + "/site.py");
        bool isDebian = site.Contains("\"dist-packages\"");
        bool userSite = !interpreter.Invocation.WithoutUserSite && (interpreter.Invocation.IgnoresEnvironment || PythonInterpreter.Value(command, "PYTHONNOUSERSITE") is null);
        if (interpreter.Venv is { } venv)
        {
            AddSitesOf(venv, isDebian);
            userSite &= interpreter.VenvSeesSystem;
        }

        string home = command.Environment["HOME"] ?? "/";
        string user = command.Environment["PYTHONUSERBASE"] is { Length: > 0 } named ? named : $"{home.TrimEnd('/')}/.local";
        if (userSite)
            AddSite(PythonFiles.Absolute($"{user}/lib/{interpreter.Name}/site-packages", command.WorkingDirectory), PythonPlace.UserSite, "packages of the user");
        if (interpreter.Venv is not null && !interpreter.VenvSeesSystem)
            return;
        // Fedora's site.py puts this prefix first.
        if (userSite && site.Contains("insert(0, \"/usr/local\")") && command.Environment["RPM_BUILD_ROOT"] is null)
            AddSitesOf("/usr/local", isDebian);
        // In a virtual environment it stands for both prefixes; PREFIXES still has the base's.
        AddSitesOf(interpreter.Prefix, isDebian);
        AddSitesOf(interpreter.ExecPrefix, isDebian);
    }

    /// <summary>getsitepackages() of site.py, and of Debian's.</summary>
    void AddSitesOf(string prefix, bool isDebian)
    {
        string start = prefix.TrimEnd('/');
        string origin = prefix == interpreter.Venv ? "packages of the virtual environment" : "packages of the interpreter";
        string[] libs = interpreter.Lib == "lib" ? ["lib"] : [interpreter.Lib, "lib"];
        if (!isDebian)
        {
            foreach (string lib in libs)
                AddSite($"{start}/{lib}/{interpreter.Name}/site-packages", PythonPlace.Site, origin);
            return;
        }

        if (interpreter.Venv is not null)
            AddSite($"{start}/lib/{interpreter.Name}/site-packages", PythonPlace.Site, origin);
        AddSite($"{start}/local/lib/{interpreter.Name}/dist-packages", PythonPlace.Site, origin);
        AddSite($"{start}/lib/python3/dist-packages", PythonPlace.Site, origin);
        foreach (string lib in libs)
            AddSite($"{start}/{lib}/{interpreter.Name}/dist-packages", PythonPlace.Site, origin);
    }

    /// <summary>addsitedir() of site.py: a directory, and what its .pth files name.</summary>
    void AddSite(string directory, PythonPlace place, string origin)
    {
        if (!files.IsDirectory(directory))
            return;
        directory = PythonFiles.Absolute(directory, command.WorkingDirectory);
        Add(directory, place, origin);
        List<string> names = [.. (files.Names(directory) ?? []).Where(name => name.EndsWith(".pth", StringComparison.Ordinal))];
        names.Sort(StringComparer.Ordinal);
        foreach (string name in names)
            AddPathConfiguration(directory, name);
    }

    void AddPathConfiguration(string directory, string name)
    {
        string file = LinuxPath.Join(directory, name);
        if (files.TryRead(file) is not { } text)
            return;
        foreach (string line in PathBytes.Decode(text).TrimStart('\uFEFF').Split('\n', '\r'))
        {
            if (line.StartsWith('#') || line.Trim().Length == 0)
                continue;
            if (line.StartsWith("import ", StringComparison.Ordinal) || line.StartsWith("import\t", StringComparison.Ordinal))
            {
                hooks.Add(new PythonPathHook(file, line));
                continue;
            }

            string named = PythonFiles.Absolute(line.TrimEnd(), directory);
            if (!known.Contains(named) && files.Exists(named))
                Add(named, PythonPlace.PathFile, PathBytes.Printable(file));
        }
    }

    /// <summary>What Python puts first, once all else is there: without looking whether it is there already.</summary>
    void InsertFirst()
    {
        PythonInvocation invocation = interpreter.Invocation;
        bool isSafe = invocation.IsSafePath && (interpreter.Minor >= 11 || invocation.IgnoresEnvironment);
        if (invocation.Task == PythonTask.Script)
        {
            string script = PythonFiles.Absolute(invocation.Subject, command.WorkingDirectory);
            // A directory or archive is searched even so: it is what is run.
            if (files.IsDirectory(script) || (files.IsFile(script) && files.Archive(script) is not null))
            {
                elements.Insert(0, new PythonPathElement(script, PythonPlace.Script, "what is run"));
                return;
            }

            if (!isSafe && !IsSafeByEnvironment())
                elements.Insert(0, new PythonPathElement(LinuxPath.Parent(files.RealPath(script)), PythonPlace.Script, "directory of the script"));
            return;
        }

        if (!isSafe && !IsSafeByEnvironment())
            elements.Insert(0, new PythonPathElement(command.WorkingDirectory, PythonPlace.WorkingDirectory, "working directory"));
    }

    bool IsSafeByEnvironment() =>
        interpreter.Minor >= 11 && !interpreter.Invocation.IgnoresEnvironment && PythonInterpreter.Value(command, "PYTHONSAFEPATH") is not null;

    void Add(string directory, PythonPlace place, string origin)
    {
        if (known.Add(directory))
            elements.Add(new PythonPathElement(directory, place, origin));
    }
}
