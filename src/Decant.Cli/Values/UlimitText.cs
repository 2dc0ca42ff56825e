using System.Globalization;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>NAME=SOFT[:HARD] as <c>docker run --ulimit</c> has it; -1 is unlimited, HARD alone is SOFT where it is missing.</summary>
static class UlimitText
{
    /// <summary>docker's names, which are those of getrlimit(2) without RLIMIT_.</summary>
    public static string[] Names { get; } =
    [
        "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio",
        "rttime", "sigpending", "stack",
    ];

    public static UlimitRequest Parse(string text)
    {
        int equals = text.IndexOf('=');
        if (equals < 0)
            throw new DecantException("not of the form NAME=SOFT[:HARD]", "write for example nofile=1024:4096");
        string name = text[..equals];
        if (!Contains(name))
        {
            string? nearest = Suggestion.Nearest(name, Names);
            throw new DecantException(
                $"there is no limit {PathBytes.Printable(name)}" + (nearest is null ? "" : $"; did you mean {nearest}?"),
                "the limits are " + string.Join(", ", Names));
        }

        string limits = text[(equals + 1)..];
        int colon = limits.IndexOf(':');
        ulong? soft = Limit(colon < 0 ? limits : limits[..colon]);
        ulong? hard = colon < 0 ? soft : Limit(limits[(colon + 1)..]);
        if (hard is not null && (soft is null || soft > hard))
            throw new DecantException("the soft limit is above the hard limit");
        return new UlimitRequest(name, soft, hard);
    }

    static bool Contains(string name)
    {
        foreach (string known in Names)
        {
            if (known == name)
                return true;
        }

        return false;
    }

    static ulong? Limit(string text)
    {
        if (text is "-1" or "unlimited")
            return null;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong limit) && limit <= long.MaxValue
            ? limit
            : throw new DecantException($"{PathBytes.Printable(text)} is not a limit", "write a whole number, or -1 for unlimited");
    }
}
