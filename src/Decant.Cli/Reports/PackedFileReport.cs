namespace Decant.Cli;

/// <summary>A file in the image.</summary>
/// <param name="Size">In bytes.</param>
sealed record PackedFileReport(string Path, long Size, string Why);
