using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Decant.Linux;

namespace Decant.Launch;

/// <summary>One line of uid_map or gid_map (user_namespaces(7)).</summary>
public readonly record struct IdRange(uint Inside, uint Outside, uint Count);

/// <summary>How users and groups of the host appear in the new user namespace.</summary>
/// <param name="Users">At least the caller's own.</param>
/// <param name="Groups">Likewise.</param>
/// <param name="ByHelper">
/// Ranges of /etc/subuid and /etc/subgid, which only newuidmap(1) and newgidmap(1) may map; otherwise the parent writes the maps and
/// setgroups is denied, as the kernel then demands.
/// </param>
public sealed record IdMapping(ImmutableArray<IdRange> Users, ImmutableArray<IdRange> Groups, bool ByHelper)
{
    /// <summary>The caller alone, as one user and group inside.</summary>
    public static IdMapping Single(uint insideUser, uint outsideUser, uint insideGroup, uint outsideGroup) =>
        new([new IdRange(insideUser, outsideUser, 1)], [new IdRange(insideGroup, outsideGroup, 1)], ByHelper: false);

    /// <summary>The maps of the user namespace that decant is in, as its parent wrote them.</summary>
    public static IdMapping OfThisProcess() => new(Ranges("/proc/self/uid_map"), Ranges("/proc/self/gid_map"), ByHelper: true);

    static ImmutableArray<IdRange> Ranges(string file)
    {
        List<IdRange> ranges = [];
        foreach (string line in Encoding.ASCII.GetString(LinuxFile.ReadAll(null, file)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] numbers = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            ranges.Add(new IdRange(uint.Parse(numbers[0], CultureInfo.InvariantCulture), uint.Parse(numbers[1], CultureInfo.InvariantCulture), uint.Parse(numbers[2], CultureInfo.InvariantCulture)));
        }

        return [.. ranges];
    }

    /// <summary>The host's number of one inside; null where it has none.</summary>
    public static uint? Outside(ImmutableArray<IdRange> ranges, uint inside)
    {
        foreach (IdRange range in ranges)
        {
            if (inside >= range.Inside && inside - range.Inside < range.Count)
                return range.Outside + (inside - range.Inside);
        }

        return null;
    }

    /// <summary>The number inside of one of the host's; null where it has none.</summary>
    public static uint? Inside(ImmutableArray<IdRange> ranges, uint outside)
    {
        foreach (IdRange range in ranges)
        {
            if (outside >= range.Outside && outside - range.Outside < range.Count)
                return range.Inside + (outside - range.Outside);
        }

        return null;
    }

    /// <summary>A number of the host has one inside.</summary>
    public static bool Shows(ImmutableArray<IdRange> ranges, uint outside) => Inside(ranges, outside) is not null;

    public string Describe() => $"users {Text(Users)}; groups {Text(Groups)}{(ByHelper ? ", by newuidmap" : "")}";

    /// <summary>The content of uid_map or gid_map.</summary>
    public static string MapText(ImmutableArray<IdRange> ranges)
    {
        StringBuilder text = new();
        foreach (IdRange range in ranges)
            text.Append(range.Inside).Append(' ').Append(range.Outside).Append(' ').Append(range.Count).Append('\n');
        return text.ToString();
    }

    static string Text(ImmutableArray<IdRange> ranges)
    {
        StringBuilder text = new();
        foreach (IdRange range in ranges)
        {
            text.Append(text.Length > 0 ? ", " : "").Append(range.Outside);
            if (range.Count > 1)
                text.Append('-').Append(range.Outside + range.Count - 1);
            text.Append(" as ").Append(range.Inside);
            if (range.Count > 1)
                text.Append('-').Append(range.Inside + range.Count - 1);
        }

        return text.ToString();
    }
}
