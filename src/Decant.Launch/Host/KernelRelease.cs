namespace Decant.Launch;

/// <summary>What uname -r says, such as 6.8.0-45-generic.</summary>
public sealed record KernelRelease(string Text, int Major, int Minor)
{
    public bool IsAtLeast(int major, int minor) => (Major, Minor).CompareTo((major, minor)) >= 0;

    /// <summary>The Windows Subsystem for Linux: 4.4.0-19041-Microsoft, or 5.15.90.1-microsoft-standard-WSL2.</summary>
    public bool IsWindowsSubsystem => Text.Contains("microsoft", StringComparison.OrdinalIgnoreCase);

    /// <summary>WSL 1 translates system calls and has no namespaces.</summary>
    public bool IsWindowsSubsystem1 => IsWindowsSubsystem && !IsAtLeast(4, 19);

    /// <summary>Numbers that are missing count as 0.</summary>
    public static KernelRelease Parse(string text)
    {
        string[] parts = text.Split('.');
        return new KernelRelease(text, Leading(parts[0]), parts.Length > 1 ? Leading(parts[1]) : 0);
    }

    static int Leading(string text)
    {
        int end = 0;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        return int.TryParse(text.AsSpan(0, end), out int value) ? value : 0;
    }
}
