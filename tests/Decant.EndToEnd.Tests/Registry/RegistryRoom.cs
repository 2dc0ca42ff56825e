namespace Decant.EndToEnd.Tests.Registry;

/// <summary>A user's surroundings for one test: a store, a configuration, and files for credentials, all of them empty.</summary>
public sealed class RegistryRoom : IDisposable
{
    readonly Dictionary<string, string> variables;

    /// <param name="configuration">config.toml.</param>
    public RegistryRoom(string configuration = "")
    {
        Directory = Workplace.NewDirectory(User.Root);
        System.IO.Directory.CreateDirectory(Path("config/decant"));
        File.WriteAllText(Path("config/decant/config.toml"), configuration);
        variables = new()
        {
            ["DECANT_ROOT"] = Path("store"),
            ["HOME"] = Directory,
            ["XDG_CONFIG_HOME"] = Path("config"),
            ["XDG_RUNTIME_DIR"] = Path("runtime"),
        };
    }

    public string Directory { get; }

    /// <summary>Docker's file of this room.</summary>
    public string DockerFile => Path(".docker/config.json");

    /// <summary>Podman's file of this room.</summary>
    public string PodmanFile => Path("runtime/containers/auth.json");

    public string Path(string name) => $"{Directory}/{name}";

    public string Write(string path, string text)
    {
        System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public ProgramResult Decant(params string[] arguments) => DecantWithInput("", arguments);

    public ProgramResult DecantWithInput(string input, params string[] arguments) =>
        Shell.Execute([Workplace.Decant, .. arguments], variables, System.Text.Encoding.UTF8.GetBytes(input));

    /// <summary>A program of that name on the PATH of this room's decant.</summary>
    public void AddProgram(string name, string script)
    {
        string path = Write(Path($"bin/{name}"), script);
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        variables["PATH"] = $"{Path("bin")}:/usr/bin:/bin";
    }

    /// <summary>Nothing is left of a pull that failed: no name, no blob, no layer, no work in progress.</summary>
    public void ExpectEmptyStore()
    {
        foreach (string part in new[] { "refs", "blobs/sha256", "layers" })
            Assert.Empty(System.IO.Directory.Exists(Path($"store/{part}")) ? System.IO.Directory.GetFileSystemEntries(Path($"store/{part}")) : []);
        Assert.DoesNotContain(System.IO.Directory.GetFileSystemEntries(Path("store/tmp")), entry => !entry.EndsWith(".lock", StringComparison.Ordinal));
    }

    public void Dispose() => Shell.Run($"rm -rf {Directory}").Expect(0);
}
