namespace Decant.Doctor;

/// <summary>Software of a root whose parts must fit each other and the host: an MPI, a transport, a toolkit.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Version">As far as its files tell.</param>
/// <param name="Path">Of the file that tells.</param>
public sealed record Stack(string Name, string? Version, string Path);
