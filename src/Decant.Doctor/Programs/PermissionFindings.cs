using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>What the permissions of files and directories keep from the user who runs a command.</summary>
static class PermissionFindings
{
    const uint AnyExecute = 0x49;

    /// <summary>Message of execve(2) and open(2) in these cases.</summary>
    const string Denied = "Permission denied";

    /// <summary>Null where the kernel may execute it for the user.</summary>
    /// <param name="path">Of a file that is there.</param>
    public static Finding? NotExecutable(ExaminedCommand command, string path)
    {
        RootEntry entry = command.View.Resolve(path);
        if (!entry.Exists || command.View.May(entry, FileAccessModes.Execute))
            return null;
        string printable = PathBytes.Printable(path);
        bool byNobody = (entry.Status.Mode & AnyExecute) == 0;
        return new Finding
        {
            Id = "program-not-executable",
            Severity = FindingSeverity.Error,
            Cause = byNobody ? $"{printable} may not be executed by anybody: {Mode(entry)}" : $"{printable} may not be executed by {User(command)}: {Mode(entry)}",
            Message = Denied,
            Evidence = byNobody ? [] : [Owner(printable, entry)],
            Fix = $"chmod {(byNobody ? "+x" : "a+x")} {printable} in the image{(byNobody ? "" : OtherUser(entry))}",
        };
    }

    /// <summary>A directory on the way to a program is closed to the user.</summary>
    /// <param name="name">As the command or script asks for it.</param>
    /// <param name="what">What it is to the command: "the script /x".</param>
    /// <returns>Null where that is not what keeps it away.</returns>
    public static Finding? BehindClosed(ExaminedCommand command, string name, string what, string id = "program-not-executable")
    {
        string path = name.StartsWith('/') ? name : $"{command.WorkingDirectory.TrimEnd('/')}/{name}";
        if (ClosedDirectory(command, path) is not { } directory)
            return null;
        RootEntry entry = command.View.Kernel.Resolve(directory);
        string printable = PathBytes.Printable(directory);
        return new Finding
        {
            Id = id,
            Severity = FindingSeverity.Error,
            Cause = $"{what} is behind {printable}, which {User(command)} may not search: {Mode(entry)}",
            Message = Denied,
            Evidence = [Owner(printable, entry)],
            Fix = $"chmod a+x {printable} in the image{OtherUser(entry)}",
        };
    }

    /// <summary>The directory that keeps the user from a path; null where none does.</summary>
    public static string? ClosedDirectory(ExaminedCommand command, string path) =>
        command.View.Resolve(path) is { Errno: Errno.EACCES, ExistingParent: { } closed } && command.View.Kernel.Resolve(closed) is { Exists: true, Status.IsDirectory: true } ? closed : null;

    /// <summary>A file that its interpreter is to read, and may not.</summary>
    public static Finding? Unreadable(ExaminedCommand command, string path, string what, string id, string message)
    {
        RootEntry entry = command.View.Resolve(path);
        if (!entry.Exists)
            return BehindClosed(command, path, what, id) is { } closed ? closed with { Message = message } : null;
        if (!entry.Status.IsRegular || command.View.May(entry, FileAccessModes.Read))
            return null;
        string printable = PathBytes.Printable(path);
        return new Finding
        {
            Id = id,
            Severity = FindingSeverity.Error,
            Cause = $"{what} may not be read by {User(command)}: {Mode(entry)}",
            Message = message,
            Evidence = [Owner(printable, entry)],
            Fix = $"chmod a+r {printable} in the image{OtherUser(entry)}",
        };
    }

    /// <summary>Why a library that is there is closed: "user 1000 may not read it: its mode is 600"; null where it is open.</summary>
    public static string? WhyClosed(ExaminedCommand command, string path)
    {
        RootEntry entry = command.View.Resolve(path);
        if (entry.Exists)
            return command.View.May(entry, FileAccessModes.Read) ? null : $"which {User(command)} may not read: {Mode(entry)}";
        return ClosedDirectory(command, path) is { } directory
            ? $"and {User(command)} may not search {PathBytes.Printable(directory)}: {Mode(command.View.Kernel.Resolve(directory))}"
            : null;
    }

    static string User(ExaminedCommand command) => command.UserId is { } id ? $"user {id}" : "the user";

    static string Mode(in RootEntry entry) => $"its mode is {Convert.ToString(entry.Status.Permissions, 8)}";

    static string Owner(string printable, in RootEntry entry) => $"{printable} belongs to user {entry.Status.Owner} and group {entry.Status.Group}";

    static string OtherUser(in RootEntry entry) => $", or run as its owner: -u {entry.Status.Owner}";
}
