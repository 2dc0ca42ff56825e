using System.Text;
using Decant.Linux;

namespace Decant.Images.Tests;

/// <summary>What a tree shows, path by path, for comparison.</summary>
static class TreeSnapshot
{
    /// <summary>Of a host directory: type, mode, and content or target; with details also owner, times, links and attributes.</summary>
    public static SortedDictionary<string, string> OfHost(string root, bool details = false)
    {
        SortedDictionary<string, string> all = new(StringComparer.Ordinal);
        Stack<string> rest = new([""]);
        while (rest.TryPop(out string? path))
        {
            string host = root + path;
            FileStatus status = LinuxFile.Status(host);
            all[path] = Describe(status, host) + (details ? Details(status, host) : "");
            if (!status.IsDirectory)
                continue;
            using var directory = LinuxFile.Open(host, OpenFlags.ReadOnly | OpenFlag.Directory);
            foreach (string name in LinuxFile.Names(directory, host))
                rest.Push($"{path}/{name}");
        }

        return all;
    }

    public static SortedDictionary<string, string> OfView(RootView view)
    {
        SortedDictionary<string, string> all = new(StringComparer.Ordinal);
        Stack<string> rest = new([""]);
        while (rest.TryPop(out string? path))
        {
            RootEntry entry = view.Resolve(path, followLast: false);
            Assert.True(entry.Exists, path);
            all[path] = Describe(entry.Status, entry.HostPath!);
            if (!entry.Status.IsDirectory)
                continue;
            foreach (string name in view.Names(path))
                rest.Push($"{path}/{name}");
        }

        return all;
    }

    static string Describe(FileStatus status, string host) => status.Type switch
    {
        FileType.Regular => $"file {status.Permissions:x} {Encoding.Latin1.GetString(File.ReadAllBytes(host))}",
        FileType.SymbolicLink => $"link {LinuxFile.ReadLink(null, host)}",
        FileType.Directory => $"directory {status.Permissions:x}",
        _ => $"{status.Type} {status.Permissions:x} {status.Represents}",
    };

    static string Details(FileStatus status, string host)
    {
        Assert.Equal(Errno.None, LinuxFile.TryListXattrs(host, out List<string> names));
        string xattrs = "";
        foreach (string name in names.Order(StringComparer.Ordinal))
        {
            Assert.Equal(Errno.None, LinuxFile.TryGetXattr(host, name, out byte[] value));
            xattrs += $" {name}={Convert.ToHexString(value)}";
        }

        string links = status.IsDirectory ? "" : $" links {status.Links}";
        return $" {status.Owner}:{status.Group} {status.Modified}{links}{xattrs}";
    }
}
