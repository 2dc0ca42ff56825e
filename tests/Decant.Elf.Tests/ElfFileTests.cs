using CsCheck;

namespace Decant.Elf.Tests;

public sealed class ElfFileTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Every_class_and_byte_order_reads_alike(bool wide, bool bigEndian)
    {
        byte[] bytes = new ElfImage(wide, bigEndian, 183) { Interpreter = "/lib/ld.so" }
            .With(1, "libone.so.1").With(14, "libself.so.2").With(1, "libtwo.so").With(15, "$ORIGIN/../lib").With(29, "/opt/lib").Build();

        ElfFile elf = ElfFile.Parse(bytes, "made");

        Assert.Equal(wide ? ElfClass.Elf64 : ElfClass.Elf32, elf.Class);
        Assert.Equal(bigEndian ? ElfByteOrder.BigEndian : ElfByteOrder.LittleEndian, elf.ByteOrder);
        Assert.Equal(ElfMachine.AArch64, elf.Machine);
        Assert.Equal(ElfType.SharedObject, elf.Type);
        Assert.Equal("/lib/ld.so", elf.Interpreter);
        Assert.Equal("libself.so.2", elf.Soname);
        Assert.Equal(["libone.so.1", "libtwo.so"], elf.Needed);
        Assert.Equal("$ORIGIN/../lib", elf.Rpath);
        Assert.Equal("/opt/lib", elf.Runpath);
        Assert.Equal(ElfFlags1.NoDefaultLibraries, elf.Flags1);
        Assert.True(elf.IsDynamic);
    }

    [Fact]
    public void A_name_that_is_not_text_keeps_its_bytes()
    {
        byte[] bytes = new ElfImage(true, false).With(1, "libXYZ.so").Build();
        bytes[bytes.AsSpan().IndexOf("XYZ"u8)] = 0xff;
        Assert.Equal(["lib\uDCFFYZ.so"], ElfFile.Parse(bytes, "made").Needed);
    }

    [Fact]
    public void An_error_names_file_offset_and_cause()
    {
        ElfFormatException text = Assert.Throws<ElfFormatException>(() => ElfFile.Parse("#!/bin/sh\n"u8.ToArray(), "script"));
        Assert.Equal("script, byte 0: no ELF header", text.Message);

        ElfFormatException empty = Assert.Throws<ElfFormatException>(() => ElfFile.Parse([], "empty"));
        Assert.Equal("empty, byte 0: the file is empty", empty.Message);

        byte[] bytes = new ElfImage(true, false).With(1, "libone.so").Build();
        ElfFormatException cut = Assert.Throws<ElfFormatException>(() => ElfFile.Parse(bytes[..100], "cut"));
        Assert.Equal("cut", cut.File);
        Assert.Equal(64ul, cut.Offset);
        Assert.Contains("the file ends at byte 100", cut.Message);
    }

    [Fact]
    public void Every_cut_of_a_file_is_read_or_refused()
    {
        byte[] bytes = new ElfImage(true, false) { Interpreter = "/lib/ld.so" }.With(1, "libone.so").Build();
        for (int length = 0; length < bytes.Length; length++)
        {
            int cut = length;
            Assert.Throws<ElfFormatException>(() => ElfFile.Parse(bytes[..cut], "cut"));
        }
    }

    [Fact]
    public void Damage_anywhere_is_read_or_refused_and_never_escapes()
    {
        byte[] good = new ElfImage(true, false) { Interpreter = "/lib/ld.so" }.With(1, "libone.so").With(14, "libself.so.2").With(29, "/opt").Build();
        byte[] real = File.ReadAllBytes("/bin/ls")[..4096];
        Gen.Select(Gen.Bool, Gen.Int[0, 4095], Gen.Byte, Gen.Int[0, 4095], Gen.Byte).Sample((useReal, at, value, at2, value2) =>
        {
            byte[] bytes = (byte[])(useReal ? real : good).Clone();
            bytes[at % bytes.Length] = value;
            bytes[at2 % bytes.Length] = value2;
            string? soname = null;
            try
            {
                soname = ElfFile.Parse(bytes, "damaged").Soname;
            }
            catch (ElfFormatException)
            {
            }

            try
            {
                // It looks at less, so it refuses less; what both read is the same.
                string? alone = ElfFile.ReadSoname(new MemoryStream(bytes), "damaged").Soname;
                Assert.True(soname is null || soname == alone, $"{soname} but {alone}");
            }
            catch (ElfFormatException)
            {
                Assert.Null(soname);
            }
        });
    }

    [Fact]
    public void The_soname_alone_is_the_one_that_the_whole_file_tells()
    {
        int compared = 0;
        foreach (string path in Directory.EnumerateFiles("/usr/lib", "*.so*", SearchOption.AllDirectories).Take(2000))
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read);
            ElfFile whole;
            try
            {
                whole = ElfFile.Read(file, path);
            }
            catch (ElfFormatException)
            {
                continue;
            }

            ElfFile alone = ElfFile.ReadSoname(file, path);
            Assert.Equal((whole.Soname, whole.Machine, whole.Class, whole.ByteOrder, whole.IsDynamic), (alone.Soname, alone.Machine, alone.Class, alone.ByteOrder, alone.IsDynamic));
            compared++;
        }

        Assert.True(compared > 100, $"{compared} files were compared");
    }

    [Fact]
    public void A_static_program_is_not_dynamic()
    {
        using Workbench bench = new();
        string program = bench.Compile("int main(void){return 0;}", "static", "-static");
        ElfFile elf = ElfFile.Parse(File.ReadAllBytes(program), program);
        Assert.False(elf.IsDynamic);
        Assert.Null(elf.Interpreter);
        Assert.Equal(ElfType.Executable, elf.Type);
    }
}
