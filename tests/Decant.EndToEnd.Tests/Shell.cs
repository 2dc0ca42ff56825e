using System.Diagnostics;
using System.Text;

namespace Decant.EndToEnd.Tests;

/// <summary>Runs programs with a known environment and collects what they do.</summary>
public static class Shell
{
    // What takes longer hangs; only the rooms with a thousand launches have more time.
    static readonly TimeSpan usualLimit = TimeSpan.FromMinutes(1);

    /// <summary>Runs a script with bash, as root.</summary>
    public static ProgramResult Run(string script) => Run(User.Root, script);

    /// <summary>Runs a script with bash, as the user.</summary>
    /// <param name="variables">The environment beside PATH and HOME; nothing else of the tests' own environment is passed on.</param>
    /// <param name="directory">The working directory; / where none is named.</param>
    public static ProgramResult Run(User user, string script, IReadOnlyDictionary<string, string>? variables = null, byte[]? input = null, string directory = "/") =>
        Execute([.. user.Prefix, "/bin/bash", "-c", script], variables, input, directory);

    /// <summary>Runs a program. Standard input is empty where no input is given. What runs longer than the limit, a minute by default, is killed and fails the test.</summary>
    public static ProgramResult Execute(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? variables = null, byte[]? input = null, string directory = "/", TimeSpan? limit = null)
    {
        // Whoever runs the tests may ignore signals, and .NET hands that on.
        ProcessStartInfo start = new("/usr/bin/env")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };
        foreach (string argument in (string[])["--default-signal", .. command])
            start.ArgumentList.Add(argument);
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["HOME"] = "/nonexistent";
        foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        using Process process = Process.Start(start)!;
        Task<byte[]> output = ReadAll(process.StandardOutput.BaseStream);
        Task<byte[]> error = ReadAll(process.StandardError.BaseStream);
        Feed(process, input ?? []);
        string commandLine = string.Join(' ', command);
        if (!process.WaitForExit(limit ?? usualLimit) || !Task.WaitAll([output, error], TimeSpan.FromSeconds(20)))
        {
            process.Kill(entireProcessTree: true);
            string seen = error.IsCompleted ? Encoding.Latin1.GetString(error.Result) : "";
            Assert.Fail($"did not end, or left its output open\n$ {commandLine}\n{seen}");
        }

        return new ProgramResult(commandLine, process.ExitCode, output.Result, Encoding.Latin1.GetString(error.Result));
    }

    static async Task<byte[]> ReadAll(Stream stream)
    {
        using MemoryStream all = new();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }

    static void Feed(Process process, byte[] input)
    {
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading all of its input, as head does.
        }
    }
}
