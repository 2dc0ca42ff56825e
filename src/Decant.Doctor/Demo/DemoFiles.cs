using Decant.Elf;
using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// What goes into the demo's image: programs of this host, each where its real path is (its $ORIGIN), and the libraries that
/// the host's loader binds for them, each under the path that the loader used.
/// </summary>
sealed class DemoFiles
{
    /// <summary>What the demo calls, and what one expects to find in a small image.</summary>
    static readonly string[] Wanted =
        ["sh", "ls", "cat", "uname", "id", "env", "head", "tail", "wc", "sleep", "true", "false", "echo", "pwd", "mkdir", "rm", "cp", "mv", "ln", "stat", "sort", "seq", "yes", "touch", "date"];

    readonly SortedDictionary<string, string> files = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, string> links = new(StringComparer.Ordinal);
    readonly RootLoaderFiles host = new(new RootView(["/"]));
    readonly HashSet<string> libraries = new(StringComparer.Ordinal);

    /// <summary>Path in the image to path on the host.</summary>
    public IReadOnlyDictionary<string, string> Files => files;

    /// <summary>Path in the image to the link's text.</summary>
    public IReadOnlyDictionary<string, string> Links => links;

    public List<string> Programs { get; } = [];

    public int LibraryCount => libraries.Count;

    public PythonHome? Python { get; private set; }

    /// <exception cref="DecantException">This host has no sh whose libraries are all there.</exception>
    public static DemoFiles Gather()
    {
        DemoFiles demo = new();
        demo.links.Add("/bin", "usr/bin");
        foreach (string name in Wanted)
        {
            if (HostProgram.Find(name) is string path && demo.AddProgram(name, path))
                demo.Programs.Add(name);
        }

        if (!demo.Programs.Contains("sh"))
            throw new DecantException("the demo needs a dynamically linked sh whose libraries this host's loader finds", "check it with: ldd /bin/sh");
        demo.AddPython();
        demo.AddIfPresent("/etc/ld.so.cache");
        return demo;
    }

    bool AddProgram(string name, string path)
    {
        if (!AddBinary(path, null))
            return false;
        string real = InImage(path);
        if (real != $"/usr/bin/{name}")
            links[$"/usr/bin/{name}"] = real;
        return true;
    }

    void AddPython()
    {
        if (PythonHome.Find() is not PythonHome python || !AddProgram("python3", python.Executable))
            return;
        Python = python;
        LoaderSettings settings = Settings(python.Executable);
        foreach (string file in python.LibraryFiles())
        {
            // Extension modules whose libraries the host lacks are left out, as they do not load here either.
            if (file.EndsWith(".so", StringComparison.Ordinal))
                AddBinary(file, settings);
            else if (LinuxFile.CanAccess(file, 4))
                files[file] = file;
        }
    }

    /// <summary>A program or extension module with all that it binds; false, with nothing added, where something is missing.</summary>
    bool AddBinary(string path, LoaderSettings? settings)
    {
        LoadedProcess process;
        try
        {
            process = new LoaderModel(host, settings ?? Settings(path)).Load(path);
        }
        catch (ElfFormatException)
        {
            // A script, or a file of another kind.
            return false;
        }

        if (process.Missing.Any())
            return false;
        files[InImage(path)] = path;
        foreach (LoadedObject library in process.Objects.Skip(1).Append(process.Interpreter).OfType<LoadedObject>())
        {
            files[library.Path] = library.Path;
            libraries.Add(library.Path);
            // Before 2.34, glibc looks up users through a library that nothing names as needed.
            if (library.Elf.Soname == "libc.so.6")
                AddIfPresent(library.Path[..library.Path.LastIndexOf('/')] + "/libnss_files.so.2");
        }

        return true;
    }

    /// <summary>Of the loader that the program names.</summary>
    LoaderSettings Settings(string path)
    {
        ElfFile? elf = host.Find(path)?.Elf;
        return elf?.Interpreter is string interpreter
            ? LoaderSettings.Of(interpreter, host) with { Cpu = LoaderCpu.OfThisMachine(elf.Machine) }
            : new LoaderSettings();
    }

    void AddIfPresent(string path)
    {
        if (LinuxFile.CanAccess(path, 4))
            files[path] = path;
    }

    /// <summary>/bin is a link to usr/bin in the image.</summary>
    static string InImage(string path) => path.StartsWith("/bin/", StringComparison.Ordinal) ? "/usr" + path : path;
}
