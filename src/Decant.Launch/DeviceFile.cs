using System.Collections.Immutable;

namespace Decant.Launch;

/// <summary>A file of the host.</summary>
/// <param name="Source">Absolute, without links.</param>
/// <param name="Names">Links to it, beside the name of the source itself.</param>
public sealed record DeviceFile(string Source, ImmutableArray<string> Names);
