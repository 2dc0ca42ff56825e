namespace Decant.Linux;

/// <summary>What is asked of a file, by the bits of access(2).</summary>
[Flags]
public enum FileAccessModes : uint
{
    /// <summary>Of a directory: to be searched.</summary>
    Execute = 1,
    Write = 2,
    Read = 4,
}
