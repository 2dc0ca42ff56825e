using System.Text;

namespace Decant.Doctor;

/// <summary>
/// The directories that a program's or library's own strings name, those with variables of autoconf among them ("${libdir}/openmpi"):
/// where it was told at its build to look for its parts.
/// </summary>
static class EmbeddedDirectories
{
    const int MostBytes = 64 << 20;
    const int MostCharacters = 512;

    /// <summary>Absolute paths, most of which need not be there.</summary>
    public static IReadOnlyList<string> Of(RootLoaderFiles files, string path) => files.Read(path, MostBytes) is { } bytes ? Of(bytes) : [];

    internal static IReadOnlyList<string> Of(ReadOnlySpan<byte> bytes)
    {
        List<string> strings = Strings(bytes);
        List<string> prefixes = Prefixes(strings);
        // First what is written out, then what is made of it.
        SortedSet<string> found = new(StringComparer.Ordinal);
        foreach (string text in strings)
        {
            if (text[0] == '/')
                found.Add(text);
        }

        foreach (string text in strings)
        {
            foreach (string prefix in prefixes)
            {
                if (Below(text, "${prefix}") is { } below)
                    found.Add(prefix + below);
            }
        }

        string[] bases = [.. found, .. prefixes.SelectMany(prefix => (string[])[$"{prefix}/lib", $"{prefix}/lib64", $"{prefix}/share"])];
        foreach (string text in strings)
        {
            foreach (string directory in bases)
            {
                if ((Below(text, "${libdir}") is { } library && directory.Contains("/lib", StringComparison.Ordinal) ? library : null) is { } one)
                    found.Add(directory + one);
                if ((Below(text, "${datadir}") is { } data && directory.EndsWith("/share", StringComparison.Ordinal) ? data : null) is { } other)
                    found.Add(directory + other);
            }
        }

        return [.. found];
    }

    static string? Below(string text, string variable) =>
        text.Length > variable.Length + 1 && text.StartsWith(variable, StringComparison.Ordinal) && text[variable.Length] == '/' ? text[variable.Length..] : null;

    /// <summary>The string in front of "${exec_prefix}/bin": one table, in the order of the directories.</summary>
    static List<string> Prefixes(List<string> strings)
    {
        List<string> prefixes = [];
        for (int i = 1; i < strings.Count; i++)
        {
            if (strings[i] == "${exec_prefix}/bin" && strings[i - 1][0] == '/')
                prefixes.Add(strings[i - 1].TrimEnd('/'));
        }

        return prefixes;
    }

    /// <summary>Paths and what begins with a variable, lists of paths taken apart; a path with a place to fill in stands for its directory.</summary>
    static List<string> Strings(ReadOnlySpan<byte> bytes)
    {
        List<string> found = [];
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf((byte)0);
            ReadOnlySpan<byte> text = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? [] : bytes[(end + 1)..];
            if (text.Length is < 3 or > MostCharacters || !(text[0] == '/' || text.StartsWith("${"u8)) || text.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
                continue;
            foreach (string part in Encoding.ASCII.GetString(text).Split(':'))
            {
                int blank = part.IndexOf('%');
                string directory = blank < 0 ? part : part[..Math.Max(part.LastIndexOf('/', blank), 0)];
                if (directory.Length > 1 && directory[0] is '/' or '$')
                    found.Add(directory.TrimEnd('/'));
            }
        }

        found.RemoveAll(text => text.Length < 2);
        return found;
    }
}
