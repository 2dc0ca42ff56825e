namespace Decant.Images;

/// <summary>What an entry of a tar archive is, whatever letter the format used for it.</summary>
public enum TarEntryType
{
    Regular,
    HardLink,
    SymbolicLink,
    CharacterDevice,
    BlockDevice,
    Directory,
    Fifo,
}
