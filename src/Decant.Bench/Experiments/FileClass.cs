namespace Decant.Bench;

/// <summary>Files whose share of the page cache is counted by itself.</summary>
/// <param name="Name">In the waterfall: "model".</param>
/// <param name="Path">A file or a directory of the host, absolute.</param>
public sealed record FileClass(string Name, string Path);
