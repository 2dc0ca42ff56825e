using System.Text;
using Decant.Images;
using Decant.Linux;

namespace Decant.Launch;

/// <summary>
/// The users and groups of a root as its own /etc/passwd and /etc/group have them (passwd(5), group(5)). Lines with too few fields,
/// comments and NIS marks are passed over, as the C library does. A file is read at the first question about it, and once.
/// </summary>
public sealed class AccountFiles(RootView view)
{
    /// <summary>More than any real file; an image's is hostile.</summary>
    const int MaxFileBytes = 16 * 1024 * 1024;

    const int PasswdFields = 7;
    const int GroupFields = 4;

    byte[]? passwd;
    byte[]? group;

    ReadOnlySpan<byte> Passwd => passwd ??= view.TryReadFile("/etc/passwd", MaxFileBytes) ?? [];

    ReadOnlySpan<byte> Group => group ??= view.TryReadFile("/etc/group", MaxFileBytes) ?? [];

    /// <summary>The user of "user[:group]", names or numbers (image-spec config.md, "User"); "" is root.</summary>
    /// <exception cref="DecantException">A name has no entry.</exception>
    public ImageUser Find(string text)
    {
        int colon = text.IndexOf(':');
        string userText = colon < 0 ? text : text[..colon];
        if (userText.Length == 0)
            userText = "0";
        string? groupText = colon < 0 || colon == text.Length - 1 ? null : text[(colon + 1)..];

        ReadOnlySpan<byte> userName = PathBytes.Encode(userText);
        bool numeric = TryId(userName, out uint uid);
        ReadOnlySpan<byte> entry = default;
        ReadOnlySpan<byte> rest = Passwd;
        while (TryNext(ref rest, PasswdFields, out ReadOnlySpan<byte> line))
        {
            if (Field(line, 0).SequenceEqual(userName) || (numeric && TryId(Field(line, 2), out uint id) && id == uid))
            {
                entry = line;
                break;
            }
        }

        if (entry.IsEmpty && !numeric)
            throw new DecantException($"unable to find user {PathBytes.Printable(userText)}: no matching entries in the image's /etc/passwd", "give a number: --user UID[:GID]");
        uint gid = 0;
        if (!entry.IsEmpty)
        {
            uid = Id(entry, 2, "uid", userText);
            gid = Id(entry, 3, "gid", userText);
        }

        List<uint> groups = Groups(Field(entry, 0), groupText, ref gid);
        ReadOnlySpan<byte> home = entry.IsEmpty ? "/"u8 : Field(entry, 5);
        return new ImageUser(uid, gid, entry.IsEmpty ? null : PathBytes.Decode(Field(entry, 0)), home.IsEmpty ? "/" : PathBytes.Decode(home), [.. groups]);
    }

    /// <summary>The first name of a uid; null where it has none.</summary>
    public string? NameOf(uint uid)
    {
        ReadOnlySpan<byte> line = Entry(Passwd, PasswdFields, uid);
        return line.IsEmpty ? null : PathBytes.Decode(Field(line, 0));
    }

    public bool HasGroup(uint gid) => !Entry(Group, GroupFields, gid).IsEmpty;

    /// <summary>/etc/passwd with one more entry.</summary>
    public byte[] PasswdWith(uint uid, uint gid, string name, string home) => WithLine(Passwd, $"{name}:x:{uid}:{gid}::{home}:/bin/sh\n");

    /// <summary>/etc/group with one more entry.</summary>
    public byte[] GroupWith(uint gid, string name) => WithLine(Group, $"{name}:x:{gid}:\n");

    /// <summary>As docker: the primary group first, then memberships, which count only where no group was named.</summary>
    List<uint> Groups(ReadOnlySpan<byte> user, string? groupText, ref uint gid)
    {
        List<uint> supplementary = [];
        ReadOnlySpan<byte> groupName = groupText is null ? default : PathBytes.Encode(groupText);
        bool found = groupText is null || TryId(groupName, out gid);
        ReadOnlySpan<byte> rest = Group;
        while (TryNext(ref rest, GroupFields, out ReadOnlySpan<byte> line))
        {
            if (!TryId(Field(line, 2), out uint id))
                continue;
            if (!found && Field(line, 0).SequenceEqual(groupName))
            {
                gid = id;
                found = true;
            }

            if (groupText is null && !user.IsEmpty && id != gid && Lists(Field(line, 3), user))
                supplementary.Add(id);
        }

        if (!found)
            throw new DecantException($"unable to find group {PathBytes.Printable(groupText!)}: no matching entries in the image's /etc/group", "give a number: --user UID:GID");
        supplementary.Insert(0, gid);
        return supplementary;
    }

    static uint Id(ReadOnlySpan<byte> line, int field, string what, string user) =>
        TryId(Field(line, field), out uint id)
            ? id
            : throw new DecantException($"the image's /etc/passwd gives {PathBytes.Printable(user)} no valid {what}: {PathBytes.Printable(PathBytes.Decode(Field(line, field)))}");

    static ReadOnlySpan<byte> Entry(ReadOnlySpan<byte> content, int fields, uint wanted)
    {
        while (TryNext(ref content, fields, out ReadOnlySpan<byte> line))
        {
            if (TryId(Field(line, 2), out uint id) && id == wanted)
                return line;
        }

        return default;
    }

    static byte[] WithLine(ReadOnlySpan<byte> content, string line)
    {
        string separator = content.Length > 0 && content[^1] != '\n' ? "\n" : "";
        return [.. content, .. Encoding.UTF8.GetBytes(separator + line)];
    }

    /// <summary>Takes the next line with at least so many fields and a name off the rest.</summary>
    static bool TryNext(scoped ref ReadOnlySpan<byte> rest, int fields, out ReadOnlySpan<byte> line)
    {
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.Count((byte)':') >= fields - 1 && (char)line[0] is not (':' or '#' or '+' or '-'))
                return true;
        }

        line = default;
        return false;
    }

    static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, int number)
    {
        for (; number > 0; number--)
            line = line[(line.IndexOf((byte)':') + 1)..];
        int end = line.IndexOf((byte)':');
        return end < 0 ? line : line[..end];
    }

    static bool Lists(ReadOnlySpan<byte> members, ReadOnlySpan<byte> user)
    {
        while (true)
        {
            int comma = members.IndexOf((byte)',');
            if ((comma < 0 ? members : members[..comma]).SequenceEqual(user))
                return true;
            if (comma < 0)
                return false;
            members = members[(comma + 1)..];
        }
    }

    /// <summary>A decimal number without a sign; the last is no id, but "no change" (chown(2)).</summary>
    static bool TryId(ReadOnlySpan<byte> text, out uint id)
    {
        ulong value = 0;
        foreach (byte digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9' || value > uint.MaxValue)
            {
                id = 0;
                return false;
            }

            value = (value * 10) + digit - '0';
        }

        id = (uint)value;
        return !text.IsEmpty && value < uint.MaxValue;
    }
}
