using System.Text;

namespace Decant.Elf;

/// <summary>The loader's search paths: splitting, and the tokens $ORIGIN, $LIB and $PLATFORM (ld.so(8), "Dynamic string tokens").</summary>
static class SearchPath
{
    /// <summary>The directories of a path, in order. An element with a token that has no value is dropped, as the loader does.</summary>
    /// <param name="semicolons">LD_LIBRARY_PATH may be split by ';' too.</param>
    public static IEnumerable<string> Split(string path, bool semicolons, string origin, LoaderSettings settings)
    {
        foreach (string element in path.Split(semicolons ? [':', ';'] : [':']))
        {
            string? directory = element.Length == 0 ? settings.WorkingDirectory : Expand(element, origin, settings);
            if (string.IsNullOrEmpty(directory))
                continue;
            if (directory[0] != '/')
                directory = $"{settings.WorkingDirectory.TrimEnd('/')}/{directory}";
            yield return directory.TrimEnd('/');
        }
    }

    /// <summary>Replaces the tokens; null where one has no value. A '$' that starts no token stands for itself.</summary>
    public static string? Expand(string text, string origin, LoaderSettings settings)
    {
        if (!text.Contains('$'))
            return text;
        StringBuilder expanded = new(text.Length + origin.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '$' || Token(text, i + 1) is not (string token, int length))
            {
                expanded.Append(text[i]);
                continue;
            }

            string? value = token switch { "ORIGIN" => origin, "LIB" => settings.LibToken, _ => settings.Cpu.Platform };
            if (value is null)
                return null;
            expanded.Append(value);
            i += length;
        }

        return expanded.ToString();
    }

    static (string Token, int Length)? Token(string text, int at)
    {
        foreach (string token in (ReadOnlySpan<string>)["ORIGIN", "PLATFORM", "LIB"])
        {
            if (text.AsSpan(at).StartsWith($"{{{token}}}"))
                return (token, token.Length + 2);
            bool bare = text.AsSpan(at).StartsWith(token)
                && (at + token.Length == text.Length || !(char.IsAsciiLetterOrDigit(text[at + token.Length]) || text[at + token.Length] == '_'));
            if (bare)
                return (token, token.Length);
        }

        return null;
    }
}
