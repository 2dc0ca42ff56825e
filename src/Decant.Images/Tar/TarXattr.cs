namespace Decant.Images;

/// <summary>An extended attribute of an entry (SCHILY.xattr.NAME); the value is any bytes.</summary>
public readonly record struct TarXattr(string Name, byte[] Value);
