namespace Decant.Linux;

/// <summary>One name that getdents64(2) gives, and its type; null where the file system does not tell (DT_UNKNOWN).</summary>
public readonly record struct DirectoryItem(string Name, FileType? Type);
