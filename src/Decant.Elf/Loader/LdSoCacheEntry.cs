namespace Decant.Elf;

/// <summary>One line of ld.so.cache, as <c>ldconfig -p</c> prints it.</summary>
/// <param name="Flags">Kind of library and ABI (FLAG_* of glibc's sysdeps/generic/ldconfig.h).</param>
/// <param name="Hwcap">The number as stored.</param>
/// <param name="Hwcaps">The glibc-hwcaps directory that the library is for, such as x86-64-v3; null for every CPU.</param>
public sealed record LdSoCacheEntry(string Soname, string Path, uint Flags, ulong Hwcap, string? Hwcaps);
