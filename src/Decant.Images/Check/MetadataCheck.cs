using Decant.Linux;

namespace Decant.Images;

/// <summary>Compares what a file of a tree has besides its content with what the archive says, as far as <see cref="MetadataWriter"/> sets it.</summary>
/// <param name="privileged">Root unpacked the tree; else everything in it belongs to whoever did.</param>
/// <param name="owner">Who did.</param>
sealed class MetadataCheck(bool privileged, uint owner)
{
    const uint SetGroupId = 0x400;
    const string Capability = "security.capability";

    /// <summary>Null where there is no difference.</summary>
    /// <param name="path">For calls that know no directory.</param>
    public string? Difference(in FileStatus status, in FileMetadata expected, string path)
    {
        if (privileged ? status.Owner != expected.Uid || status.Group != expected.Gid : status.Owner != owner)
            return $"its owner is {status.Owner}:{status.Group}, not {(privileged ? $"{expected.Uid}:{expected.Gid}" : owner)}";
        // Without privilege chmod(2) takes the set-group-id bit away where the group is not the caller's.
        uint wrong = (status.Permissions ^ expected.Mode) & (privileged ? ~0u : ~SetGroupId);
        if (wrong != 0 && !status.IsSymbolicLink)
            return $"its mode is {Convert.ToString(status.Permissions, 8)}, not {Convert.ToString(expected.Mode, 8)}";
        if (!SameTime(status.Modified, expected.Modified))
            return $"its time of change is {Text(status.Modified)}, not {Text(expected.Modified)}";
        return XattrDifference(status, expected.Xattrs, path);
    }

    /// <summary>File systems keep seconds at least, and dates of 32 bits.</summary>
    static bool SameTime(UnixTime actual, UnixTime expected) =>
        expected.Seconds is < int.MinValue or > int.MaxValue
        || (actual.Seconds == expected.Seconds && (actual.Nanoseconds == expected.Nanoseconds || actual.Nanoseconds == 0 || actual.Nanoseconds == expected.Nanoseconds / 100 * 100));

    static string Text(UnixTime time) => $"{time.Seconds}.{time.Nanoseconds:d9}";

    string? XattrDifference(in FileStatus status, IReadOnlyList<TarXattr> expected, string path)
    {
        foreach (TarXattr xattr in expected)
        {
            if (!IsKept(status, xattr.Name))
                continue;
            Errno errno = LinuxFile.TryGetXattr(path, xattr.Name, out byte[] value);
            if (errno == Errno.ENODATA)
                return $"its attribute {PathBytes.Printable(xattr.Name)} is missing";
            if (errno == Errno.None && !value.AsSpan().SequenceEqual(LastOf(expected, xattr.Name)))
                return $"its attribute {PathBytes.Printable(xattr.Name)} has another value";
        }

        if (LinuxFile.TryListXattrs(path, out List<string> names) == Errno.None)
        {
            foreach (string name in names)
            {
                if (IsKept(status, name) && !expected.Any(xattr => xattr.Name == name))
                    return $"its attribute {PathBytes.Printable(name)} does not belong to it";
            }
        }

        return null;
    }

    /// <summary>
    /// Whether unpacking sets it and nothing else changes it: access lists (system.*) follow later changes of the mode, labels are the
    /// host's, user.* is for files and directories only.
    /// </summary>
    bool IsKept(in FileStatus status, string name)
    {
        if (FileMetadata.IsOverlay(name))
            return false;
        if (name.StartsWith("user.", StringComparison.Ordinal))
            return status.IsRegular || status.IsDirectory;
        return privileged && (name == Capability || name.StartsWith("trusted.", StringComparison.Ordinal));
    }

    static byte[] LastOf(IReadOnlyList<TarXattr> xattrs, string name)
    {
        byte[] value = [];
        foreach (TarXattr xattr in xattrs)
        {
            if (xattr.Name == name)
                value = xattr.Value;
        }

        return value;
    }
}
