using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>
/// A host path of any length, as a directory and a path that one system call takes: an image may hold paths longer than
/// PATH_MAX (4096 bytes with the zero), and a layer's own path comes on top. A short path costs nothing.
/// </summary>
readonly struct DeepPath : IDisposable
{
    const int MaxBytes = 4095;

    DeepPath(SafeFileHandle? directory, string path)
    {
        Directory = directory;
        Path = path;
    }

    /// <summary>Null for the working directory.</summary>
    public SafeFileHandle? Directory { get; }

    public string Path { get; }

    /// <summary>For calls that know no directory; through /proc, so without another walk.</summary>
    public string WholePath => Directory is null ? Path : $"/proc/self/fd/{LinuxFile.Number(Directory)}/{Path}";

    public static DeepPath Open(string path) => Open(null, path, ResolveFlags.None);

    /// <summary>The same below an open directory, under the rules of openat2(2) that the caller needs.</summary>
    public static DeepPath Open(SafeFileHandle? start, string path, ResolveFlags resolve)
    {
        // Three bytes at most for each char: most paths need no counting.
        SafeFileHandle? opened = null;
        while (path.Length * 3 > MaxBytes && PathBytes.Encode(path).Length > MaxBytes)
        {
            int cut = path.LastIndexOf('/', Math.Min(path.Length, MaxBytes / 3) - 1);
            if (cut <= 0)
                break;
            SafeFileHandle? from = opened ?? start;
            const OpenFlags flags = OpenFlags.Path;
            SafeFileHandle next = from is null
                ? LinuxFile.Open(path[..cut], flags | OpenFlag.Directory)
                : LinuxFile.Open(from, path[..cut], flags | OpenFlag.Directory, 0, resolve);
            opened?.Dispose();
            opened = next;
            path = path[(cut + 1)..];
        }

        return new DeepPath(opened, path);
    }

    public void Dispose() => Directory?.Dispose();
}
