namespace Decant.Elf;

/// <summary>A file is not the ELF file, or not the loader cache, that it has to be.</summary>
public sealed class ElfFormatException : Exception
{
    public ElfFormatException(string file, ulong offset, string cause)
        : base($"{file}, byte {offset}: {cause}")
    {
        File = file;
        Offset = offset;
        Cause = cause;
    }

    public string File { get; }

    /// <summary>Bytes from the start of the file to what is wrong.</summary>
    public ulong Offset { get; }

    public string Cause { get; }
}
