using System.Diagnostics;

namespace Decant.Elf.Tests;

/// <summary>A directory in which tests compile small programs with the C compiler; removed at the end.</summary>
sealed class Workbench : IDisposable
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("decant-elf-").FullName;

    public string Path(string name) => System.IO.Path.Combine(Directory, name);

    public string Compile(string source, string name, params string[] options)
    {
        string output = Path(name);
        System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(output)!);
        string file = Path($"source{Guid.NewGuid():N}.c");
        File.WriteAllText(file, source);
        (int exit, string text) = Run("cc", ["-Wl,--no-as-needed", "-o", output, file, .. options]);
        Assert.True(exit == 0, $"cc failed (install gcc and libc6-dev): {text}");
        return output;
    }

    /// <summary>The exit code and both outputs of a program, without the caller's loader variables.</summary>
    public static (int Exit, string Output) Run(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("LD_LIBRARY_PATH");
        start.Environment.Remove("LD_PRELOAD");
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
