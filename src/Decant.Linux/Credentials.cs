using System.Collections.Immutable;

namespace Decant.Linux;

/// <summary>Who opens files and executes them, by the numbers that a file's status shows (credentials(7), path_resolution(7)).</summary>
/// <param name="User">The filesystem user id.</param>
/// <param name="Groups">The group and all supplementary ones.</param>
public sealed record Credentials(uint User, ImmutableArray<uint> Groups)
{
    const uint AnyExecute = 0x49;

    /// <summary>Whether permissions do not hold for a file of this user and group (CAP_DAC_OVERRIDE; capable_wrt_inode_uidgid of the kernel); null where they hold for all.</summary>
    public Func<uint, uint, bool>? Overrides { get; init; }

    /// <summary>Root of the host, or of all that is to be seen.</summary>
    public static Credentials OfRoot { get; } = new(0, [0]) { Overrides = (_, _) => true };

    /// <summary>By owner, group and mode; access control lists aside.</summary>
    public bool May(in FileStatus status, FileAccessModes asked)
    {
        uint granted = status.Owner == User ? status.Mode >> 6 : Groups.Contains(status.Group) ? status.Mode >> 3 : status.Mode;
        if (((FileAccessModes)granted & asked) == asked)
            return true;
        if (Overrides?.Invoke(status.Owner, status.Group) != true)
            return false;
        return status.IsDirectory || !asked.HasFlag(FileAccessModes.Execute) || (status.Mode & AnyExecute) != 0;
    }

    /// <summary>The supplementary groups of this process.</summary>
    public static ImmutableArray<uint> GroupsOfCaller()
    {
        const string start = "Groups:";
        if (LinuxFile.TryReadAll(null, "/proc/self/status", out byte[] text) != Errno.None)
            return [];
        string? line = Array.Find(PathBytes.Decode(text).Split('\n'), one => one.StartsWith(start, StringComparison.Ordinal));
        return line is null ? [] : [.. line[start.Length..].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(number => uint.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
    }
}
