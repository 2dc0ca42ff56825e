namespace Decant.Elf.Tests;

/// <summary>Which object provides each symbol: ld.so itself is the truth.</summary>
public sealed class ProcessSymbolsTests : IDisposable
{
    readonly LoaderBench bench = new();

    public void Dispose() => bench.Dispose();

    [Fact]
    public void A_function_that_is_missing_is_fatal_only_when_it_is_called()
    {
        Skew("int gone(void);int part(void){return gone();}");
        UnresolvedSymbol symbol = Assert.Single(new ProcessSymbols(bench.AssertAsReal()).Unresolved());
        Assert.Equal(("gone", false, ElfReferenceKinds.Call), (symbol.Name, symbol.IsFatal, symbol.Kinds));
        (int exit, string output) = bench.Run();
        Assert.Equal(127, exit);
        Assert.Contains("symbol lookup error", output);
    }

    [Theory]
    [InlineData("extern int gone;int *part_of = &gone;int part(void){return 0;}")]
    [InlineData("int gone(void);int (*part_of)(void) = gone;int part(void){return 0;}")]
    public void An_address_that_is_missing_is_fatal_at_load(string source)
    {
        Skew(source);
        UnresolvedSymbol symbol = Assert.Single(new ProcessSymbols(bench.AssertAsReal()).Unresolved());
        Assert.Equal(("gone", true), (symbol.Name, symbol.IsFatal));
        Assert.Contains("undefined symbol: gone", bench.Run().Output);
    }

    [Theory]
    [InlineData("int decant_own(void){return 0;}int part(void){return decant_own();}", false)]
    [InlineData("int decant_own(void){return 0;}int (*part_of)(void) = decant_own;int part(void){return 0;}", true)]
    public void An_object_that_does_not_find_its_own_symbol_under_its_name_fails(string source, bool isFatal)
    {
        Skew(source);
        byte[] library = File.ReadAllBytes(bench.Path("lib/libpart.so"));
        Assert.Empty(new ProcessSymbols(bench.AssertAsReal()).Unresolved());
        // The table of hashes knows the old name only.
        library[library.AsSpan().IndexOf("\0decant_own\0"u8) + 1] = (byte)'Q';
        bench.Write("lib/libpart.so", library);
        UnresolvedSymbol symbol = Assert.Single(new ProcessSymbols(bench.Load()).Unresolved());
        Assert.Equal(("Qecant_own", isFatal, bench.Path("lib/libpart.so")), (symbol.Name, symbol.IsFatal, symbol.RequiredBy.Path));
        Assert.Contains("undefined symbol: Qecant_own", bench.Run().Output);
    }

    [Fact]
    public void Functions_that_choose_themselves_are_nothing_special_to_glibc()
    {
        bench.Program("int main(void){return 0;}");
        ProcessSymbols symbols = new(bench.AssertAsReal());
        Assert.Empty(symbols.Refused());
        Assert.Empty(symbols.Unresolved());
    }

    [Fact]
    public void An_object_that_binds_now_makes_every_symbol_that_it_misses_fatal()
    {
        Skew("int gone(void);int part(void){return 0;}int never(void){return gone();}", "-Wl,-z,now");
        Assert.True(Assert.Single(new ProcessSymbols(bench.AssertAsReal()).Unresolved()).IsFatal);
        Assert.Equal(127, bench.Run().Exit);
    }

    [Fact]
    public void A_program_that_binds_now_does_so_for_itself_alone()
    {
        Skew("int gone(void);int part(void){return 0;}int never(void){return gone();}");
        bench.Program("int part(void);int main(void){return part();}", ["lib/libpart.so"], "-Wl,-z,now", "-Wl,--disable-new-dtags,-rpath,$ORIGIN/lib");
        Assert.False(Assert.Single(new ProcessSymbols(bench.AssertAsReal()).Unresolved()).IsFatal);
        Assert.Equal(0, bench.Run().Exit);
    }

    [Fact]
    public void A_weak_symbol_may_be_missing()
    {
        Skew("__attribute__((weak)) int gone(void);int part(void){return gone ? gone() : 0;}");
        Assert.Empty(new ProcessSymbols(bench.AssertAsReal()).Unresolved());
        Assert.Equal(0, bench.Run().Exit);
    }

    /// <summary>libpart.so was made against a library that had gone(), which the one that is there has not.</summary>
    void Skew(string source, params string[] options)
    {
        bench.Library("lib/libold.so", "int old(void){return 0;}");
        bench.Library("lib/libpart.so", source, ["lib/libold.so"], options);
        bench.Program("int part(void);int main(void){return part();}", ["lib/libpart.so"], "-Wl,--disable-new-dtags,-rpath,$ORIGIN/lib");
    }

    [Fact]
    public void A_version_that_the_library_does_not_define_keeps_the_program_from_starting()
    {
        Versioned("V_2 { global: part; };");
        File.WriteAllText(bench.Path("old.map"), "V_1 { global: part; };");
        bench.Library("lib/libpart.so", "int part(void){return 0;}", null, $"-Wl,--version-script,{bench.Path("old.map")}");
        MissingVersion missing = Assert.Single(new ProcessSymbols(bench.AssertAsReal()).MissingVersions());
        Assert.Equal(("V_2", bench.Path("lib/libpart.so"), bench.Path("main")), (missing.Version, missing.Library.Path, missing.RequiredBy.Path));
        Assert.Contains("version `V_2' not found", bench.Run().Output);
    }

    [Fact]
    public void A_library_that_lost_its_versions_is_taken_as_it_is()
    {
        Versioned("V_2 { global: part; };");
        bench.Library("lib/libpart.so", "int part(void){return 0;}");
        ProcessSymbols symbols = new(bench.Load());
        Assert.Empty(symbols.MissingVersions());
        Assert.Empty(symbols.Unresolved());
    }

    [Fact]
    public void A_version_that_is_there_without_the_symbol_does_not_help()
    {
        Versioned("V_1 { global: part; }; V_2 { global: extra; } V_1;", "int part(void){return 0;}int extra(void){return 1;}", "int part(void);int extra(void);int main(void){return part()+extra();}");
        File.WriteAllText(bench.Path("new.map"), "V_1 { global: part; }; V_2 { global: another; } V_1;");
        bench.Library("lib/libpart.so", "int part(void){return 0;}int another(void){return 1;}", null, $"-Wl,--version-script,{bench.Path("new.map")}");
        UnresolvedSymbol symbol = Assert.Single(new ProcessSymbols(bench.AssertAsReal()).Unresolved());
        Assert.Equal(("extra", "V_2"), (symbol.Name, symbol.Version!.Name));
    }

    [Fact]
    public void Each_reference_gets_the_version_that_it_names()
    {
        File.WriteAllText(bench.Path("map"), "V_1 { global: part; }; V_2 { global: part; } V_1;");
        string source = "__asm__(\".symver one,part@V_1\");__asm__(\".symver two,part@@V_2\");int one(void){return 1;}int two(void){return 2;}";
        bench.Library("lib/libpart.so", source, null, $"-Wl,--version-script,{bench.Path("map")}");
        bench.Program("__asm__(\".symver old,part@V_1\");int old(void);int part(void);int main(void){return old()*10+part();}", ["lib/libpart.so"], "-Wl,--enable-new-dtags,-rpath,$ORIGIN/lib");
        IReadOnlyList<SymbolBinding> bindings = new ProcessSymbols(bench.AssertAsReal()).Bindings("part");
        Assert.Equal(["V_1", "V_2"], bindings.Select(binding => binding.Bound!.Name).Order(StringComparer.Ordinal));
        Assert.Equal(12, bench.Run().Exit);
    }

    [Fact]
    public void A_reference_without_a_version_gets_the_oldest_or_the_only_default()
    {
        // The program is linked against a library without versions, and finds one with them.
        bench.Library("lib/libpart.so", "int part(void){return 0;}int only(void){return 0;}");
        bench.Program("int part(void);int only(void);int main(void){return part()*10+only();}", ["lib/libpart.so"], "-Wl,--enable-new-dtags,-rpath,$ORIGIN/lib");
        File.WriteAllText(bench.Path("map"), "V_1 { global: part; }; V_2 { global: part; only; } V_1;");
        string source = "__asm__(\".symver one,part@V_1\");__asm__(\".symver two,part@@V_2\");int one(void){return 1;}int two(void){return 2;}int only(void){return 3;}";
        bench.Library("lib/libpart.so", source, null, $"-Wl,--version-script,{bench.Path("map")}");
        ProcessSymbols symbols = new(bench.AssertAsReal());
        Assert.Equal("V_1", Assert.Single(symbols.Bindings("part")).Bound!.Name);
        Assert.Equal("V_2", Assert.Single(symbols.Bindings("only")).Bound!.Name);
        Assert.Equal(13, bench.Run().Exit);
    }

    [Fact]
    public void The_first_definition_in_the_order_of_loading_wins_weak_or_not()
    {
        bench.Library("lib/libone.so", "__attribute__((weak)) int part(void){return 1;}");
        bench.Library("lib/libtwo.so", "int part(void){return 2;}");
        bench.Program("int part(void);int main(void){return part();}", ["lib/libone.so", "lib/libtwo.so"], "-Wl,--enable-new-dtags,-rpath,$ORIGIN/lib");
        ProcessSymbols symbols = new(bench.AssertAsReal());
        Assert.Equal(bench.Path("lib/libone.so"), Assert.Single(symbols.Bindings("part")).Provider!.Path);
        Assert.Equal(2, symbols.Providers("part").Count);
        Assert.Equal(1, bench.Run().Exit);
    }

    [Fact]
    public void A_variable_is_copied_into_the_program_and_the_others_use_that()
    {
        bench.Library("lib/libpart.so", "int shared = 3;int *part(void){return &shared;}");
        bench.Program("extern int shared;int *part(void);int main(void){return &shared == part() ? shared : 0;}", ["lib/libpart.so"], "-Wl,--enable-new-dtags,-rpath,$ORIGIN/lib", "-no-pie", "-fno-pic", "-Wl,--hash-style=sysv");
        ProcessSymbols symbols = new(bench.AssertAsReal());
        Assert.Equal(
            [(bench.Path("main"), bench.Path("lib/libpart.so")), (bench.Path("lib/libpart.so"), bench.Path("main"))],
            symbols.Bindings("shared").Select(binding => (binding.By.Path, binding.Provider!.Path)));
        Assert.Equal(3, bench.Run().Exit);
    }

    [Fact]
    public void A_symbolic_library_takes_its_own()
    {
        bench.Library("lib/libpart.so", "int inner(void){return 2;}int part(void){return inner();}", null, "-Wl,-Bsymbolic", "-fno-inline");
        bench.Program("int inner(void){return 1;}int part(void);int main(void){return part();}", ["lib/libpart.so"], "-Wl,--enable-new-dtags,-rpath,$ORIGIN/lib", "-rdynamic");
        bench.AssertAsReal();
        Assert.Equal(2, bench.Run().Exit);
    }

    [Theory]
    [InlineData("gnu")]
    [InlineData("sysv")]
    [InlineData("both")]
    public void Both_kinds_of_hash_table_give_the_same(string style)
    {
        string many = string.Concat(Enumerable.Range(0, 300).Select(i => $"int part{i}(void){{return {i};}}"));
        string uses = string.Concat(Enumerable.Range(0, 310).Select(i => $"int part{i}(void);")) + "int user(void){return 0" + string.Concat(Enumerable.Range(0, 310).Select(i => $"+part{i}()")) + ";}";
        bench.Library("lib/libpart.so", many, null, $"-Wl,--hash-style={style}");
        bench.Library("lib/libuser.so", uses, ["lib/libpart.so"]);
        bench.Program("int user(void);int main(void){return user();}", ["lib/libuser.so"], "-Wl,--disable-new-dtags,-rpath,$ORIGIN/lib");
        Assert.Equal(10, new ProcessSymbols(bench.AssertAsReal()).Unresolved().Count);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Random_programs_bind_as_the_loader_says(int seed)
    {
        RandomProgram program = new(bench, new Random(seed));
        program.Make();
        bench.AssertAsReal(libraryPath: program.LibraryPath, preload: program.Preload);
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    void Versioned(string map, string source = "int part(void){return 0;}", string main = "int part(void);int main(void){return part();}")
    {
        File.WriteAllText(bench.Path("map"), map);
        bench.Library("lib/libpart.so", source, null, $"-Wl,--version-script,{bench.Path("map")}");
        bench.Program(main, ["lib/libpart.so"], "-Wl,--enable-new-dtags,-rpath,$ORIGIN/lib");
    }
}
