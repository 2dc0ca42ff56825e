using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// What a root has, wherever it has it: found by walking it once, when it is first asked for. Only the image's own files count; what is
/// bound over them is not walked.
/// </summary>
public sealed class RootIndex
{
    /// <summary>Beyond it a walk would take longer than a person waits.</summary>
    const int MostDirectories = 200_000;

    readonly Lazy<Content> content;

    /// <param name="view">The root as programs will see it.</param>
    /// <param name="layers">The image's own directories on the host.</param>
    public RootIndex(RootView view, IReadOnlyList<string> layers)
    {
        View = view;
        Files = new RootLoaderFiles(view);
        Python = new PythonFiles(view);
        Cuda = new CudaFiles(this);
        content = new Lazy<Content>(() => Walk(view, layers));
    }

    public RootView View { get; }

    public RootLoaderFiles Files { get; }

    /// <summary>What is known of its Python modules.</summary>
    internal PythonFiles Python { get; }

    /// <summary>What is known of its CUDA.</summary>
    internal CudaFiles Cuda { get; }

    /// <summary>Files that may be executed and are no libraries, by their paths.</summary>
    public IReadOnlyList<string> Executables => content.Value.Executables;

    /// <summary>Every path whose name is that of a shared library or plugin, links included.</summary>
    public IReadOnlyList<string> Libraries => content.Value.Libraries;

    /// <summary>The same without links.</summary>
    public IReadOnlyList<string> LibraryFiles => content.Value.LibraryFiles;

    /// <summary>Directories that Python packages are installed in.</summary>
    public IReadOnlyList<string> PythonDirectories => content.Value.Python;

    /// <summary>The directories that hold a library of this name.</summary>
    public IReadOnlyList<string> LibraryDirectories(string name) => Find(content.Value.LibraryDirectories, name);

    /// <summary>The directories that hold a program of this name.</summary>
    public IReadOnlyList<string> ProgramDirectories(string name) => Find(content.Value.ProgramDirectories, name);

    static List<string> Find(Dictionary<string, List<string>> directories, string name) =>
        directories.TryGetValue(name, out List<string>? found) ? found : [];

    static Content Walk(RootView view, IReadOnlyList<string> layers)
    {
        Content found = new();
        Stack<string> rest = new(["/"]);
        for (int walked = 0; rest.TryPop(out string? directory) && walked < MostDirectories; walked++)
        {
            KeyValuePair<string, RootEntry>[] entries;
            try
            {
                entries = [.. view.Entries(directory)];
            }
            catch (LinuxException)
            {
                // Closed to the caller, and so to the program.
                continue;
            }

            foreach ((string name, RootEntry entry) in entries)
            {
                // Of a root that is the host itself too.
                if (directory == "/" && name is "proc" or "sys" or "dev")
                    continue;
                string path = directory == "/" ? "/" + name : $"{directory}/{name}";
                if (!IsOwn(entry, layers))
                    continue;
                if (entry.Status.IsDirectory)
                    rest.Push(path);
                found.Add(directory, name, path, entry.Status);
            }
        }

        found.Sort();
        return found;
    }

    static bool IsOwn(in RootEntry entry, IReadOnlyList<string> layers)
    {
        foreach (string layer in layers)
        {
            if (entry.HostPath is { } host && host.StartsWith(layer, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    sealed class Content
    {
        public readonly List<string> Executables = [];
        public readonly List<string> Libraries = [];
        public readonly List<string> LibraryFiles = [];
        public readonly List<string> Python = [];
        public readonly Dictionary<string, List<string>> LibraryDirectories = new(StringComparer.Ordinal);
        public readonly Dictionary<string, List<string>> ProgramDirectories = new(StringComparer.Ordinal);

        public void Add(string directory, string name, string path, in FileStatus status)
        {
            const uint executable = 0x49;
            if (status.IsDirectory)
            {
                if (name is "site-packages" or "dist-packages")
                    Python.Add(path);
                return;
            }

            if (!status.IsRegular && !status.IsSymbolicLink)
                return;
            if (name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal))
            {
                Libraries.Add(path);
                if (status.IsRegular)
                    LibraryFiles.Add(path);
                Put(LibraryDirectories, name, directory);
            }
            else if (status.IsSymbolicLink || (status.Mode & executable) != 0)
            {
                if (status.IsRegular)
                    Executables.Add(path);
                Put(ProgramDirectories, name, directory);
            }
        }

        public void Sort()
        {
            Executables.Sort(StringComparer.Ordinal);
            Libraries.Sort(StringComparer.Ordinal);
            LibraryFiles.Sort(StringComparer.Ordinal);
            Python.Sort(StringComparer.Ordinal);
            foreach (List<string> directories in LibraryDirectories.Values)
                directories.Sort(StringComparer.Ordinal);
            foreach (List<string> directories in ProgramDirectories.Values)
                directories.Sort(StringComparer.Ordinal);
        }

        static void Put(Dictionary<string, List<string>> directories, string name, string directory)
        {
            if (!directories.TryGetValue(name, out List<string>? known))
                directories.Add(name, known = []);
            known.Add(directory);
        }
    }
}
