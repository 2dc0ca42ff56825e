namespace Decant.EndToEnd.Tests;

/// <summary>Runs scripts where every trace shows; QuietRoom.sh says how.</summary>
public static class QuietRoom
{
    /// <summary>
    /// Runs a bash script as the user, with $decant the binary. Its exit status is 90, and its error says what, where a mount, a
    /// process, a file, a cgroup or a change of the store is left.
    /// </summary>
    public static ProgramResult Run(User user, string script, byte[]? input = null) => Shell.Execute(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--", Workplace.Existing("tests/Decant.EndToEnd.Tests/QuietRoom.sh", "git checkout"), script, .. user.Prefix],
        DecantBinary.Variables(user), input, limit: TimeSpan.FromMinutes(5));
}
