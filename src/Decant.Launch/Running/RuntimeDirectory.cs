using Decant.Linux;

namespace Decant.Launch.Running;

/// <summary>Where this user's decants meet: closed to other users, and in no image's root. Those of several hosts may, where it is on a network.</summary>
static class RuntimeDirectory
{
    /// <summary>To make what others take away at the same time, whoever is the last there.</summary>
    public const int MostAttempts = 100;

    const uint Private = 0x1C0; // 0700
    const uint ForOthers = 0x3F;

    /// <summary>Made where it is missing.</summary>
    /// <exception cref="DecantException">Somebody else has made it, or opened it to others.</exception>
    public static string Make()
    {
        string path = Find();
        Errno errno = Errno.ENOENT;
        FileStatus status = default;
        for (int attempt = 0; errno == Errno.ENOENT && attempt < MostAttempts; attempt++)
        {
            errno = LinuxFile.TryMakeDirectory(null, path, Private);
            if (errno is not (Errno.None or Errno.EEXIST))
                throw new LinuxException("mkdir", path, errno);
            // The last rank of another job may have taken it away in between.
            errno = LinuxFile.TryStatus(null, path, follow: false, out status);
        }

        if (errno != Errno.None)
            throw new LinuxException("stat", path, errno);
        if (IsOwn(status) && (status.Permissions & ForOthers) == 0)
            return path;
        // What is another's nobody else can remove from a directory such as /tmp.
        throw new DecantException(
            $"{PathBytes.Printable(path)} is not a directory of this user's alone, so that ranks cannot meet there",
            $"{(IsOwn(status) ? $"rm -r {PathBytes.Printable(path)}, or " : "")}set XDG_RUNTIME_DIR to a directory of your own");
    }

    /// <summary>The one of the user's session (XDG Base Directory Specification), where there is one; batch jobs have none.</summary>
    static string Find()
    {
        string? session = CallerEnvironment.Get("XDG_RUNTIME_DIR");
        return session is ['/', ..] && LinuxFile.TryStatus(null, session, follow: true, out FileStatus status) == Errno.None && IsOwn(status)
            ? $"{session}/decant"
            : $"/tmp/decant-{Libc.GetEffectiveUserId()}";
    }

    static bool IsOwn(FileStatus status) => status.IsDirectory && status.Owner == Libc.GetEffectiveUserId();
}
