using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Images;

/// <summary>Sets what a file has besides its content, as far as the caller may, and counts what it may not.</summary>
/// <param name="defaults">What new files have unasked, where it is known: they are changed only where that is not right.</param>
sealed class MetadataWriter(bool privileged, CreationDefaults? defaults = null)
{
    const uint SetIds = 0xC00;
    const uint OwnerOnly = 0x180;

    readonly uint callerUid = Libc.GetEffectiveUserId();
    readonly uint callerGid = Libc.GetEffectiveGroupId();

    public long SkippedXattrs { get; private set; }
    public long FoldedOwners { get; private set; }
    public long FoldedSetIds { get; private set; }

    public void CountOwner(in FileMetadata metadata, bool isFile = false)
    {
        if (privileged || (metadata.Uid == callerUid && metadata.Gid == callerGid))
            return;
        FoldedOwners++;
        if (isFile && (metadata.Mode & SetIds) != 0)
            FoldedSetIds++;
    }

    /// <summary>The mode to create a regular file with: its own, where nothing that comes later needs more.</summary>
    public static uint ModeAtCreation(in FileMetadata metadata) => metadata.Xattrs.Count > 0 ? OwnerOnly : metadata.Mode & 0x1FF;

    /// <summary>The same as <see cref="Apply"/> for a regular file just made with <see cref="ModeAtCreation"/> and filled, in the fewest calls.</summary>
    public void ApplyToNew(SafeFileHandle file, in FileMetadata metadata, string subject)
    {
        if (NeedsOwner(metadata))
            Check(LinuxFile.TryChangeOwner(file, metadata.Uid, metadata.Gid), "change the owner of", subject);
        foreach (TarXattr xattr in metadata.Xattrs)
        {
            if (IsKept(xattr))
                Count(LinuxFile.TrySetXattr(file, xattr.Name, xattr.Value), xattr, subject);
        }

        Check(LinuxFile.TrySetTimes(file, metadata.Accessed, metadata.Modified), "set the times of", subject);
        if (NeedsMode(metadata))
            Check(LinuxFile.TryChangeMode(file, metadata.Mode), "change the mode of", subject);
    }

    /// <summary>The same for a file without attributes that is yet to be made.</summary>
    public NewFileMetadata ForNew(in FileMetadata metadata) => new(
        metadata.Mode, NeedsOwner(metadata) ? (metadata.Uid, metadata.Gid) : null, NeedsMode(metadata), metadata.Accessed, metadata.Modified);

    /// <summary>
    /// The order is the kernel's: a change of owner clears set-id bits and file capabilities, so it comes first; user
    /// attributes need write permission and "." search permission, which the mode may take away, so it comes last.
    /// The name is a single one in the directory, or "." for the directory itself.
    /// </summary>
    public void Apply(SafeFileHandle directory, string name, in FileMetadata metadata, bool isLink, string subject)
    {
        if (NeedsOwner(metadata))
            Check(LinuxFile.TryChangeOwner(directory, name, metadata.Uid, metadata.Gid), "change the owner of", subject);
        if (metadata.Xattrs.Count > 0)
        {
            string path = $"/proc/self/fd/{LinuxFile.Number(directory)}/{name}";
            foreach (TarXattr xattr in metadata.Xattrs)
            {
                if (IsKept(xattr))
                    Count(LinuxFile.TrySetXattr(path, xattr.Name, xattr.Value), xattr, subject);
            }
        }

        Check(LinuxFile.TrySetTimes(directory, name, metadata.Accessed, metadata.Modified), "set the times of", subject);
        // A link has no mode of its own; what is under this name is no link, since decant just made it.
        if (!isLink)
            Check(LinuxFile.TryChangeMode(directory, name, metadata.Mode), "change the mode of", subject);
    }

    bool NeedsOwner(in FileMetadata metadata) =>
        privileged && (defaults is not { } made || metadata.Uid != made.Uid || metadata.Gid != made.Gid);

    bool NeedsMode(in FileMetadata metadata) =>
        defaults is null || metadata.Xattrs.Count > 0 || (metadata.Mode & ~defaults.Value.Mask) != 0;

    bool IsKept(TarXattr xattr)
    {
        // The label is the host's policy's to give.
        if (xattr.Name == "security.selinux")
            return false;
        bool forRoot = xattr.Name == "security.capability" || xattr.Name.StartsWith("trusted.", StringComparison.Ordinal);
        bool kept = !FileMetadata.IsOverlay(xattr.Name) && (!forRoot || privileged);
        SkippedXattrs += kept ? 0 : 1;
        return kept;
    }

    void Count(Errno errno, TarXattr xattr, string subject)
    {
        // EPERM: also what the kernel says to a user attribute of a link or device.
        if (errno is Errno.EPERM or Errno.EOPNOTSUPP or Errno.EACCES)
            SkippedXattrs++;
        else
            Check(errno, $"set the attribute {xattr.Name} of", subject);
    }

    static void Check(Errno errno, string operation, string subject)
    {
        if (errno != Errno.None)
            throw new LinuxException(operation, subject, errno);
    }
}
