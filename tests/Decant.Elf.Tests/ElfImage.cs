using System.Buffers.Binary;
using System.Text;

namespace Decant.Elf.Tests;

/// <summary>Writes the smallest shared object with a given class, byte order and dynamic section.</summary>
sealed class ElfImage(bool wide, bool bigEndian, ushort machine = 62)
{
    readonly List<(ulong Tag, string Text)> strings = [];

    public string? Interpreter { get; init; }

    public ElfImage With(ulong tag, string text)
    {
        strings.Add((tag, text));
        return this;
    }

    public byte[] Build()
    {
        int header = wide ? 64 : 52, program = wide ? 56 : 32, word = wide ? 8 : 4;
        MemoryStream names = new();
        names.WriteByte(0);
        List<(ulong, ulong)> tags = [];
        foreach ((ulong tag, string text) in strings)
        {
            tags.Add((tag, (ulong)names.Position));
            names.Write(Encoding.UTF8.GetBytes(text + "\0"));
        }

        byte[] interpreter = Encoding.UTF8.GetBytes((Interpreter ?? "") + "\0");
        int interpreterAt = header + (3 * program), namesAt = interpreterAt + interpreter.Length;
        int dynamicAt = (namesAt + (int)names.Length + 7) & ~7;
        const ulong Base = 0x10000;
        tags.Add((5, Base + (ulong)namesAt));
        tags.Add((10, (ulong)names.Length));
        tags.Add((0x6ffffffb, 0x800));
        tags.Add((0, 0));
        int size = dynamicAt + (tags.Count * 2 * word);

        byte[] file = new byte[size];
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', (byte)(wide ? 2 : 1), (byte)(bigEndian ? 2 : 1), 1 }.CopyTo(file, 0);
        Put(file, 16, 2, 3);
        Put(file, 18, 2, machine);
        Put(file, 20, 4, 1);
        Put(file, wide ? 32 : 28, word, (ulong)header);
        Put(file, wide ? 54 : 42, 2, (ulong)program);
        Put(file, wide ? 56 : 44, 2, 3);
        Segment(file, header, 1, 0, Base, size);
        Segment(file, header + program, Interpreter is null ? 4u : 3u, interpreterAt, Base, interpreter.Length);
        Segment(file, header + (2 * program), 2, dynamicAt, Base + (ulong)dynamicAt, tags.Count * 2 * word);
        interpreter.CopyTo(file, interpreterAt);
        names.ToArray().CopyTo(file, namesAt);
        for (int i = 0; i < tags.Count; i++)
        {
            Put(file, dynamicAt + (i * 2 * word), word, tags[i].Item1);
            Put(file, dynamicAt + (i * 2 * word) + word, word, tags[i].Item2);
        }

        return file;
    }

    void Segment(byte[] file, int at, uint type, int offset, ulong address, int size)
    {
        Put(file, at, 4, type);
        if (wide)
        {
            Put(file, at + 8, 8, (ulong)offset);
            Put(file, at + 16, 8, address);
            Put(file, at + 32, 8, (ulong)size);
        }
        else
        {
            Put(file, at + 4, 4, (ulong)offset);
            Put(file, at + 8, 4, address);
            Put(file, at + 16, 4, (ulong)size);
        }
    }

    void Put(byte[] file, int at, int size, ulong value)
    {
        byte[] bytes = new byte[8];
        if (bigEndian)
            BinaryPrimitives.WriteUInt64BigEndian(bytes, value << ((8 - size) * 8));
        else
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        bytes.AsSpan(0, size).CopyTo(file.AsSpan(at));
    }
}
