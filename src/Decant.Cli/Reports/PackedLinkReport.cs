namespace Decant.Cli;

/// <summary>A symbolic link in the image.</summary>
sealed record PackedLinkReport(string Path, string Target);
