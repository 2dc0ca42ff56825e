namespace Decant.Doctor;

/// <summary>What comes of it when a command fails.</summary>
/// <param name="IsLast">The shell ends with its status.</param>
/// <param name="ErrExit">"set -e" would end the shell, where it is on.</param>
/// <param name="ExitFails">The whole command fails where the shell, or the subshell that runs it, ends with an error here.</param>
/// <param name="Most">No finding about it is worse.</param>
/// <param name="IsCondition">Its failure is asked for, and is none.</param>
readonly record struct ShellFate(bool IsLast, bool ErrExit, bool ExitFails, FindingSeverity Most, bool IsCondition)
{
    /// <summary>Of the whole text.</summary>
    public static ShellFate Whole { get; } = new(IsLast: true, ErrExit: true, ExitFails: true, FindingSeverity.Error, IsCondition: false);

    /// <summary>The shell goes on behind it.</summary>
    public ShellFate Passed => this with { IsLast = false, ErrExit = false };

    public ShellFate Condition => this with { IsLast = false, ErrExit = false, IsCondition = true };
}
