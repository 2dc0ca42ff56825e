using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>The outcome of test(1), "[" and "[[", where it is known before it runs.</summary>
/// <param name="command">The shell.</param>
sealed class ShellTest(ExaminedCommand command, ShellState state)
{
    /// <param name="words">Behind "test" or "[", without "]".</param>
    public ShellStatus Of(IReadOnlyList<string> words) => Is(words) switch
    {
        true => ShellStatus.Succeeds,
        false => ShellStatus.Fails,
        null => ShellStatus.Unknown,
    };

    bool? Is(IReadOnlyList<string> words) => words switch
    {
        [] => false,
        [var text] => text.Length > 0,
        ["!", ..] when words.Count < 4 || words[2] is not ("-a" or "-o") => !Is([.. words.Skip(1)]),
        [var one, "=" or "==", var other] => one == other,
        [var one, "!=", var other] => one != other,
        [var one, "-eq" or "-ne" or "-lt" or "-le" or "-gt" or "-ge", var other] when long.TryParse(one, out long left) && long.TryParse(other, out long right) => words[1] switch
        {
            "-eq" => left == right,
            "-ne" => left != right,
            "-lt" => left < right,
            "-le" => left <= right,
            "-gt" => left > right,
            _ => left >= right,
        },
        ["-n", var text] => text.Length > 0,
        ["-z", var text] => text.Length == 0,
        [['-', var letter], var path] => File(letter, path),
        _ => null,
    };

    bool? File(char letter, string path)
    {
        if (state.Changes.MayHaveChanged || !"efdrxsLh".Contains(letter))
            return null;
        if (path.Length == 0)
            return false;
        string? full = path.StartsWith('/') ? path : state.Directory is { } directory ? $"{directory.TrimEnd('/')}/{path}" : null;
        // Of the host, or of when it runs.
        if (full is null || ProgramCheck.IsLive(full) || LinuxPath.IsBelow(full, "/sys") || LinuxPath.IsBelow(full, "/run") || LinuxPath.IsBelow(full, "/tmp") || full is "/.dockerenv" or "/run/.containerenv")
            return null;
        if (state.Changes.Made.Contains(full) || state.Changes.Written.Contains(LinuxPath.Name(full)))
            return null;
        RootEntry entry = command.View.Resolve(full, followLast: letter is not ('L' or 'h'));
        if (!entry.Exists)
            return entry.Errno is Errno.ENOENT or Errno.ENOTDIR ? false : null;
        return letter switch
        {
            'e' => true,
            'f' => entry.Status.IsRegular,
            'd' => entry.Status.IsDirectory,
            'L' or 'h' => entry.Status.IsSymbolicLink,
            's' => entry.Status.IsRegular ? entry.Status.Size > 0 : null,
            'r' => command.View.May(entry, FileAccessModes.Read),
            _ => command.View.May(entry, FileAccessModes.Execute),
        };
    }
}
