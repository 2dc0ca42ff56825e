namespace Decant.Launch;

/// <summary>A word as a POSIX shell reads it back unchanged.</summary>
public static class ShellWord
{
    public static string Quote(string word)
    {
        bool plain = word.Length > 0;
        foreach (char c in word)
            plain &= char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '=' or ':' or ',' or '@' or '%' or '+';
        return plain ? word : "'" + word.Replace("'", "'\\''") + "'";
    }
}
