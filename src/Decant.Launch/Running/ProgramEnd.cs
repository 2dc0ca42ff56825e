namespace Decant.Launch.Running;

/// <summary>
/// How a <see cref="MeasuredProgram"/> ended, and the CPU time that it and the children that it waited for had used (wait4(2)). The kernel's ru_maxrss is left out: it
/// counts the memory that the program's process had before execve(2), which is decant's.
/// </summary>
/// <param name="ExitCode">As a shell gives it: 128 and the number of the signal.</param>
/// <param name="Signal">That ended it; null where it exited.</param>
/// <param name="Ended">By <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>, right after the kernel told.</param>
public sealed record ProgramEnd(int ExitCode, int? Signal, long Ended, TimeSpan User, TimeSpan System);
