using System.Buffers.Binary;
using System.Text;

namespace Decant.Elf.Tests;

/// <summary>Writes a 64-bit little-endian file that is nothing but sections.</summary>
static class SectionImage
{
    const int HeaderBytes = 64;

    public static byte[] Build(params (string Name, byte[] Content)[] sections)
    {
        MemoryStream file = new();
        file.Write(new byte[HeaderBytes]);
        MemoryStream names = new();
        names.WriteByte(0);
        List<(int Name, int At, int Size)> headers = [(0, 0, 0)];
        foreach ((string name, byte[] content) in (IEnumerable<(string, byte[])>)[.. sections, (".shstrtab", [])])
        {
            int at = (int)names.Position;
            names.Write(Encoding.ASCII.GetBytes(name + "\0"));
            byte[] bytes = name == ".shstrtab" ? names.ToArray() : content;
            while (file.Position % 8 != 0)
                file.WriteByte(0);
            headers.Add((at, (int)file.Position, bytes.Length));
            file.Write(bytes);
        }

        while (file.Position % 8 != 0)
            file.WriteByte(0);
        int table = (int)file.Position;
        foreach ((int name, int at, int size) in headers)
        {
            byte[] header = new byte[HeaderBytes];
            BinaryPrimitives.WriteInt32LittleEndian(header, name);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), size == 0 ? 0 : 1);
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(24), at);
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(32), size);
            file.Write(header);
        }

        byte[] image = file.ToArray();
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(image, 0);
        image[16] = 3;
        image[18] = 62;
        BinaryPrimitives.WriteInt64LittleEndian(image.AsSpan(40), table);
        image[58] = HeaderBytes;
        BinaryPrimitives.WriteInt16LittleEndian(image.AsSpan(60), (short)headers.Count);
        BinaryPrimitives.WriteInt16LittleEndian(image.AsSpan(62), (short)(headers.Count - 1));
        return image;
    }
}
