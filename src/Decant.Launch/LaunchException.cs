using Decant.Linux;

namespace Decant.Launch;

/// <summary>A launch that failed with an exit code of its own, as docker has them.</summary>
public sealed class LaunchException(int exitCode, string message, string? fix = null) : DecantException(message, fix)
{
    public const int Failed = 125;
    public const int NotExecutable = 126;
    public const int NotFound = 127;

    public int ExitCode => exitCode;
}
