using Decant.Linux;

namespace Decant.Images;

/// <summary>What an engine calls an image or container, as a part of the path of a request.</summary>
static class EngineName
{
    /// <exception cref="DecantException">It is no name that an engine could know.</exception>
    public static string Check(string name, string text)
    {
        bool plain = name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]);
        foreach (char c in name)
            plain &= char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or ':' or '/' or '@';
        // The name is a part of a path, in which ".." would lead elsewhere.
        plain &= !name.Contains("..", StringComparison.Ordinal) && !name.Contains("/./", StringComparison.Ordinal);
        return plain ? name : throw new DecantException($"{PathBytes.Printable(text)}: not a name that an engine gives", "write NAME[:TAG] or an ID");
    }
}
