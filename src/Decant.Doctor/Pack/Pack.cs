using Decant.Elf;
using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// Programs of a root with all that they load: libraries as the loader binds them, interpreters of scripts, what libraries open by
/// themselves (<see cref="PluginFamily"/>), and Python's and Perl's own modules. Each file keeps its path.
/// </summary>
public sealed class Pack
{
    readonly RootView root;
    readonly ImagePrograms programs;
    readonly PluginFiles plugins;
    readonly ExaminedCommand command;
    readonly LaunchEnvironment environment;
    readonly PackedTree tree;
    readonly List<LeftOutFile> leftOut = [];
    readonly List<string> damaged = [];
    readonly List<string> names = [];

    /// <summary>What was asked for its plugins already, by its path.</summary>
    readonly HashSet<string> openers = new(StringComparer.Ordinal);

    readonly HashSet<string> closed = new(StringComparer.Ordinal);
    bool usesLibraryPath;
    bool usesCache;

    /// <param name="root">The host's, or another.</param>
    /// <param name="environment">PATH and LD_LIBRARY_PATH of who asks.</param>
    /// <param name="workingDirectory">Where relative paths start.</param>
    public Pack(RootView root, LaunchEnvironment environment, string workingDirectory)
    {
        this.root = root;
        this.environment = environment;
        RootIndex index = new(root, []);
        command = new ExaminedCommand(index, environment, workingDirectory, ["-"]);
        programs = command.Programs;
        plugins = new PluginFiles(root, index.Files, environment["PATH"] ?? "");
        tree = new PackedTree(root);
        foreach (string link in (string[])["/bin", "/sbin", "/lib", "/lib64", "/lib32", "/libx32"])
            tree.AddLink(link);
        foreach (string directory in (string[])["/dev", "/proc", "/root", "/sys", "/tmp", "/usr/bin", "/etc"])
            tree.AddDirectory(directory);
    }

    /// <summary>Each file's path and why it is there, in order.</summary>
    public IEnumerable<(string Path, string Why, long Size)> Files => tree.Files.Select(file => (file.Key, file.Value.Why, file.Value.Size));

    public IReadOnlyDictionary<string, string> Links => tree.Links;

    /// <summary>Plugins that cannot be loaded here either, and the GPU's driver.</summary>
    public IReadOnlyList<LeftOutFile> LeftOut => leftOut;

    /// <summary>What is packed and may not work there, a sentence each.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            string[] setId = [.. tree.Files.Where(file => file.Value.HasSetId).Select(file => PathBytes.Printable(file.Key))];
            string files = setId.Length == 1 ? setId[0] : $"{setId.Length} files, {(setId.Length > 0 ? setId[0] : "")} among them";
            return [.. damaged, .. setId.Length == 0 ? (string[])[] : [$"{files}: packed without the set-user-ID and set-group-ID bits that the host's have"]];
        }
    }

    /// <summary>How the image runs: the first program that was added, with a PATH that has them all.</summary>
    public ImageRunConfig Config => new() { Env = [.. Variables()], Cmd = names.Count > 0 ? [names[0]] : [] };

    /// <summary>A program by its name on PATH, or a program, library, script or other file by its path; a directory with all in it.</summary>
    /// <exception cref="DecantException">It is not there, or a library that it needs is missing.</exception>
    public void Add(string name)
    {
        string path = Locate(name);
        RootEntry entry = root.Resolve(path);
        if (entry.Status.IsDirectory)
        {
            AddDirectory(path, $"in {name}");
            return;
        }

        if (!entry.Status.IsRegular)
            throw new DecantException($"{PathBytes.Printable(path)}: neither a file nor a directory, so it cannot be packed");
        AddFile(path, "asked for", isNeeded: true);
        if (ShellOf(path) is { } shell)
            LeaveOut(path, $"what it starts, as it is a script of {shell}: name its programs too");
        if ((entry.Status.Mode & 0x49) != 0)
            names.Add(name.Contains('/') ? path : name);
    }

    /// <summary>What every image is expected to have, and does not take from the programs.</summary>
    /// <param name="name">What the image calls itself; null for what the host calls itself.</param>
    public void Finish(string? name = null)
    {
        if (usesCache)
            _ = tree.Add("/etc/ld.so.cache", "the loader's cache");
        tree.AddText("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n");
        tree.AddText("/etc/group", "root:x:0:\nnogroup:x:65534:\n");
        if (name is not null)
            tree.AddText("/etc/os-release", $"NAME=\"{name}\"\nID=decant\nPRETTY_NAME=\"{name} image\"\n");
        else
            _ = tree.Add("/etc/os-release", "what the files are of");
    }

    /// <summary>A file that the host does not have.</summary>
    /// <param name="path">Absolute, without links.</param>
    public void AddText(string path, string text) => tree.AddText(path, text);

    public void Write(TreeArchive archive) => tree.Write(archive);

    string Locate(string name)
    {
        if (!name.Contains('/'))
        {
            foreach (string directory in (environment["PATH"] ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            {
                string candidate = LinuxPath.Join(directory.TrimEnd('/'), name);
                if (root.Resolve(candidate) is { Exists: true, Status.IsRegular: true } found && (found.Status.Mode & 0x49) != 0)
                    return candidate;
            }

            bool isHere = root.Resolve(LinuxPath.Join(command.WorkingDirectory, name)).Exists;
            throw new DecantException($"{PathBytes.Printable(name)}: no program of that name on PATH, {PathBytes.Printable(environment["PATH"] ?? "")}",
                isHere ? $"name what is in this directory by its path: ./{PathBytes.Printable(name)}" : "install it, or name a file or directory by its path");
        }

        string path = LinuxPath.Absolute(name).TrimEnd('/') is { Length: > 0 } absolute ? absolute : "/";
        RootEntry entry = root.Resolve(path);
        if (!entry.Exists)
            throw new DecantException($"{PathBytes.Printable(path)}: {entry.Errno.Describe()}");
        return path == "/" || entry.Path == "/" ? throw new DecantException("/: the whole host is no set of programs", "decant run rootfs:/ runs from it as it is") : path;
    }

    /// <param name="arePrograms">Its scripts are to be started, not only read.</param>
    void AddDirectory(string directory, string why, bool arePrograms = true)
    {
        tree.AddDirectory(root.Resolve(directory).Path);
        tree.AddLink(directory);
        Stack<string> rest = new([root.Resolve(directory).Path]);
        while (rest.TryPop(out string? at))
        {
            foreach ((string name, RootEntry entry) in Entries(at))
            {
                string path = LinuxPath.Join(at, name);
                if (entry.Status.IsDirectory)
                {
                    tree.AddDirectory(path);
                    rest.Push(path);
                }
                else if (entry.Status.IsRegular)
                {
                    AddFile(path, why, isNeeded: false, isProgram: arePrograms);
                }
                else if (entry.Status.IsSymbolicLink)
                {
                    tree.AddLink(path);
                    if (root.Resolve(path) is { Exists: true, Status.IsRegular: true })
                        AddFile(path, why, isNeeded: false, isProgram: arePrograms);
                }
            }
        }
    }

    /// <summary>In order; of a directory that is closed to the caller none, and that is told.</summary>
    List<KeyValuePair<string, RootEntry>> Entries(string directory)
    {
        try
        {
            return [.. root.Entries(directory).OrderBy(one => one.Key, StringComparer.Ordinal)];
        }
        catch (LinuxException e)
        {
            LeaveOut(directory, $"it may not be read ({e.Errno.Describe()})");
            return [];
        }
    }

    /// <param name="isNeeded">Nothing of it may be missing; else it is left out, and that is told.</param>
    /// <param name="opener">The program that opens it; null for what is started or loaded by itself.</param>
    /// <param name="isProgram">A script's interpreter is wanted too.</param>
    void AddFile(string path, string why, bool isNeeded, string? opener = null, bool isProgram = true)
    {
        string real = root.Resolve(path).Path;
        if (!closed.Add($"{real}\n{opener}"))
        {
            // By another name: its links are new.
            if (tree.Contains(real))
                _ = tree.Add(path, why);
            return;
        }

        if (DriverLibraries.Contain(path))
        {
            LeaveOut(path, "it belongs to the GPU's driver, which each host has itself");
            return;
        }

        if (Closure(path, isNeeded, opener) is not { } loaded)
            return;
        if (!tree.Add(path, why))
        {
            if (isNeeded)
                throw new DecantException($"{PathBytes.Printable(path)}: it may not be read");
            LeaveOut(path, "it may not be read");
            return;
        }

        foreach (ScriptLine script in isProgram ? loaded.Program?.Scripts ?? [] : [])
            AddScript(script);
        if (loaded.Process is { } process)
            AddProcess(process, loaded.Program, path);
    }

    void AddScript(ScriptLine script)
    {
        AddFile(Locate(script.Interpreter), $"runs {script.Script}", isNeeded: false);
        if (script.Program is { } program)
            AddFile(Locate(program), $"runs {script.Script}", isNeeded: false);
    }

    /// <summary>The name of the shell that a script's first line names; null for what is none.</summary>
    string? ShellOf(string path) =>
        programs.Find(path) is { Scripts: [var first, ..] } && LinuxPath.Name(first.Program ?? first.Interpreter) is ("sh" or "bash" or "dash" or "zsh" or "ksh") and string shell ? shell : null;

    void AddProcess(LoadedProcess process, FoundProgram? program, string path)
    {
        foreach (LoadedObject library in process.Objects.Append(process.Interpreter).OfType<LoadedObject>())
        {
            if (library == process.Program && program is null && process.Opened is not null)
                continue;
            if (DriverLibraries.Contain(library.Path))
            {
                LeaveOut(library.Path, "it belongs to the GPU's driver, which each host has itself");
                continue;
            }

            _ = tree.Add(library.Path, library.Loader is { } loader && loader.Path != path ? $"library of {loader.Path}" : $"library of {path}");
            // A copy for this processor alone; another takes the plain one.
            if (library.Path.IndexOf("/glibc-hwcaps/", StringComparison.Ordinal) is > 0 and int at)
                _ = tree.Add($"{library.Path[..at]}/{LinuxPath.Name(library.Path)}", $"library of {path} on other processors");
            AddPlugins(process, library);
        }

        foreach (LibraryLookup lookup in process.Lookups)
        {
            usesLibraryPath |= lookup.Rule == BindingRule.LibraryPath;
            usesCache |= lookup.Rule == BindingRule.Cache;
        }

        if (program is not null)
            AddLanguage(process, program, path);
    }

    void AddPlugins(LoadedProcess process, LoadedObject library)
    {
        if (!openers.Add(library.Path))
            return;
        foreach ((PluginFamily family, string path) in plugins.Of(process, library))
            AddFile(path, $"opened by {family.Name}", isNeeded: false, process.Program.Elf.Interpreter is null ? null : process.Program.Path);
    }

    void AddLanguage(LoadedProcess process, FoundProgram program, string path)
    {
        if (PythonInterpreter.Of(new LoadedCommand(command.Running([program.Path]), program, process)) is { } python && openers.Add(python.StandardLibrary))
        {
            foreach (string file in PackedPython.Files(python, root))
                AddFile(file, $"of {python.Name}", isNeeded: false, program.Path, isProgram: false);
        }
        else if (PackedPython.Embedded(process, command.Root.Python) is { } library && openers.Add(library))
        {
            foreach (string file in PackedPython.Files([library], root))
                AddFile(file, $"of the Python in {path}", isNeeded: false, program.Path, isProgram: false);
        }
        else if (PackedPerl.Directories(process, program, command.Root.Files) is { Count: > 0 } directories && openers.Add(directories[0]))
        {
            foreach (string directory in directories.Where(one => root.Resolve(one) is { Exists: true, Status.IsDirectory: true }))
                AddDirectory(directory, "of Perl", arePrograms: false);
        }
    }

    /// <summary>Null where it is left out; no process for what is no dynamic ELF file.</summary>
    (FoundProgram? Program, LoadedProcess? Process)? Closure(string path, bool isNeeded, string? opener)
    {
        FoundProgram? program = null;
        LoadedProcess process;
        try
        {
            LoaderFile? file = command.Root.Files.Find(path);
            if (file?.Elf is null)
            {
                if (file?.Damage is { } damage && IsElf(path))
                    damaged.Add($"{PathBytes.Printable(path)}: packed as it is, a damaged ELF file: {PathBytes.Printable(damage.Cause)}");
                program = programs.Find(path);
                // Of a script, what runs it is packed as a program of its own.
                return (program, null);
            }

            if (!file.Elf.IsDynamic)
                return (null, null);
            bool isProgram = file.Elf.Interpreter is not null;
            process = isProgram || opener is null ? programs.Load(path) : programs.Open(opener, path);
            program = isProgram ? new FoundProgram(path, []) : null;
        }
        catch (Exception e) when (e is DecantException or ElfFormatException)
        {
            // A text that begins like a script, or a file that only looks like ELF, is data all the same.
            if (isNeeded && e is ProgramException missing)
                throw new DecantException($"{PathBytes.Printable(missing.Script?.Script ?? path)} cannot start here, so it cannot be packed: {PathBytes.Printable(missing.Name)}: {missing.Errno.Describe()}", missing.Script is null ? null : $"install {PathBytes.Printable(missing.Name)}, or change the first line of the script", e);
            if (command.Root.Files.Find(path)?.Elf is null)
                return (null, null);
            if (isNeeded)
                throw new DecantException(PathBytes.Printable(e.Message), inner: e);
            damaged.Add($"{PathBytes.Printable(path)}: packed without its libraries: {PathBytes.Printable(e.Message)}");
            return (null, null);
        }

        foreach (LibraryLookup lookup in process.Missing)
        {
            // The driver's libraries are not expected here.
            if (DriverLibraries.Contain(lookup.Name))
                continue;
            string reason = $"{PathBytes.Printable(lookup.RequestedBy.Path)} needs {PathBytes.Printable(lookup.Name)}, which this host's loader does not find";
            if (isNeeded && process.Program.Elf.Machine is var machine && !DoctorHost.Probe().Runs(machine))
                throw new DecantException($"{PathBytes.Printable(path)} is for {machine.Describe()}, and this host does not have what it loads: {reason}", "pack it on a machine of its kind");
            if (isNeeded)
                throw new DecantException($"{PathBytes.Printable(path)} cannot start here, so it cannot be packed: {reason}", "set LD_LIBRARY_PATH, or install what is missing; decant ldd rootfs:/ PROGRAM shows the search");
            LeaveOut(path, reason);
            return null;
        }

        return (program, process);
    }

    bool IsElf(string path)
    {
        Span<byte> start = stackalloc byte[4];
        using FileStream file = new(root.Open(root.Resolve(path)), FileAccess.Read, 0);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual("\u007fELF"u8);
    }

    void LeaveOut(string path, string reason)
    {
        string real = root.Resolve(path).Path;
        if (!leftOut.Exists(one => one.Path == real))
            leftOut.Add(new LeftOutFile(real, reason));
    }

    IEnumerable<string> Variables()
    {
        // In the caller's order, which decides between programs of one name; what nothing was packed from is not named.
        string[] standard = LaunchEnvironment.DefaultPath.Split(':');
        IEnumerable<string> own = (environment["PATH"] ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Select(directory => directory.TrimEnd('/'))
            .Where(directory => standard.Contains(directory) || names.Exists(name => tree.Contains(LinuxPath.Join(directory, LinuxPath.Name(name)))));
        yield return $"PATH={string.Join(':', own.Concat(standard).Distinct(StringComparer.Ordinal))}";
        if (usesLibraryPath)
            yield return $"LD_LIBRARY_PATH={environment["LD_LIBRARY_PATH"]}";
    }
}
