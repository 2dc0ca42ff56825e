namespace Decant.Images;

/// <summary>What unpacking a layer did, and what it left out.</summary>
/// <param name="Entries">Of the archive, whiteouts included.</param>
/// <param name="Bytes">Content written; holes do not count.</param>
/// <param name="SkippedDevices">Device nodes that the caller may not make, and those numbered 0:0, which would read as whiteouts.</param>
/// <param name="SkippedXattrs">Attributes that the caller may not set, that the file system does not keep, or that would steer overlayfs.</param>
/// <param name="FoldedOwners">Entries that belong to the caller now, though the archive names another owner.</param>
/// <param name="FoldedSetIds">Those of them that are set-user-id or set-group-id files: the bits are there, but no longer lead to that owner.</param>
public sealed record LayerReport(long Entries, long Bytes, long SkippedDevices, long SkippedXattrs, long FoldedOwners, long FoldedSetIds = 0);
