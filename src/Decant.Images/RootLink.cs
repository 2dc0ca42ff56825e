namespace Decant.Images;

/// <summary>A symbolic link of a root.</summary>
/// <param name="Path">Its own, without links.</param>
/// <param name="Target">As it says.</param>
public readonly record struct RootLink(string Path, string Target);
