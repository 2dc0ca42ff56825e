using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>A program that was run to its end.</summary>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
/// <param name="Milliseconds">From before its start to its end.</param>
sealed record DemoProcess(int ExitCode, string Output, string Errors, double Milliseconds)
{
    /// <param name="user">Whose rights it has; null for the caller's.</param>
    /// <param name="environment">Changes to the caller's environment; null takes a variable away.</param>
    public static DemoProcess Run(string program, IReadOnlyList<string> arguments, string? user, IReadOnlyDictionary<string, string?> environment, Action<Process>? whileRunning = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UserName = user ?? "",
            // A directory that every user may be in.
            WorkingDirectory = "/",
        };
        foreach ((string name, string? value) in environment)
            start.Environment[name] = value;
        long began = Stopwatch.GetTimestamp();
        try
        {
            using Process process = Process.Start(start) ?? throw new DecantException($"{program} did not start");
            process.StandardInput.Close();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            whileRunning?.Invoke(process);
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new DemoProcess(process.ExitCode, output, errors.Result, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        catch (Win32Exception e)
        {
            return new DemoProcess(127, "", $"{program}: {e.Message}\n", Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }
}
