using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Programs of this host.</summary>
static class HostProgram
{
    static readonly string[] SystemDirectories = ["/usr/bin", "/bin", "/usr/local/bin"];

    /// <summary>The real path of a program, the system's own before what PATH adds; null where there is none.</summary>
    public static string? Find(string name)
    {
        string[] path = (CallerEnvironment.Get("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        foreach (string directory in SystemDirectories.Concat(path))
        {
            string file = $"{directory}/{name}";
            if (directory[0] == '/' && LinuxFile.CanAccess(file, 1 | 4) && RealPath(file) is string real)
                return real;
        }

        return null;
    }

    /// <summary>The path with every link resolved, as the kernel names the open file.</summary>
    public static string? RealPath(string path)
    {
        if (LinuxFile.TryOpen(null, path, OpenFlags.Path, 0, out var file) != Errno.None)
            return null;
        using (file)
            return LinuxFile.TryReadLink(null, $"/proc/self/fd/{LinuxFile.Number(file)}", out string? target) == Errno.None ? target : null;
    }
}
