using Decant.Linux;

namespace Decant.Images;

/// <summary>Why the store could not be written to, with what helps; the cause may lie several exceptions deep.</summary>
static class StoreFailure
{
    /// <summary>
    /// The same error with advice, where it says that the store's file system is full, read-only or not the caller's; else null.
    /// </summary>
    public static DecantException? Explain(Exception exception, string root)
    {
        if (exception is DecantException { Fix: not null } || Advice(exception, root) is not { } fix)
            return null;
        string message = exception is DecantException ? exception.Message : $"write to the store {PathBytes.Printable(root)}: {PathBytes.Printable(exception.Message)}";
        return new DecantException(message, fix, exception);
    }

    static string? Advice(Exception exception, string root)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            (Errno errno, string? subject) = e switch
            {
                LinuxException linux => (linux.Errno, linux.Subject),
                // On Unix the framework keeps the error number there.
                IOException io => ((Errno)io.HResult, null),
                _ => (Errno.None, null),
            };
            string store = PathBytes.Printable(root);
            switch (errno)
            {
                case Errno.ENOSPC:
                    return $"free space, or inodes, where the store is ({store}, {Free(root)}), as with decant gc and decant rm IMAGE; or set DECANT_ROOT to a directory elsewhere";
                case Errno.EDQUOT:
                    return $"free space within your quota where the store is ({store}), as with decant gc and decant rm IMAGE; or set DECANT_ROOT to a directory elsewhere";
                case Errno.EROFS:
                    return $"the store {store} is on a read-only file system: set DECANT_ROOT to a directory that you may write to";
                case Errno.EACCES or Errno.EPERM when subject is not null && subject.StartsWith(root, StringComparison.Ordinal):
                    return $"make {store} and all in it yours, or set DECANT_ROOT to a directory that you may write to";
            }
        }

        return null;
    }

    static string Free(string root)
    {
        const long MiB = 1024 * 1024;
        return LinuxFile.Exists(root) ? $"{LinuxFile.FileSystem(root).AvailableBytes / MiB} MiB left" : "not there";
    }
}
