using System.Buffers.Binary;

namespace Decant.Elf;

/// <summary>
/// Reads which GPU code a file holds. Its section .nv_fatbin is a row of containers, one for each source file, each a row of entries for
/// one architecture (no document of NVIDIA's describes them; held to what cuobjdump lists). Only headers are read: a library has gigabytes of code
/// behind some thousands of them. What must be linked once more before it can run, in __nv_relfatbin, does not count.
/// </summary>
static class FatBinary
{
    const string Section = ".nv_fatbin";
    const uint Magic = 0xBA55ED50;
    const int ContainerBytes = 16;

    /// <summary>Of an entry's header, whose own length says how much more there is.</summary>
    const int EntryBytes = 64;

    const ushort KindPtx = 1;
    const ushort KindCubin = 2;
    const ulong FlagExact = 1 << 20;
    const ulong FlagFamily = 1 << 21;

    /// <summary>Cubins without a kernel have at most 2,000 bytes, those with the simplest kernel over 2,200, uncompressed.</summary>
    const ulong HollowBytes = 2048;

    /// <summary>The largest libraries have eight thousand headers.</summary>
    const int MostHeaders = 1 << 16;

    /// <summary>A container's header and its first entry's; what follows is far away.</summary>
    const int WindowBytes = 128;

    /// <summary>By kind and architecture; empty for a file without device code.</summary>
    /// <exception cref="ElfFormatException">The section headers are damaged, or a container does not fit into its section.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<DeviceCode> Read(Stream file, ElfFile elf)
    {
        Dictionary<(GpuArchitecture, bool IsPtx), (int Count, int Hollow)> found = [];
        int left = MostHeaders;
        ElfReader? reader = null;
        foreach (ElfSection section in ElfSection.ReadAll(file, elf))
        {
            if (section.Name == Section)
                Containers(reader ??= new ElfReader(file, elf.Name, WindowBytes), section, found, ref left);
        }

        return
        [
            .. found.Select(one => new DeviceCode(one.Key.Item1, one.Key.IsPtx, one.Value.Count, one.Value.Hollow))
                .OrderBy(code => code.IsPtx).ThenBy(code => code.Architecture.Number).ThenBy(code => code.Architecture.Scope),
        ];
    }

    static void Containers(ElfReader reader, ElfSection section, Dictionary<(GpuArchitecture, bool), (int Count, int Hollow)> found, ref int left)
    {
        if (section.Offset > reader.Length || section.Size > reader.Length - section.Offset)
            throw new ElfFormatException(reader.Name, section.Offset, $"the section {Section} of {section.Size} bytes does not fit into the file of {reader.Length} bytes");
        ulong end = section.Offset + section.Size;
        for (ulong at = section.Offset; end - at >= ContainerBytes && left-- > 0;)
        {
            ReadOnlySpan<byte> header = reader.Read(at, ContainerBytes);
            uint magic = BinaryPrimitives.ReadUInt32LittleEndian(header);
            // Linkers pad what each file brings.
            if (magic == 0)
            {
                at += Math.Min(8, end - at);
                continue;
            }

            if (magic != Magic)
                throw new ElfFormatException(reader.Name, at, $"no container of device code begins here in {Section}");
            ulong headerBytes = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]), bytes = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
            if (headerBytes < ContainerBytes || headerBytes > end - at || bytes > end - at - headerBytes)
                throw new ElfFormatException(reader.Name, at, $"a container of {bytes} bytes does not fit into {Section}");
            at += headerBytes;
            Entries(reader, at, at + bytes, found, ref left);
            at += bytes;
        }
    }

    static void Entries(ElfReader reader, ulong at, ulong end, Dictionary<(GpuArchitecture, bool), (int Count, int Hollow)> found, ref int left)
    {
        while (end - at >= EntryBytes && left-- > 0)
        {
            ReadOnlySpan<byte> header = reader.Read(at, EntryBytes);
            ushort kind = BinaryPrimitives.ReadUInt16LittleEndian(header);
            ulong headerBytes = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]), bytes = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
            uint architecture = BinaryPrimitives.ReadUInt32LittleEndian(header[28..]);
            ulong flags = BinaryPrimitives.ReadUInt64LittleEndian(header[40..]), uncompressed = BinaryPrimitives.ReadUInt64LittleEndian(header[56..]);
            if (headerBytes < EntryBytes || headerBytes > end - at || bytes > end - at - headerBytes)
                throw new ElfFormatException(reader.Name, at, $"device code of {bytes} bytes does not fit into its container");
            at += headerBytes + bytes;
            if (kind is not (KindPtx or KindCubin) || architecture is < 10 or > 999)
                continue;
            GpuArchitectureScope scope = (flags & FlagExact) != 0 ? GpuArchitectureScope.Exact : (flags & FlagFamily) != 0 ? GpuArchitectureScope.Family : GpuArchitectureScope.Portable;
            bool isHollow = kind == KindCubin && (uncompressed > 0 ? uncompressed : bytes) < HollowBytes;
            (GpuArchitecture, bool) key = (new GpuArchitecture((int)architecture, scope), kind == KindPtx);
            (int count, int hollow) = found.GetValueOrDefault(key);
            found[key] = (count + 1, hollow + (isHollow ? 1 : 0));
        }
    }
}
