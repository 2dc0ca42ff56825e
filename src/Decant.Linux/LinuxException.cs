namespace Decant.Linux;

/// <summary>A system call failed: which one, on what, and why.</summary>
public sealed class LinuxException : DecantException
{
    public LinuxException(string operation, string? subject, Errno errno, string? fix = null)
        : base(Text(operation, subject, errno), fix)
    {
        Operation = operation;
        Subject = subject;
        Errno = errno;
    }

    /// <summary>The call or the step, such as "open" or "mount proc".</summary>
    public string Operation { get; }

    /// <summary>The path or object that the call was about.</summary>
    public string? Subject { get; }

    public Errno Errno { get; }

    static string Text(string operation, string? subject, Errno errno) =>
        subject is null
            ? $"{operation}: {errno.Describe()}"
            : $"{operation} {PathBytes.Printable(subject)}: {errno.Describe()}";
}
