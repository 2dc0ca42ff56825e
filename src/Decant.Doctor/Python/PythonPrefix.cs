using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Where the build of an interpreter was told that it would be installed (PREFIX of Modules/getpath.c).</summary>
static class PythonPrefix
{
    const int MostBytes = 128 << 20;
    const int LongestPath = 200;

    /// <summary>
    /// The string of the interpreter, or of the library that it is in, which is a directory with this standard library; null where there is
    /// none.
    /// </summary>
    /// <param name="library">Of the standard library, below the prefix: "lib/python3.12".</param>
    public static string? Of(LoadedProcess process, string library, PythonFiles files)
    {
        LoadedObject binary = process.Objects.FirstOrDefault(loaded => loaded.Elf.Soname?.StartsWith("libpython3", StringComparison.Ordinal) == true) ?? process.Program;
        ReadOnlySpan<byte> rest = files.TryRead(binary.Path, MostBytes);
        HashSet<string> tried = new(StringComparer.Ordinal);
        while (rest.IndexOf("\0/"u8) is >= 0 and int at)
        {
            rest = rest[(at + 1)..];
            int end = rest.IndexOf((byte)0);
            if (end is < 2 or > LongestPath || rest[..end].ContainsAnyExceptInRange((byte)'!', (byte)'~'))
                continue;
            string path = PathBytes.Decode(rest[..end]);
            if (tried.Add(path) && PythonFiles.Absolute(path, "/") == path && (files.IsFile($"{path}/{library}/os.py") || files.IsFile($"{path}/{library}/os.pyc")))
                return path;
        }

        return null;
    }
}
