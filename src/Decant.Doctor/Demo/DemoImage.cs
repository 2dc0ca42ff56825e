using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>The demo's image: what one expects to find in a small one, packed from this host.</summary>
sealed class DemoImage
{
    /// <summary>What the image says of itself; the demo's runs look for these.</summary>
    public const string Motd = "This file comes with the image.\n";

    static readonly string[] wanted =
        ["sh", "ls", "cat", "uname", "id", "env", "head", "tail", "wc", "sleep", "true", "false", "echo", "pwd", "mkdir", "rm", "cp", "mv", "ln", "stat", "sort", "seq", "yes", "touch", "date"];

    readonly Pack pack;

    /// <exception cref="DecantException">This host has no sh whose libraries are all there.</exception>
    public DemoImage()
    {
        Python = PythonHome.Find();
        // The system's own programs before those that somebody's PATH puts in front of them.
        string path = Python is null ? LaunchEnvironment.DefaultPath : $"{LaunchEnvironment.DefaultPath}:{LinuxPath.Parent(Python.Executable)}";
        pack = new Pack(new RootView(["/"]), new LaunchEnvironment().With("PATH", path, "decant"), "/");
        foreach (string name in wanted)
        {
            if (TryAdd(name))
                Programs.Add(name);
        }

        if (!Programs.Contains("sh"))
            throw new DecantException("the demo needs a sh whose libraries this host's loader finds", "check it with: ldd /bin/sh");
        if (Python is not null && !TryAdd(Python.Executable))
            Python = null;
        pack.AddText("/etc/motd", Motd);
        pack.Finish("decant demo");
    }

    public List<string> Programs { get; } = [];

    /// <summary>Null where the host has none.</summary>
    public PythonHome? Python { get; }

    public int FileCount => pack.Files.Count();

    public int LibraryCount => pack.Files.Count(file => file.Why.StartsWith("library of ", StringComparison.Ordinal));

    /// <summary>Bytes of all files.</summary>
    public long Content => pack.Files.Sum(file => file.Size);

    /// <summary>Writes it as an OCI image layout.</summary>
    /// <param name="directory">Of the layout.</param>
    /// <param name="scratch">A directory for work in progress.</param>
    /// <returns>Bytes of the layer as stored.</returns>
    public long Write(string directory, string scratch) =>
        TreeExport.Write(ExportTarget.Parse($"oci:{directory}:latest", "demo"), scratch, pack.Config, pack.Write);

    bool TryAdd(string name)
    {
        try
        {
            pack.Add(name);
            return true;
        }
        catch (DecantException)
        {
            // The host has it not, or not whole.
            return false;
        }
    }
}
