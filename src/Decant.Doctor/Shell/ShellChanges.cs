namespace Decant.Doctor;

/// <summary>What commands that have run by then may have made of the root; of all processes of a shell the same.</summary>
sealed class ShellChanges
{
    /// <summary>What is not in the image may be there by now.</summary>
    public bool MayHaveChanged { get; set; }

    /// <summary>A trap may end the shell with another status.</summary>
    public bool MayTrap { get; set; }

    /// <summary>Directories that were made, by their absolute paths.</summary>
    public HashSet<string> Made { get; } = new(StringComparer.Ordinal);

    /// <summary>The names of files that output was written to.</summary>
    public HashSet<string> Written { get; } = new(StringComparer.Ordinal);
}
