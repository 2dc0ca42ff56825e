using System.Text;
using Decant.Linux;

namespace Decant.Images.Tests;

/// <summary>Archives made byte by byte, also such as no tool writes.</summary>
sealed class TestArchive
{
    readonly List<byte> bytes = [];

    public TestArchive Add(char type, string name, string link = "", byte[]? content = null, uint mode = 0x1a4, long mtime = 1000, (uint Major, uint Minor) device = default, long? size = null, uint uid = 0)
    {
        byte[] block = new byte[512];
        PathBytes.Encode(name).CopyTo(block, 0);
        Octal(block, 100, 8, mode);
        Octal(block, 108, 8, uid);
        Octal(block, 116, 8, uid);
        Octal(block, 124, 12, size ?? content?.Length ?? 0);
        Octal(block, 136, 12, mtime);
        block[156] = (byte)type;
        PathBytes.Encode(link).CopyTo(block, 157);
        "ustar\000"u8.CopyTo(block.AsSpan(257));
        Octal(block, 329, 8, device.Major);
        Octal(block, 337, 8, device.Minor);
        return AddBlock(block, content);
    }

    /// <summary>A header as it is but for its checksum, and content.</summary>
    public TestArchive AddBlock(byte[] block, byte[]? content = null)
    {
        Array.Fill(block, (byte)' ', 148, 8);
        long sum = 0;
        foreach (byte b in block)
            sum += b;
        Octal(block, 148, 8, sum);
        bytes.AddRange(block);
        bytes.AddRange(content ?? []);
        while (bytes.Count % 512 != 0)
            bytes.Add(0);
        return this;
    }

    public TestArchive Directory(string name, uint mode = 0x1ed) => Add('5', name, mode: mode);
    public TestArchive File(string name, string text = "", uint mode = 0x1a4) => Add('0', name, content: Encoding.UTF8.GetBytes(text), mode: mode);
    public TestArchive Link(string name, string target) => Add('2', name, target);
    public TestArchive HardLink(string name, string target) => Add('1', name, target);

    public TestArchive Pax(params (string Key, byte[] Value)[] records) => Add('x', "pax", content: Records(records));

    public static byte[] Records(params (string Key, byte[] Value)[] records)
    {
        MemoryStream all = new();
        foreach ((string key, byte[] value) in records)
        {
            byte[] name = PathBytes.Encode(key);
            int rest = name.Length + value.Length + 3;
            int length = rest + 1;
            while (length != rest + length.ToString().Length)
                length = rest + length.ToString().Length;
            all.Write(Encoding.ASCII.GetBytes($"{length} "));
            all.Write(name);
            all.WriteByte((byte)'=');
            all.Write(value);
            all.WriteByte((byte)'\n');
        }

        return all.ToArray();
    }

    public byte[] End() => [.. bytes, .. new byte[1024]];

    public byte[] WithoutEnd() => [.. bytes];

    static void Octal(byte[] block, int offset, int length, long value) =>
        Encoding.ASCII.GetBytes(Convert.ToString(value, 8).PadLeft(length - 1, '0')).CopyTo(block, offset);
}
