using System.Text;

namespace Decant.Linux;

/// <summary>One line of /proc/self/mountinfo (proc_pid_mountinfo(5)).</summary>
public sealed record MountInfo(
    int Id,
    int Parent,
    DeviceNumber Device,
    string Root,
    string MountPoint,
    IReadOnlyList<string> Options,
    IReadOnlyList<string> Propagation,
    string FileSystemType,
    string Source,
    IReadOnlyList<string> SuperOptions)
{
    /// <summary>The mounts that this process sees, in the kernel's order: a later mount on one path hides an earlier one.</summary>
    public static IReadOnlyList<MountInfo> ReadSelf() => Parse(LinuxFile.ReadAll(null, "/proc/self/mountinfo"));

    /// <summary>The mount that holds an absolute path without links: the last with the longest mount point above it.</summary>
    public static MountInfo? Holding(IReadOnlyList<MountInfo> mounts, string path)
    {
        MountInfo? best = null;
        foreach (MountInfo mount in mounts)
        {
            bool above = mount.MountPoint == "/" || path == mount.MountPoint
                || (path.StartsWith(mount.MountPoint, StringComparison.Ordinal) && path[mount.MountPoint.Length] == '/');
            if (above && (best is null || mount.MountPoint.Length >= best.MountPoint.Length))
                best = mount;
        }

        return best;
    }

    /// <exception cref="DecantException">A line does not have the fields that the manual page names.</exception>
    public static IReadOnlyList<MountInfo> Parse(ReadOnlySpan<byte> text)
    {
        List<MountInfo> mounts = [];
        int number = 0;
        foreach (Range range in text.Split((byte)'\n'))
        {
            number++;
            ReadOnlySpan<byte> line = text[range];
            if (!line.IsEmpty)
                mounts.Add(ParseLine(PathBytes.Decode(line), number));
        }

        return mounts;
    }

    static MountInfo ParseLine(string line, int number)
    {
        string[] fields = line.Split(' ');
        int separator = Array.IndexOf(fields, "-", Math.Min(6, fields.Length));
        string[] device = fields.Length > 2 ? fields[2].Split(':') : [];
        if (separator < 0 || fields.Length < separator + 3
            || !int.TryParse(fields[0], out int id) || !int.TryParse(fields[1], out int parent)
            || device.Length != 2 || !uint.TryParse(device[0], out uint major) || !uint.TryParse(device[1], out uint minor))
            throw new DecantException($"mountinfo line {number} is not in the form that proc_pid_mountinfo(5) gives: {PathBytes.Printable(line)}");

        return new MountInfo(
            id,
            parent,
            new DeviceNumber(major, minor),
            Unescape(fields[3]),
            Unescape(fields[4]),
            fields[5].Split(','),
            fields[6..separator],
            fields[separator + 1],
            Unescape(fields[separator + 2]),
            fields.Length > separator + 3 ? fields[separator + 3].Split(',') : []);
    }

    /// <summary>The kernel writes space, tab, newline and backslash as \ooo.</summary>
    static string Unescape(string field)
    {
        if (!field.Contains('\\'))
            return field;
        StringBuilder text = new(field.Length);
        for (int i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length && IsOctal(field[i + 1]) && IsOctal(field[i + 2]) && IsOctal(field[i + 3]))
            {
                text.Append((char)(((field[i + 1] - '0') << 6) | ((field[i + 2] - '0') << 3) | (field[i + 3] - '0')));
                i += 3;
            }
            else
            {
                text.Append(field[i]);
            }
        }

        return text.ToString();
    }

    static bool IsOctal(char c) => c is >= '0' and <= '7';
}
