namespace Decant.Elf;

/// <summary>What makes a file one file, whatever its names: st_dev and st_ino.</summary>
public readonly record struct FileIdentity(ulong Device, ulong Inode);
