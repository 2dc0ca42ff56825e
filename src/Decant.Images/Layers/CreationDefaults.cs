using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>
/// What the kernel gives a new file in a directory: owner, group, and the permission bits that it leaves of those asked for. The umask,
/// a default ACL, a set-group-id directory and mount options all have a say, so a file is made to see. A file that comes out right needs
/// no call to change it.
/// </summary>
readonly record struct CreationDefaults(uint Uid, uint Gid, uint Mask)
{
    const string Name = ".decant";
    const uint AllPermissions = 0x1FF;

    /// <param name="directory">Empty.</param>
    public static CreationDefaults Probe(SafeFileHandle directory)
    {
        const OpenFlags create = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive;
        using SafeFileHandle file = LinuxFile.Open(directory, Name, create | OpenFlag.NoFollow, AllPermissions);
        FileStatus status = LinuxFile.Status(file);
        Errno errno = LinuxFile.TryUnlink(directory, Name);
        return errno == Errno.None
            ? new CreationDefaults(status.Owner, status.Group, status.Permissions & AllPermissions)
            : throw new LinuxException("remove", Name, errno);
    }
}
