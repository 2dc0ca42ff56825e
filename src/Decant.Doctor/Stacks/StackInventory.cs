using System.Text;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>The stacks that a root has, wherever they lie: found by the files themselves, as packages, vendors and people put them into different directories.</summary>
public static class StackInventory
{
    const int MostBytes = 128 << 20;

    /// <summary>By name, then by path; a copy at another place is another entry.</summary>
    public static IReadOnlyList<Stack> Of(RootIndex root)
    {
        List<Stack> found = [];
        foreach (string path in root.LibraryFiles.Concat(root.Executables.Where(IsLoader)))
        {
            string name = LinuxPath.Name(path);
            if (!StackKind.All.Any(kind => name.StartsWith(kind.Library, StringComparison.Ordinal)) || root.Files.Find(path) is not { Elf.IsDynamic: true } file)
                continue;
            if (StackKind.All.FirstOrDefault(kind => kind.Is(path, file)) is { } kind)
                found.Add(new Stack(kind.Name, Version(kind, path, root.Files), path));
        }

        found.AddRange(CudaToolkit.Find(root).Select(toolkit => new Stack("CUDA toolkit", toolkit.Version.ToString(), toolkit.Directory)));
        // libmpi and its bindings for other languages are one.
        return [.. found.DistinctBy(stack => (stack.Name, stack.Version, LinuxPath.Parent(stack.Path))).OrderBy(stack => stack.Name, StringComparer.OrdinalIgnoreCase).ThenBy(stack => stack.Path, StringComparer.Ordinal)];
    }

    static bool IsLoader(string path) => LinuxPath.Name(path).StartsWith("ld-musl-", StringComparison.Ordinal);

    static string? Version(StackKind kind, string path, RootLoaderFiles files)
    {
        if (kind.Tells == StackVersion.FileName)
        {
            string name = LinuxPath.Name(path);
            string suffix = name[(name.IndexOf(".so.", StringComparison.Ordinal) + ".so.".Length)..];
            return suffix.StartsWith(kind.Words, StringComparison.Ordinal) ? suffix[kind.Words.Length..] : null;
        }

        return files.Read(path, MostBytes) is { } bytes ? Version(kind, bytes) : null;
    }

    internal static string? Version(StackKind kind, ReadOnlySpan<byte> bytes)
    {
        byte[] words = Encoding.ASCII.GetBytes(kind.Words);
        for (int at = 0; at < bytes.Length; at++)
        {
            int found = kind.Tells == StackVersion.After ? bytes[at..].IndexOf(words) : bytes[at..].IndexOfAnyInRange((byte)'0', (byte)'9');
            if (found < 0)
                return null;
            at += found;
            int start = kind.Tells == StackVersion.After ? at + words.Length : at;
            while (kind.Tells == StackVersion.After && start < bytes.Length && bytes[start] is (byte)' ' or (byte)'\t')
                start++;
            int end = start;
            while (end < bytes.Length && (char.IsAsciiDigit((char)bytes[end]) || bytes[end] == '.'))
                end++;
            ReadOnlySpan<byte> text = bytes[start..end];
            // GLIBC_2.2.5 and libxyz-1.0 are of something else.
            bool isWhole = kind.Tells == StackVersion.After || (end < bytes.Length && bytes[end] == 0 && text.StartsWith(words) && !(at > 0 && bytes[at - 1] is (byte)'.' or (byte)'-' or (byte)'_'));
            if (isWhole && IsVersion(text, kind.Tells == StackVersion.After ? 1 : 2))
                return Encoding.ASCII.GetString(text).TrimEnd('.');
            at = Math.Max(at, end - 1);
        }

        return null;
    }

    /// <summary>Numbers with so many points at least between them, and no address of the loopback network.</summary>
    static bool IsVersion(ReadOnlySpan<byte> text, int points)
    {
        ReadOnlySpan<byte> trimmed = text.TrimEnd((byte)'.');
        return trimmed.Length > 2 && trimmed.Count((byte)'.') >= points && trimmed.Count((byte)'.') <= 3 && !trimmed.StartsWith("127."u8) && trimmed.IndexOf(".."u8) < 0 && trimmed[0] != '.';
    }
}
