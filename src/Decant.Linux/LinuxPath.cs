namespace Decant.Linux;

/// <summary>Absolute paths as text: no "." or ".." and no slash at the end.</summary>
public static class LinuxPath
{
    /// <summary>
    /// The path that a user gave, from the working directory where it is relative. By its text alone: "x/.." goes whatever x is; a
    /// slash at the end stays.
    /// </summary>
    /// <exception cref="DecantException">It holds a zero byte; or it is relative, and the working directory has been removed.</exception>
    public static string Absolute(string path)
    {
        if (path.Contains('\0'))
            throw new DecantException($"{PathBytes.Printable(path)}: a path holds no zero byte");
        return Path.GetFullPath(path.StartsWith('/') ? path : $"{LinuxFile.WorkingDirectory()}/{path}");
    }

    /// <summary>How many characters two paths begin with alike: the more, the closer they lie.</summary>
    public static int CommonLength(string one, string other) => one.AsSpan().CommonPrefixLength(other);

    /// <summary>"/" for what lies directly below it, and for itself.</summary>
    public static string Parent(string path) => path.LastIndexOf('/') is > 0 and int cut ? path[..cut] : "/";

    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    public static string Join(string directory, string name) => directory == "/" ? "/" + name : $"{directory}/{name}";

    /// <summary>Whether the path lies inside the directory, at any depth, and is not the directory itself.</summary>
    public static bool IsBelow(string path, string directory) =>
        directory == "/"
            ? path.Length > 1
            : path.Length > directory.Length && path[directory.Length] == '/' && path.StartsWith(directory, StringComparison.Ordinal);
}
