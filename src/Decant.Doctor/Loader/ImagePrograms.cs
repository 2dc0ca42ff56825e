using System.Collections.Concurrent;
using Decant.Elf;
using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>The programs of an image as a launch would find and load them; may be shared between threads.</summary>
public sealed class ImagePrograms
{
    /// <summary>BINPRM_BUF_SIZE of the kernel: more of a "#!" line is not read.</summary>
    const int ShebangBytes = 256;

    /// <summary>The kernel's limit to scripts that are run by scripts (execve(2), ELOOP).</summary>
    const int MostScripts = 5;

    readonly RootView view;
    readonly LaunchEnvironment environment;
    readonly string workingDirectory;

    /// <summary>By the loader's path, which no two machines share.</summary>
    readonly ConcurrentDictionary<string, LoaderSettings> settings = new(StringComparer.Ordinal);

    /// <param name="view">The root as the program will see it.</param>
    /// <param name="environment">That it will find.</param>
    /// <param name="workingDirectory">Where it will start.</param>
    /// <param name="files">What is known of the root's files already.</param>
    public ImagePrograms(RootView view, LaunchEnvironment environment, string workingDirectory, RootLoaderFiles? files = null)
    {
        this.view = view;
        this.environment = environment;
        this.workingDirectory = workingDirectory;
        Files = files ?? new RootLoaderFiles(view);
    }

    public RootLoaderFiles Files { get; }

    /// <summary>Who starts the program tries no other of its name where the first on PATH cannot be executed, as bash.</summary>
    internal bool TakesFirst { get; set; }

    /// <summary>Finds a program by its path, or by PATH where the name has no slash, and follows the "#!" lines of scripts.</summary>
    /// <exception cref="ProgramException">There is none, or what is there cannot be run.</exception>
    public FoundProgram Find(string name)
    {
        (string path, List<ScriptLine> scripts) = Execute(name);
        while (scripts is [.., { Program: { } started } line])
        {
            int known = scripts.Count;
            path = Follow(Locate(started, line), name, scripts);
            if (scripts.Count == known)
                break;
        }

        return new FoundProgram(path, scripts);
    }

    /// <summary>The same, but where a "#!" line asks env(1) to find the interpreter, that is the program: what the kernel executes.</summary>
    /// <exception cref="ProgramException">There is none, or what is there cannot be run.</exception>
    public FoundProgram FindExecuted(string name)
    {
        (string path, List<ScriptLine> scripts) = Execute(name);
        return new FoundProgram(path, scripts);
    }

    /// <summary>What is executed of a name: the first on PATH, but where execve(2) does not find its interpreter, execvp(3) tries those behind it.</summary>
    (string Path, List<ScriptLine> Scripts) Execute(string name)
    {
        List<ScriptLine> scripts = [];
        string first = Locate(name, null);
        ProgramException? error = null;
        string? path = null;
        try
        {
            path = Follow(first, name, scripts);
            if (TakesFirst || name.Contains('/') || HasLoader(path))
                return (path, scripts);
        }
        catch (ProgramException e) when (!TakesFirst && !name.Contains('/') && e.Errno is (Errno.ENOENT or Errno.ENOTDIR))
        {
            error = e;
        }

        foreach (string next in Executables(name))
        {
            List<ScriptLine> others = [];
            try
            {
                if (next != first && Follow(next, name, others) is var other && HasLoader(other))
                    return (other, others);
            }
            catch (ProgramException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR)
            {
                // The first is what is told of.
            }
        }

        return error is null ? (path!, scripts) : throw error;
    }

    /// <summary>False where its loader is not there; what is no ELF file needs none.</summary>
    bool HasLoader(string path)
    {
        try
        {
            Files.AdmitProgram(path);
            return Files.Find(path)?.Elf?.Interpreter is not { } loader || view.Kernel.Resolve(loader).Exists;
        }
        catch (Exception e) when (e is DecantException or ElfFormatException)
        {
            return true;
        }
    }

    IEnumerable<string> Executables(string name)
    {
        foreach (string directory in (environment["PATH"] ?? "/bin:/usr/bin").Split(':'))
        {
            string path = $"{(directory.Length == 0 ? workingDirectory : directory).TrimEnd('/')}/{name}";
            RootEntry entry = view.Resolve(path);
            if (entry.Exists && entry.Status.IsRegular && view.May(entry, FileAccessModes.Execute))
                yield return path;
        }
    }

    string Follow(string path, string name, List<ScriptLine> scripts)
    {
        while (Shebang(path) is { } line)
        {
            if (scripts.Count == MostScripts)
                throw new ProgramException($"{PathBytes.Printable(name)}: more than {MostScripts} scripts run each other", name, line, Errno.ELOOP);
            scripts.Add(line);
            path = Locate(line.Interpreter, line);
        }

        return path;
    }

    /// <summary>What its loader binds.</summary>
    /// <param name="path">Of a program, or of a library to be opened by itself.</param>
    /// <exception cref="DecantException">It is no ELF file, a damaged one, or static.</exception>
    public LoadedProcess Load(string path)
    {
        try
        {
            Files.AdmitProgram(path);
            LoaderFile file = Files.Find(path) ?? throw new DecantException($"{PathBytes.Printable(path)} is not there, or may not be read");
            if (file.Elf is not { } elf)
                throw file.Damage!;
            return new LoaderModel(Files, Settings(elf)).Load(path);
        }
        catch (ElfFormatException e)
        {
            throw new DecantException(PathBytes.Printable(e.Message), inner: e);
        }
    }

    /// <summary>What comes into a program with a library that it opens while it runs.</summary>
    /// <exception cref="DecantException">Either is no ELF file, or a damaged one.</exception>
    public LoadedProcess Open(string program, string library)
    {
        try
        {
            Files.AdmitProgram(program);
            ElfFile elf = Files.Find(program)?.Elf ?? throw new DecantException($"{PathBytes.Printable(program)} is not there, or no program");
            return new LoaderModel(Files, Settings(elf)).Open(program, library);
        }
        catch (ElfFormatException e)
        {
            throw new DecantException(PathBytes.Printable(e.Message), inner: e);
        }
    }

    /// <summary>What dlopen(3) of names finds, called by an object of a program's process.</summary>
    /// <param name="opened">A library that the program has opened before; null for none.</param>
    /// <param name="caller">The path of the object.</param>
    /// <exception cref="DecantException">The program or what it opened is no ELF file, or a damaged one.</exception>
    public IReadOnlyList<LibraryLookup> Find(string program, string? opened, string caller, IReadOnlyList<string> names)
    {
        try
        {
            Files.AdmitProgram(program);
            ElfFile elf = Files.Find(program)?.Elf ?? throw new DecantException($"{PathBytes.Printable(program)} is not there, or no program");
            return new LoaderModel(Files, Settings(elf)).Find(program, opened, caller, names);
        }
        catch (ElfFormatException e)
        {
            throw new DecantException(PathBytes.Printable(e.Message), inner: e);
        }
    }

    LoaderSettings Settings(ElfFile elf)
    {
        string interpreter = elf.Interpreter ?? DefaultInterpreter.Of(elf, Files) ?? "";
        return settings.GetOrAdd(interpreter, _ => LoaderSettings.Of(interpreter, Files) with
        {
            Cpu = LoaderCpu.OfThisMachine(elf.Machine),
            LibraryPath = environment["LD_LIBRARY_PATH"],
            Preload = environment["LD_PRELOAD"],
            WorkingDirectory = workingDirectory,
        });
    }

    string Locate(string name, ScriptLine? script)
    {
        if (name.Contains('/'))
        {
            string path = name[0] == '/' ? name : $"{workingDirectory.TrimEnd('/')}/{name}";
            RootEntry entry = view.Resolve(path);
            if (!entry.Exists)
                throw new ProgramException(Why(path, entry), name, script, entry.Errno) { Link = DanglingLink.Find(view, path) };
            return entry.Status.IsDirectory ? throw new ProgramException($"{PathBytes.Printable(path)} in the image is a directory", name, script, Errno.EACCES) : path;
        }

        // What execvp(3) takes where there is no PATH.
        string? closed = null;
        foreach (string directory in (environment["PATH"] ?? "/bin:/usr/bin").Split(':'))
        {
            string path = $"{(directory.Length == 0 ? workingDirectory : directory).TrimEnd('/')}/{name}";
            RootEntry entry = view.Resolve(path);
            if (entry.Exists && entry.Status.IsRegular && view.May(entry, FileAccessModes.Execute))
                return path;
            if (closed is null && (entry.Errno == Errno.EACCES ? view.Kernel.Resolve(path) : entry) is { Exists: true, Status.IsRegular: true })
                closed = path;
        }

        // Where nothing better comes, what may not be executed is what is told of.
        if (closed is not null)
            return Locate(closed, script);
        throw new ProgramException(
            $"no program {PathBytes.Printable(name)} on the image's PATH, {PathBytes.Printable(environment["PATH"] ?? "")}", name, script, fix: "name a library or program by its path")
        {
            Link = LinkOnPath(name),
        };
    }

    DanglingLink? LinkOnPath(string name) =>
        (environment["PATH"] ?? "").Split(':').Take(DanglingLink.MostLooks).Select(directory => DanglingLink.Find(view, $"{(directory.Length == 0 ? workingDirectory : directory).TrimEnd('/')}/{name}")).FirstOrDefault(link => link?.IsNamed(name) == true);

    static string Why(string path, in RootEntry entry) => entry is { Errno: Errno.EACCES, ExistingParent: { } closed }
        ? $"{PathBytes.Printable(path)} is in {PathBytes.Printable(closed)} or below, which may not be searched"
        : $"{PathBytes.Printable(path)} in the image: {entry.Errno.Describe()}";

    ScriptLine? Shebang(string path) => ScriptLine.Parse(path, Beginning(path));

    /// <summary>What the kernel reads of a file to see what it is, whatever the user may read; nothing of what is no file.</summary>
    internal byte[] Beginning(string path)
    {
        RootEntry entry = view.Kernel.Resolve(path);
        if (!entry.Exists || !entry.Status.IsRegular)
            return [];
        byte[] start = new byte[ShebangBytes];
        using FileStream file = new(view.Kernel.Open(entry), FileAccess.Read, 0);
        return start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
    }
}
