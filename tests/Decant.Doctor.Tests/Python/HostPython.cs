using System.Diagnostics;
using Decant.Images;
using Decant.Launch;

namespace Decant.Doctor.Tests;

/// <summary>The CPythons of this machine, to be asked for the truth.</summary>
static class HostPython
{
    const int OldestMinor = 9;

    static readonly Lazy<IReadOnlyList<string>> Found = new(Find);

    /// <summary>The host's own root as it is now; it is never walked, as none of its directories counts as an image's own.</summary>
    public static RootIndex Root => new(new RootView(["/"]), []);

    /// <summary>Executables, each another interpreter.</summary>
    public static IReadOnlyList<string> All => Found.Value;

    public static LaunchEnvironment Environment(params (string Name, string Value)[] variables)
    {
        LaunchEnvironment environment = new LaunchEnvironment().With("PATH", "/usr/bin:/bin", "test").With("HOME", "/nonexistent", "test");
        foreach ((string name, string value) in variables)
            environment = environment.With(name, value, "test");
        return environment;
    }

    public static ExaminedCommand Command(string directory, LaunchEnvironment environment, params string[] arguments) =>
        new(Root, environment, directory, arguments);

    internal static LoadedCommand Load(ExaminedCommand command)
    {
        FoundProgram program = command.Programs.Find(command.Arguments[0]);
        return new LoadedCommand(command, program, command.Programs.Load(program.Path));
    }

    public static IReadOnlyList<Finding> Examine(ExaminedCommand command) => PythonCheck.Examine(Load(command), out _);

    /// <summary>The same command, run.</summary>
    public static (int ExitCode, string Output, string Errors) Run(ExaminedCommand command)
    {
        ProcessStartInfo start = new(command.Programs.Find(command.Arguments[0]).Path, command.Arguments.Skip(1))
        {
            WorkingDirectory = command.WorkingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment.Clear();
        foreach (EnvironmentVariable variable in command.Environment.Variables)
            start.Environment[variable.Name] = variable.Value;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    static List<string> Find()
    {
        List<string> places = ["/usr/bin/python3", "/usr/local/bin/python3"];
        foreach (string directory in (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            // A name on PATH may be a script that chooses one of several.
            if (!File.Exists(directory + "/python3"))
                continue;
            string asked = DemoProcess.Run(directory + "/python3", ["-I", "-S", "-c", "import sys; print(sys.executable)"], null, new Dictionary<string, string?>()).Output.Trim();
            places.Add(asked);
            string versions = Path.GetFullPath(asked + "/../../..");
            if (versions.Count(c => c == '/') > 2 && Directory.Exists(versions))
                places.AddRange(Directory.GetDirectories(versions).Order(StringComparer.Ordinal).Select(version => version + "/bin/python3"));
        }

        return [.. places.Where(File.Exists).DistinctBy(place => Root.View.Resolve(place).Path).Where(IsKnown)];
    }

    static bool IsKnown(string executable) =>
        PythonInterpreter.Of(Load(Command("/", Environment(), executable))) is { Minor: >= OldestMinor };
}
