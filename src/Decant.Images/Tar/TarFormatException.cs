namespace Decant.Images;

/// <summary>A field is not what the format allows; <see cref="TarReader"/> adds where it stands.</summary>
sealed class TarFormatException(string message, string? fix = null) : Exception(message)
{
    /// <summary>For a limit: the option that raises it.</summary>
    public string? Fix { get; } = fix;
}
