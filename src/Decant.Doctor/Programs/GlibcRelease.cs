using System.Text;
using Decant.Elf;

namespace Decant.Doctor;

/// <summary>
/// The release that a libc.so.6 is of. It and the loader share the layout of their data (GLIBC_PRIVATE), which changes with each release: a process with both of different
/// releases ends with a crash before main.
/// </summary>
static class GlibcRelease
{
    /// <summary>No libc comes near it.</summary>
    const int MostBytes = 64 << 20;

    const string Words = "release version ";

    /// <summary>The libc of a process, where it is of another release than the loader; null where they belong together, or do not tell.</summary>
    public static LoadedObject? Stranger(LoadedProcess process, LoaderFiles files, out Version? release)
    {
        release = null;
        if (process.Settings.Version is not { } loader || process.Objects.FirstOrDefault(loaded => loaded.Elf.Soname == "libc.so.6") is not { } libc)
            return null;
        // Nearly every release defines a version of its own, so that few files have to be read for what they say of themselves.
        Version following = new(loader.Major, loader.Minor + 1);
        if (libc.File.Defines($"GLIBC_{loader}") && !libc.File.Defines($"GLIBC_{following}"))
            return null;
        release = files.Read(libc.Path, MostBytes) is { } bytes ? Parse(bytes) : null;
        return release is null || release == loader ? null : libc;
    }

    /// <summary>"GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36."</summary>
    static Version? Parse(ReadOnlySpan<byte> bytes)
    {
        int at = bytes.IndexOf("GNU C Library "u8);
        if (at < 0)
            return null;
        const int longest = 200;
        string line = Encoding.ASCII.GetString(bytes.Slice(at, Math.Min(longest, bytes.Length - at))).Split('\n', '\0')[0];
        at = line.IndexOf(Words, StringComparison.Ordinal);
        if (at < 0)
            return null;
        string number = line[(at + Words.Length)..].Split(',', ' ')[0].TrimEnd('.');
        return Version.TryParse(number, out Version? version) ? new Version(version.Major, version.Minor) : null;
    }
}
