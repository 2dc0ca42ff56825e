using System.Runtime.InteropServices;

namespace Decant.Linux;

/// <summary>decant's own environment as <see cref="PathBytes"/>: names and values are bytes, which the runtime's own way to them would change where they are no UTF-8.</summary>
public static unsafe class CallerEnvironment
{
    /// <summary>getenv(3); null where it is not set.</summary>
    public static string? Get(string name)
    {
        using CPath c = new(name);
        byte* value = Libc.GetEnvironment(c.Pointer);
        return value is null ? null : PathBytes.Decode(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(value));
    }

    /// <summary>Every variable that decant was started with (proc_pid_environ(5)), in order; words without "=" are none.</summary>
    public static List<(string Name, string Value)> All()
    {
        List<(string, string)> variables = [];
        foreach (string entry in PathBytes.Decode(LinuxFile.ReadAll(null, "/proc/self/environ")).Split('\0'))
        {
            int equals = entry.IndexOf('=');
            if (equals > 0)
                variables.Add((entry[..equals], entry[(equals + 1)..]));
        }

        return variables;
    }
}
