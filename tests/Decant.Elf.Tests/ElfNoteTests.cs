using System.Buffers.Binary;
using System.Text;
using CsCheck;

namespace Decant.Elf.Tests;

public sealed class ElfNoteTests
{
    static byte[] Write(string owner, uint type, byte[] content)
    {
        byte[] name = Encoding.UTF8.GetBytes(owner + "\0");
        byte[] note = new byte[12 + ((name.Length + 3) & ~3) + ((content.Length + 3) & ~3)];
        BinaryPrimitives.WriteInt32LittleEndian(note, name.Length);
        BinaryPrimitives.WriteInt32LittleEndian(note.AsSpan(4), content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(note.AsSpan(8), type);
        name.CopyTo(note, 12);
        content.CopyTo(note, 12 + ((name.Length + 3) & ~3));
        return note;
    }

    [Fact]
    public void What_is_written_is_read() =>
        Gen.Select(Gen.String[Gen.Char['a', 'z'], 1, 20], Gen.UInt, Gen.Byte.Array[0, 20]).Array[0, 5].Sample(notes =>
        {
            IReadOnlyList<ElfNote> read = ElfNote.Parse([.. notes.SelectMany(note => Write(note.Item1, note.Item2, note.Item3))]);
            Assert.Equal(notes.Select(note => (note.Item1, note.Item2, Convert.ToHexString(note.Item3))), read.Select(note => (note.Owner, note.Type, Convert.ToHexString(note.Content))));
        }, iter: 500);

    [Fact]
    public void Random_bytes_are_read_as_far_as_they_are_whole() =>
        Gen.Byte.Array[0, 80].Sample(bytes => Assert.InRange(ElfNote.Parse(bytes).Count, 0, bytes.Length / 12), iter: 5_000);

    [Fact]
    public void A_section_of_a_compiled_library_is_found_by_its_name()
    {
        using Workbench bench = new();
        string library = bench.Compile("__asm__(\".section .note.test,\\\"a\\\"\\n.long 5, 3, 7\\n.asciz \\\"Test\\\"\\n.balign 4\\n.ascii \\\"abc\\\"\\n.balign 4\\n\");", "lib.so", "-shared", "-nostdlib");
        LoaderFile file = new HostFiles().Find(library)!;
        ElfNote note = Assert.Single(ElfNote.Parse(file.Section(".note.test", 100)));
        Assert.Equal(("Test", 7u, "abc"), (note.Owner, note.Type, Encoding.ASCII.GetString(note.Content)));
        Assert.Null(file.Section(".note.test", 10));
        Assert.Null(file.Section(".note.other", 100));
    }
}
