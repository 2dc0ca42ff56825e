namespace Decant.Cli;

/// <summary>What was left out of the image.</summary>
sealed record LeftOutFileReport(string Path, string Reason);
