using Decant.Linux;

namespace Decant.Cli;

/// <summary>Paths of the host and of the root as options give them.</summary>
static class HostPath
{
    /// <summary>
    /// An absolute path stays, one that begins with . or .. is taken from the working directory. Anything else is what
    /// docker takes for a volume's name.
    /// </summary>
    public static string Source(string text)
    {
        if (text.Length == 0)
            throw new DecantException("the source is empty");
        if (text[0] == '/' || text is "." or ".." || text.StartsWith("./", StringComparison.Ordinal) || text.StartsWith("../", StringComparison.Ordinal))
            return LinuxPath.Absolute(text);
        if (text[0] == '~')
            throw new DecantException($"{PathBytes.Printable(text)}: the shell did not replace ~, and decant does not either", "write $HOME" + PathBytes.Printable(text[1..]));
        throw new DecantException(
            $"{PathBytes.Printable(text)} is the name of a volume, and decant keeps none: it binds directories and files of the host",
            $"for a directory here write ./{PathBytes.Printable(text)}");
    }

    /// <summary>A path inside the root, which must be absolute and not the root itself.</summary>
    public static string Target(string text)
    {
        if (text.Length == 0 || text[0] != '/')
            throw new DecantException($"the target {PathBytes.Printable(text)} is not an absolute path inside the image");
        string full = LinuxPath.Absolute(text);
        if (full.Length > 1)
            full = full.TrimEnd('/');
        return full != "/" ? full : throw new DecantException("the target is /, which is the image itself", "use rootfs:DIR as IMAGE to run from a directory");
    }
}
