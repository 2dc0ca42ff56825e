using CsCheck;

namespace Decant.Elf.Tests;

public sealed class ElfSymbolsTests : IDisposable
{
    readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    byte[] Library(string style)
    {
        File.WriteAllText(bench.Path("map"), "V_1 { global: part*; local: *; }; V_2 { global: more; } V_1;");
        bench.Compile("int other(void){return 0;}", "libother.so", "-shared", "-fPIC", "-Wl,-soname,libother.so");
        string source = "#include <stdio.h>\nint other(void);extern int away;int part(void){puts(\"x\");return other()+away;}int part_two(void){return 2;}int more(void){return 3;}int inside;";
        return File.ReadAllBytes(bench.Compile(
            source, "libpart.so", "-shared", "-fPIC", $"-Wl,--hash-style={style}", $"-Wl,--version-script,{bench.Path("map")}", "-Wl,--allow-shlib-undefined", bench.Path("libother.so")));
    }

    static ElfSymbols Read(byte[] bytes)
    {
        ElfFile file = ElfFile.Parse(bytes, "library");
        return ElfSymbols.Read(new MemoryStream(bytes), file);
    }

    [Theory]
    [InlineData("gnu")]
    [InlineData("sysv")]
    public void Exports_references_and_versions_are_those_that_were_compiled(string style)
    {
        ElfSymbols symbols = Read(Library(style));
        Assert.Equal(["more V_2", "part V_1", "part_two V_1"], symbols.Exports().Select(export => $"{export.Name} {export.Version?.Name}").Where(name => !name.StartsWith("V_", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        string[] wanted = [.. symbols.References.Select(reference => symbols.NameText(reference.Symbol))];
        Assert.All(["other", "away", "puts"], name => Assert.Contains(name, wanted));
        Assert.Contains(symbols.Needs, need => need is { File: "libc.so.6", Version: "GLIBC_2.2.5", IsWeak: false });
        Assert.Equal(["libpart.so", "V_1", "V_2"], symbols.Definitions!.Select(definition => definition.Name));
        Assert.True(symbols.Find(new SymbolName("part_two"u8), null, definitionsOnly: true) > 0);
        Assert.Equal(-1, symbols.Find(new SymbolName("inside"u8), null, definitionsOnly: true));
        Assert.Equal(-1, symbols.Find(new SymbolName("other"u8), null, definitionsOnly: true));
    }

    [Fact]
    public void A_static_program_has_none()
    {
        byte[] bytes = File.ReadAllBytes(bench.Compile("int main(void){return 0;}", "static", "-static"));
        ElfSymbols symbols = Read(bytes);
        Assert.Equal(0, symbols.Count);
        Assert.Empty(symbols.References);
        Assert.Empty(symbols.Exports());
    }

    [Theory]
    [InlineData("gnu")]
    [InlineData("sysv")]
    public void Damage_anywhere_is_read_or_refused_and_never_escapes(string style)
    {
        byte[] good = Library(style);
        // The tables lie in the first pages, and in the dynamic segment near the end.
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[64, 0x700], Gen.Byte, Gen.Bool).Sample((anywhere, value, table, other, both) =>
        {
            byte[] bytes = (byte[])good.Clone();
            bytes[table] = other;
            if (both)
                bytes[anywhere] = value;
            try
            {
                ElfSymbols symbols = Read(bytes);
                _ = symbols.Exports().Count();
                foreach (ElfReference reference in symbols.References)
                {
                    SymbolName name = new(symbols.Name(reference.Symbol));
                    symbols.Find(name, symbols.Version(reference.Symbol), definitionsOnly: false);
                    symbols.FindUnversioned(name, definitionsOnly: true);
                }
            }
            catch (ElfFormatException)
            {
            }
        }, iter: 5000);
    }

    [Fact]
    public void Every_cut_of_a_file_is_read_or_refused()
    {
        byte[] good = Library("gnu");
        for (int length = 0; length < good.Length; length += 37)
        {
            byte[] cut = good[..length];
            Exception? met = Record.Exception(() => Read(cut));
            Assert.True(met is null or ElfFormatException, $"{length}: {met}");
        }
    }
}
