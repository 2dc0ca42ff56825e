namespace Decant.Bench;

/// <summary>A file that has much of the page cache after a trial.</summary>
/// <param name="Class">The name of its <see cref="FileClass"/>.</param>
/// <param name="Name">Its path: the program's, of what lies in an image or a container's own layer, else the host's.</param>
public sealed record CachedFile(string Class, string Name, long Bytes);
