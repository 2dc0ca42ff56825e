using Decant.Linux;

namespace Decant.Cli;

/// <summary>Names that the user gives: of a run, of a host.</summary>
static class NameText
{
    const int LongestRunName = 128;

    /// <summary>__NEW_UTS_LEN of the kernel.</summary>
    const int LongestHostname = 64;

    /// <summary>docker's rule for names of containers; the name becomes a directory of the store.</summary>
    public static bool IsRun(string text)
    {
        bool valid = text.Length is > 0 and <= LongestRunName && char.IsAsciiLetterOrDigit(text[0]);
        foreach (char c in text)
            valid &= char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-';
        return valid;
    }

    public static string Run(string text) =>
        IsRun(text)
            ? text
            : throw new DecantException("not a name for a run", $"begin with a letter or digit, go on with those and _ . -, at most {LongestRunName} in all");

    public static string Host(string text)
    {
        bool valid = text.Length is > 0 and <= LongestHostname && text[0] != '-';
        foreach (char c in text)
            valid &= char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_';
        return valid
            ? text
            : throw new DecantException("not a host name", $"write letters, digits, dots and dashes, at most {LongestHostname}");
    }
}
