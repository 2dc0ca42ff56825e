namespace Decant.Devices;

/// <summary>A program of the host's that an engine runs at a point of a container's life.</summary>
/// <param name="Name">Of the point: createContainer and the like.</param>
/// <param name="Path">The program.</param>
/// <param name="Arguments">The first is the program's own name.</param>
public sealed record CdiHook(string Name, string Path, IReadOnlyList<string> Arguments);
