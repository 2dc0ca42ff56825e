using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>A command names no program that could be run.</summary>
public sealed class ProgramException(string message, string name, ScriptLine? script, Errno errno = Errno.ENOENT, string? fix = null) : DecantException(message, fix)
{
    /// <summary>What execve(2) says of it.</summary>
    public Errno Errno { get; } = errno;

    /// <summary>The program that is not there, as it was asked for.</summary>
    public string Name { get; } = name;

    /// <summary>The script whose "#!" line asked for it; null where the command did.</summary>
    public ScriptLine? Script { get; } = script;

    /// <summary>The link that is in its place and leads nowhere; null where there is none.</summary>
    internal DanglingLink? Link { get; init; }
}
