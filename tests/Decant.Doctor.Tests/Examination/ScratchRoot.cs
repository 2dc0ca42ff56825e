using System.Diagnostics;
using Decant.Elf;
using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor.Tests;

/// <summary>A root of a few files, removed at the end.</summary>
sealed class ScratchRoot : IDisposable
{
    readonly string directory = Directory.CreateTempSubdirectory("decant-root-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    public ScratchRoot File(string path, string text, bool executable = false)
    {
        string host = directory + path;
        Directory.CreateDirectory(Path.GetDirectoryName(host)!);
        System.IO.File.WriteAllText(host, text);
        System.IO.File.SetUnixFileMode(host, (UnixFileMode)(executable ? 0b111_101_101 : 0b110_100_100));
        return this;
    }

    /// <summary>A program of this system with the libraries and the loader that it needs, links followed.</summary>
    public ScratchRoot Program(string path, string source)
    {
        Copy(path, source);
        LoadedProcess process = new ImagePrograms(new RootView(["/"]), new LaunchEnvironment(), "/").Load(source);
        foreach (LoadedObject needed in process.Objects.Skip(1))
            Copy(needed.Path, needed.Path);
        return process.Interpreter is { } loader ? Copy(loader.Path, loader.Path) : this;
    }

    public ScratchRoot Mode(string path, int mode)
    {
        System.IO.File.SetUnixFileMode(directory + path, (UnixFileMode)mode);
        return this;
    }

    /// <summary>Where a path of the root is on this machine.</summary>
    public string At(string path) => directory + path;

    /// <summary>A file of this system, with its mode.</summary>
    public ScratchRoot Copy(string path, string source)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(directory + path)!);
        System.IO.File.Copy(source, directory + path, overwrite: true);
        return this;
    }

    public ScratchRoot Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(directory + path)!);
        System.IO.File.CreateSymbolicLink(directory + path, target);
        return this;
    }

    public ExaminedCommand Command(params string[] arguments) => Command([], arguments);

    public ExaminedCommand Command((string Name, string Value)[] variables, string[] arguments)
    {
        LaunchEnvironment environment = new LaunchEnvironment().With("PATH", "/usr/bin:/bin", "test");
        foreach ((string name, string value) in variables)
            environment = environment.With(name, value, "test");
        return new ExaminedCommand(new RootIndex(new RootView([directory]), [directory]), environment, "/", arguments);
    }

    /// <summary>Some user who owns nothing.</summary>
    public const uint Stranger = 54321;

    /// <summary>The command of a user who owns nothing.</summary>
    public ExaminedCommand StrangersCommand(params string[] arguments)
    {
        System.IO.File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
        LaunchEnvironment environment = new LaunchEnvironment().With("PATH", "/usr/bin:/bin", "test");
        return new ExaminedCommand(new RootIndex(new RootView([directory]).As(new Credentials(Stranger, [Stranger])), [directory]), environment, "/", arguments) { UserId = Stranger };
    }

    /// <summary>The same, run. Only for root.</summary>
    public (int ExitCode, string Errors) RunAs(uint user, params string[] arguments)
    {
        ProcessStartInfo start = new("/usr/sbin/chroot", [$"--userspec={user}:{user}", directory, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }

    public Finding Single(params string[] arguments) => Assert.Single(Decant.Doctor.Examination.Examine(Command(arguments), Host));

    public static DoctorHost Host { get; } = DoctorHost.Probe();
}
