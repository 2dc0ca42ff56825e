namespace Decant.Linux;

/// <summary>What a new regular file gets besides its name and content.</summary>
/// <param name="Mode">Permission bits that it is made with, and with <paramref name="SetMode"/> all mode bits that it has in the end.</param>
/// <param name="Owner">Null leaves the owner and the group that the kernel gives.</param>
/// <param name="SetMode">Whether the kernel would not give it this mode by itself.</param>
public readonly record struct NewFileMetadata(uint Mode, (uint Uid, uint Gid)? Owner, bool SetMode, UnixTime Accessed, UnixTime Modified);
