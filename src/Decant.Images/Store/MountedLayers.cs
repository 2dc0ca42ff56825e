using System.Buffers.Text;
using System.Text;
using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>
/// Layers that running programs have mounted. Nothing else tells: a program that decant became holds no lock of decant's.
/// Each mount namespace that this user may look into is read once. A launch names the topmost layer as the mount's source; one
/// without overlayfs binds a directory of the layer's, and other tools give overlayfs the directories. Paths there are those of the
/// file system, not of the store, so a layer that another store has mounted by path counts as well.
/// </summary>
static class MountedLayers
{
    const string SourcePrefix = "decant:";
    const char InodeMark = '@';

    /// <summary>The source of a mount that has this layer topmost: decant:CHAINID@INODE, the inode of its tree, by which stores that hold the same layer differ.</summary>
    /// <param name="tree">The layer's tree, layers/CHAINID/diff.</param>
    public static string Source(string chainId, string tree) =>
        LinuxFile.TryStatus(null, tree, follow: false, out FileStatus status) == Errno.None ? $"{SourcePrefix}{chainId}{InodeMark}{status.Inode}" : SourcePrefix + chainId;

    /// <summary>In a layer's directory: the layers that it lies on, one a line, the topmost first.</summary>
    public const string BelowFile = "below";

    /// <summary>Names of layer directories of the store at this root.</summary>
    public static HashSet<string> Find(string root)
    {
        HashSet<(string ChainId, ulong? Inode)> mounted = [];
        HashSet<string> seen = [];
        using SafeFileHandle proc = LinuxFile.Open("/proc", OpenFlags.ReadOnly | OpenFlag.Directory);
        foreach (string pid in LinuxFile.Names(proc, "/proc"))
        {
            // Processes end while they are looked at, and those of others cannot be: both hold nothing of this store.
            if (char.IsAsciiDigit(pid[0])
                && LinuxFile.TryReadLink(proc, $"{pid}/ns/mnt", out string? mounts) == Errno.None && seen.Add(mounts!)
                && LinuxFile.TryReadAll(proc, $"{pid}/mountinfo", out byte[] text) == Errno.None)
                Gather(text, mounted);
        }

        HashSet<string> layers = [];
        foreach ((string chainId, ulong? inode) in mounted)
        {
            foreach (string place in Places(root, chainId))
            {
                if (inode is { } own && (LinuxFile.TryStatus(null, place + "/diff", follow: false, out FileStatus status) != Errno.None || status.Inode != own))
                    continue;
                layers.Add(chainId);
                if (LinuxFile.TryReadAll(null, $"{place}/{BelowFile}", out byte[] below) == Errno.None)
                    layers.UnionWith(Encoding.ASCII.GetString(below).Split('\n', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return layers;
    }

    /// <summary>Where a layer of the store is, or is while it is being removed.</summary>
    static IEnumerable<string> Places(string root, string chainId)
    {
        yield return $"{root}/layers/{chainId}";
        string[] aside = Directory.Exists(root + "/tmp") ? Directory.GetDirectories(root + "/tmp", chainId + ".*") : [];
        foreach (string path in aside)
            yield return path;
    }

    internal static void Gather(ReadOnlySpan<byte> text, HashSet<(string ChainId, ulong? Inode)> mounted)
    {
        for (int end = 0; end < text.Length;)
        {
            int start = text[end..].IndexOfAnyInRange((byte)'0', (byte)'f');
            if (start < 0)
                return;
            start += end;
            end = start;
            while (end < text.Length && char.IsAsciiHexDigitLower((char)text[end]))
                end++;
            if (end - start is 64 or 128 && Names(text[..start], text[end..])) // sha256, sha512
                mounted.Add((Encoding.ASCII.GetString(text[start..end]), text[..start].EndsWith(" decant:"u8) ? Inode(text[end..]) : null));
            end = Math.Max(end, start + 1);
        }
    }

    static ulong? Inode(ReadOnlySpan<byte> after) =>
        after.Length > 0 && after[0] == InodeMark && Utf8Parser.TryParse(after[1..], out ulong inode, out int length) && length + 1 < after.Length && after[length + 1] == ' ' ? inode : null;

    /// <summary>Whether hexadecimal between these two is a layer's name. A mount made from inside layers/ has names without what is above.</summary>
    static bool Names(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after) =>
        before.EndsWith(" decant:"u8)
        || ((after.StartsWith("/diff"u8) || after.StartsWith("/flat"u8)) && (before.EndsWith("/layers/"u8) || !before.EndsWith("/"u8)));
}
