using System.Buffers.Binary;

namespace Decant.Images;

/// <summary>The processor that an ELF file is made for, by the first 20 bytes of its header (elf(5)).</summary>
static class ElfMachine
{
    /// <summary>In Go's words (GOARCH); null for what is no ELF file or for a processor without such a word.</summary>
    public static string? Architecture(ReadOnlySpan<byte> header)
    {
        if (header.Length < 20 || !header.StartsWith("\x7f"u8) || !header[1..4].SequenceEqual("ELF"u8))
            return null;
        bool wide = header[4] == 2;
        bool little = header[5] == 1;
        ushort machine = little ? BinaryPrimitives.ReadUInt16LittleEndian(header[18..]) : BinaryPrimitives.ReadUInt16BigEndian(header[18..]);
        return machine switch
        {
            3 => "386",
            8 => (wide ? "mips64" : "mips") + (little ? "le" : ""),
            20 => "ppc",
            21 => little ? "ppc64le" : "ppc64",
            22 => "s390x",
            40 => "arm",
            62 => "amd64",
            183 => "arm64",
            243 => wide ? "riscv64" : "riscv",
            258 => "loong64",
            _ => null,
        };
    }
}
