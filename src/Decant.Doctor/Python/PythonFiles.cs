using System.Collections.Concurrent;
using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>The files of a root as Python's finders see them: each directory is listed once, each source read once.</summary>
sealed class PythonFiles(RootView view)
{
    /// <summary>More than any module that is written by people; generated ones import nothing.</summary>
    const int MostBytes = 8 << 20;

    readonly ConcurrentDictionary<string, HashSet<string>?> directories = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, FileType?> types = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, PythonSource> sources = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, HashSet<string>?> archives = new(StringComparer.Ordinal);

    /// <summary>Findings about extensions, by what they depend on.</summary>
    public ConcurrentDictionary<string, OpenedExtension> Extensions { get; } = new(StringComparer.Ordinal);

    /// <summary>The modules that an interpreter has in itself, by its path.</summary>
    public ConcurrentDictionary<string, HashSet<string>> BuiltIns { get; } = new(StringComparer.Ordinal);

    /// <summary>The names in a directory; null where it is none, or closed.</summary>
    public HashSet<string>? Names(string directory) => directories.GetOrAdd(directory, List);

    public bool IsFile(string path) => TypeOf(path) == FileType.Regular;

    public bool IsDirectory(string path) => TypeOf(path) == FileType.Directory;

    public bool Exists(string path) => TypeOf(path) is not null;

    /// <summary>A file of that name in a directory that has been listed.</summary>
    public bool HasFile(string directory, string name) => Names(directory)?.Contains(name) == true && IsFile(LinuxPath.Join(directory, name));

    /// <summary>It is there, and the user may not read it.</summary>
    public bool IsClosed(string path) => view.Resolve(path) is var entry && (entry.Errno == Errno.EACCES || (entry.Exists && !view.May(entry, FileAccessModes.Read)));

    public string RealPath(string path) => view.Resolve(path).Path;

    /// <summary>What a file says; nothing where it cannot be read.</summary>
    public PythonSource Source(string path) => sources.GetOrAdd(path, Read);

    /// <summary>The top-level modules in a zip archive; null for what is none.</summary>
    public HashSet<string>? Archive(string path) => archives.GetOrAdd(path, ReadArchive);

    public byte[]? TryRead(string path, int mostBytes = MostBytes)
    {
        try
        {
            return view.TryReadFile(path, mostBytes);
        }
        catch (DecantException)
        {
            return null;
        }
    }

    /// <summary>An absolute path as os.path.abspath() makes it: from the text alone.</summary>
    public static string Absolute(string path, string workingDirectory) =>
        path.Contains('\0') ? path : Path.GetFullPath(path.StartsWith('/') ? path : $"{workingDirectory}/{path}").TrimEnd('/') is { Length: > 0 } made ? made : "/";

    HashSet<string>? List(string directory)
    {
        try
        {
            return IsDirectory(directory) ? view.Names(directory).ToHashSet(StringComparer.Ordinal) : null;
        }
        catch (LinuxException)
        {
            return null;
        }
    }

    FileType? TypeOf(string path) => types.GetOrAdd(path, Look);

    FileType? Look(string path)
    {
        RootEntry entry = view.Resolve(path);
        return entry.Exists ? entry.Status.Type : null;
    }

    PythonSource Read(string path) => TryRead(path) is { } bytes ? PythonImports.Read(bytes) : PythonSource.None with { IsDamaged = true };

    HashSet<string>? ReadArchive(string path)
    {
        RootEntry entry = view.Resolve(path);
        if (!entry.Exists || !entry.Status.IsRegular)
            return null;
        try
        {
            using FileStream stream = new(view.Open(entry), FileAccess.Read);
            using System.IO.Compression.ZipArchive archive = new(stream, System.IO.Compression.ZipArchiveMode.Read);
            HashSet<string> names = new(StringComparer.Ordinal);
            foreach (System.IO.Compression.ZipArchiveEntry member in archive.Entries)
            {
                string first = member.FullName.Split('/')[0];
                names.Add(first.EndsWith(".pyc", StringComparison.Ordinal) ? first[..^4] : first.EndsWith(".py", StringComparison.Ordinal) ? first[..^3] : first);
            }

            return names;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or LinuxException or ArgumentException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
