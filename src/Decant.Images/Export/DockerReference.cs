using Decant.Linux;

namespace Decant.Images;

/// <summary>Names that docker gives images (distribution's reference grammar): [HOST[:PORT]/]PATH[:TAG], the path in lower case.</summary>
static class DockerReference
{
    const int LongestTag = 128;

    /// <summary>With its tag, "latest" where none is given.</summary>
    /// <exception cref="DecantException">It is no such name.</exception>
    public static string Normalize(string name) => TryNormalize(name)
        ?? throw new DecantException($"\"{PathBytes.Printable(name)}\" cannot be the name of an image in docker", "write name:tag, in lower case, such as lab/app:1");

    /// <summary>Null where it is no such name.</summary>
    public static string? TryNormalize(string name)
    {
        int slash = name.LastIndexOf('/');
        int colon = name.LastIndexOf(':');
        string path = colon > slash ? name[..colon] : name;
        string tag = colon > slash ? name[(colon + 1)..] : "latest";
        string[] parts = path.Split('/');
        for (int i = 0; i < parts.Length; i++)
        {
            // What has a dot or a port, or is "localhost", is a host, but only before a slash.
            bool host = i == 0 && parts.Length > 1 && (parts[0].Contains('.') || parts[0].Contains(':') || parts[0] == "localhost");
            if (!IsPart(parts[i], host))
                return null;
        }

        return IsTag(tag) ? $"{path}:{tag}" : null;
    }

    static bool IsPart(string part, bool host)
    {
        if (part.Length == 0 || !char.IsAsciiLetterOrDigit(part[0]) || !char.IsAsciiLetterOrDigit(part[^1]))
            return false;
        foreach (char c in part)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('.' or '-') && (host ? c != ':' && !char.IsAsciiLetterUpper(c) : c != '_'))
                return false;
        }

        return true;
    }

    static bool IsTag(string tag)
    {
        if (tag.Length is 0 or > LongestTag || tag[0] is '.' or '-')
            return false;
        foreach (char c in tag)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_'))
                return false;
        }

        return true;
    }
}
