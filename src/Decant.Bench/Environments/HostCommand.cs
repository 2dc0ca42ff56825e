using System.Collections.Immutable;
using System.Text;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>Programs of the host that stand beside the measurement: looked up, asked for a version, run to prepare or to clean up.</summary>
static class HostCommand
{
    /// <summary>The caller's variables: NAME=VALUE.</summary>
    public static ImmutableArray<string> CallerVariables { get; } =
        [.. (KernelText.TryRead("/proc/self/environ") ?? "").Split('\0', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>The path of a program on the caller's PATH; null where there is none.</summary>
    public static string? Find(string program)
    {
        const int MayExecute = 1;
        string path = CallerEnvironment.Get("PATH") ?? LaunchEnvironment.DefaultPath;
        return program.Contains('/') ? (LinuxFile.CanAccess(program, MayExecute) ? program : null)
            : path.Split(':').Select(directory => directory.TrimEnd('/') + "/" + program).FirstOrDefault(file => LinuxFile.CanAccess(file, MayExecute) && File.Exists(file));
    }

    /// <summary>Its output without the last line end; null where it could not be run or failed.</summary>
    public static string? TryAsk(params ReadOnlySpan<string> command) =>
        ChildProgram.TryRun(command.ToArray(), [], quiet: true) is { ExitCode: 0 } done ? Encoding.UTF8.GetString(done.Output).TrimEnd('\n') : null;

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="DecantException">It is not there, or ended with another code than 0.</exception>
    public static void Run(ImmutableArray<string> command, string purpose)
    {
        ChildProgram done = ChildProgram.TryRun(command, []) ?? throw new DecantException($"{purpose}: there is no program {PathBytes.Printable(command[0])}");
        if (done.ExitCode != 0)
            throw new DecantException($"{purpose}: {PathBytes.Printable(string.Join(' ', command))} ended with code {done.ExitCode}");
    }
}
