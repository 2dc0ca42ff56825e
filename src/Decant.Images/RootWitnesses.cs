using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Decant.Linux;

namespace Decant.Images;

/// <summary>
/// What was seen of files that are bound over a root, which may change at any time, where layers never do. As long as all of it looks the same, an answer that was found
/// by it holds. May be shared between threads.
/// </summary>
public sealed class RootWitnesses
{
    /// <summary>More would take longer to look at than the answer is worth.</summary>
    const int MostCharacters = 48 << 10;

    const char Between = '\u0002';
    const string Absent = "-";

    /// <summary>A file that changed less than this before it was read may have changed since within one tick of its times.</summary>
    static readonly TimeSpan settled = TimeSpan.FromSeconds(2);

    readonly ConcurrentDictionary<string, string> seen = new(StringComparer.Ordinal);
    volatile bool isFresh;

    /// <param name="hostPath">Of the host; what is in /proc changes with each process and is not noted.</param>
    /// <param name="status">Null for nothing.</param>
    /// <param name="follow">Links at its end were followed.</param>
    internal void Saw(string hostPath, FileStatus? status, bool follow)
    {
        if (IsNoted(hostPath))
            seen.TryAdd((follow ? 'f' : 'n') + hostPath, status is { } known ? Mark(known) : Absent);
    }

    internal void Listed(string hostPath)
    {
        if (IsNoted(hostPath) && LinuxFile.TryStatus(null, hostPath, follow: true, out FileStatus status) == Errno.None)
            seen['l' + hostPath] = Mark(status) + Times(status);
    }

    /// <summary>As <see cref="StillHold"/> reads it; null where it would be too much, or too fresh to be sure of.</summary>
    public string? Write()
    {
        StringBuilder text = new();
        foreach ((string path, string mark) in seen)
        {
            if (path.Contains(Between, StringComparison.Ordinal))
                return null;
            text.Append(path).Append(Between).Append(mark).Append(Between);
        }

        return isFresh || text.Length > MostCharacters ? null : text.ToString();
    }

    /// <summary>Whether everything looks as it did; false for what <see cref="Write"/> has not written.</summary>
    public static bool StillHold(string text)
    {
        string[] parts = text.Split(Between);
        if (parts.Length % 2 != 1 || parts[^1].Length > 0)
            return false;
        RootWitnesses now = new();
        for (int i = 0; i + 1 < parts.Length; i += 2)
        {
            if (parts[i].Length < 2)
                return false;
            string path = parts[i][1..];
            if (parts[i][0] == 'l')
            {
                now.Listed(path);
            }
            else
            {
                Errno errno = LinuxFile.TryStatus(null, path, follow: parts[i][0] == 'f', out FileStatus status);
                now.Saw(path, errno == Errno.None ? status : null, parts[i][0] == 'f');
            }

            if (!now.seen.TryGetValue(parts[i], out string? mark) || mark != parts[i + 1])
                return false;
        }

        return true;
    }

    static bool IsNoted(string path) => !LinuxPath.IsBelow(path, "/proc");

    /// <summary>Of a directory that was only gone through, what is in it does not matter.</summary>
    string Mark(in FileStatus status)
    {
        string mark = string.Create(CultureInfo.InvariantCulture, $"{status.Mode:x} {status.Owner} {status.Group} {status.Device} {status.Inode}");
        return status.IsDirectory ? mark : $"{mark} {status.Size.ToString(CultureInfo.InvariantCulture)}{Times(status)}";
    }

    string Times(in FileStatus status)
    {
        if (DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeSeconds(status.Changed.Seconds) < settled)
            isFresh = true;
        return string.Create(CultureInfo.InvariantCulture, $" {status.Modified.Seconds}.{status.Modified.Nanoseconds} {status.Changed.Seconds}.{status.Changed.Nanoseconds}");
    }
}
