namespace Decant.Devices;

/// <summary>What an annotation may be called: as in Kubernetes, with an optional prefix, "example.com/name" (RFC 1123 for the prefix), in any case.</summary>
static class CdiAnnotationName
{
    /// <summary>Of all names and values of one object together.</summary>
    public const int MostBytes = 256 << 10;

    const int LongestName = 63;
    const int LongestPrefix = 253;

    /// <summary>Null for one as it must be.</summary>
    public static string? WhyNot(string text)
    {
        int slash = text.IndexOf('/');
        string name = text[(slash + 1)..];
        if (name.Length is 0 or > LongestName || !IsWord(name, "-_."))
            return $"its name must be 1 to {LongestName} letters, digits, -, _ and ., and begin and end with a letter or digit";
        string prefix = slash < 0 ? "a" : text[..slash];
        return prefix.Length <= LongestPrefix && Array.TrueForAll(prefix.Split('.'), label => label.Length > 0 && IsWord(label, "-"))
            ? null
            : "what is before the / must be the name of a domain";
    }

    static bool IsWord(string text, string marks)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !marks.Contains(c))
                return false;
        }

        return char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1]);
    }
}
