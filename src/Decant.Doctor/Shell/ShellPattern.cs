namespace Decant.Doctor;

/// <summary>Patterns of shells (XCU 2.13): "*", "?", "[...]", and a backslash in front of what stands for itself.</summary>
static class ShellPattern
{
    public static bool IsIn(string text) => text.AsSpan().ContainsAny('*', '?') || (text.IndexOf('[') is >= 0 and int open && text.IndexOf(']', open) > open);

    /// <returns>Null for a pattern that is not understood.</returns>
    public static bool? Matches(string pattern, string text)
    {
        if (pattern.Contains("[:", StringComparison.Ordinal) || pattern.Contains("[.", StringComparison.Ordinal) || pattern.Contains("[=", StringComparison.Ordinal) || pattern.Contains('('))
            return null;
        int p = 0;
        int t = 0;
        int star = -1;
        int resumed = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resumed = t;
            }
            else if (p < pattern.Length && One(pattern, p, text[t], out int length))
            {
                p += length;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++resumed;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
            p++;
        return p == pattern.Length;
    }

    /// <summary>A text as the pattern that only it fits.</summary>
    public static string Quote(string text)
    {
        System.Text.StringBuilder quoted = new();
        foreach (char c in text)
        {
            if (c is '*' or '?' or '[' or ']' or '\\' or '(' or ')')
                quoted.Append('\\');
            quoted.Append(c);
        }

        return quoted.ToString();
    }

    /// <summary>Whether the part of the pattern at a place takes a character.</summary>
    /// <param name="length">Of the part.</param>
    static bool One(string pattern, int at, char c, out int length)
    {
        length = 1;
        switch (pattern[at])
        {
            case '?':
                return true;
            case '\\' when at + 1 < pattern.Length:
                length = 2;
                return pattern[at + 1] == c;
            case '[':
                int end = pattern.IndexOf(']', Math.Min(at + 2, pattern.Length));
                if (end < 0)
                    return c == '[';
                length = end - at + 1;
                return IsIn(pattern.AsSpan(at + 1, end - at - 1), c);
            default:
                return pattern[at] == c;
        }
    }

    static bool IsIn(ReadOnlySpan<char> set, char c)
    {
        bool isNegated = set.Length > 0 && set[0] is '!' or '^';
        if (isNegated)
            set = set[1..];
        for (int i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                if (c >= set[i] && c <= set[i + 2])
                    return !isNegated;
                i += 2;
            }
            else if (set[i] == c)
            {
                return !isNegated;
            }
        }

        return isNegated;
    }
}
