namespace Decant.Bench;

/// <summary>Files whose share of the page cache is counted by itself.</summary>
/// <param name="Name">In the waterfall: "model".</param>
/// <param name="Path">A file or a directory of the host, absolute.</param>
/// <param name="SeenAs">How the program calls that directory, where its files are told by the program's names: empty for its root. Null for the host's.</param>
public sealed record FileClass(string Name, string Path, string? SeenAs = null)
{
    /// <param name="path">Of one of its files, on the host.</param>
    public string NameOf(string path) => SeenAs is null ? path : SeenAs + path[Path.Length..];
}
