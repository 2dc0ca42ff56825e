namespace Decant.Elf.Tests;

public sealed class LibraryClosureTests
{
    static byte[]? Read(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;

    [Fact]
    public void Programs_of_this_system_bind_what_ldd_prints()
    {
        int compared = 0;
        List<string> differences = [];
        foreach (string file in Directory.EnumerateFiles("/usr/bin").Order(StringComparer.Ordinal))
        {
            if (compared == 150)
                break;
            if (File.ResolveLinkTarget(file, true) is not null || Read(file) is not byte[] bytes || !ElfFile.HasMagic(bytes)
                || ElfFile.Parse(bytes, file).Interpreter is null || LddOutput.Of(file) is not SortedSet<string> truth)
                continue;
            compared++;
            SortedSet<string> ours = LddOutput.Predicted(LibraryClosure.Of(file, Read));
            if (!ours.SetEquals(truth))
                differences.Add($"{file}: decant {string.Join(' ', ours.Except(truth))}; ldd {string.Join(' ', truth.Except(ours))}");
        }

        Assert.Empty(differences);
        Assert.True(compared >= 100, $"only {compared} dynamic programs in /usr/bin");
    }

    [Fact]
    public void Runpath_is_not_inherited_and_rpath_is()
    {
        using Workbench bench = new();
        Chain(bench, "--enable-new-dtags");
        LibraryClosure runpath = LibraryClosure.Of(bench.Path("main"), Read);
        Assert.Equal(LddOutput.Of(bench.Path("main")), LddOutput.Predicted(runpath));
        Assert.Equal("libinner.so", Assert.Single(runpath.Missing).Name);

        Chain(bench, "--disable-new-dtags");
        LibraryClosure rpath = LibraryClosure.Of(bench.Path("main"), Read);
        Assert.Equal(LddOutput.Of(bench.Path("main")), LddOutput.Predicted(rpath));
        LoadedLibrary inner = Assert.Single(rpath.Libraries, library => library.Name == "libinner.so");
        Assert.Equal((BindingRule.Rpath, bench.Path("lib/libouter.so"), bench.Path("main")), (inner.Rule, inner.RequestedBy, inner.Source));
    }

    /// <summary>main needs libouter.so, which needs libinner.so; only main carries a search path.</summary>
    static void Chain(Workbench bench, string tags)
    {
        bench.Compile("int inner(void){return 1;}", "lib/libinner.so", "-shared", "-fPIC");
        bench.Compile("int inner(void);int outer(void){return inner();}", "lib/libouter.so", "-shared", "-fPIC", $"-L{bench.Path("lib")}", "-linner");
        bench.Compile("int outer(void);int main(void){return outer();}", "main", $"-L{bench.Path("lib")}", "-louter", $"-Wl,{tags},-rpath,$ORIGIN/lib,-rpath-link,{bench.Path("lib")}");
    }

    [Theory]
    [InlineData("$ORIGIN/lib")]
    [InlineData("${ORIGIN}/lib")]
    [InlineData("/nowhere:$ORIGIN/lib/")]
    public void Origin_is_the_directory_of_the_program(string path)
    {
        using Workbench bench = new();
        Simple(bench, path);
        AssertAsLdd(bench.Path("main"));
    }

    [Fact]
    public void Lib_token_is_the_one_built_into_the_loader()
    {
        using Workbench bench = new();
        Simple(bench, "$ORIGIN/tokens/$LIB");
        LoaderSettings settings = LoaderSettings.Of(ElfFile.Parse(Read(bench.Path("main"))!, "main").Interpreter!, Read);
        Directory.CreateDirectory(bench.Path($"tokens/{settings.LibToken}"));
        File.Move(bench.Path("lib/libpart.so"), bench.Path($"tokens/{settings.LibToken}/libpart.so"));
        AssertAsLdd(bench.Path("main"));
        Assert.Empty(LibraryClosure.Of(bench.Path("main"), Read).Missing);
    }

    [Fact]
    public void A_library_for_another_machine_is_passed_over()
    {
        using Workbench bench = new();
        Simple(bench, "$ORIGIN/wrong:$ORIGIN/lib");
        Directory.CreateDirectory(bench.Path("wrong"));
        File.WriteAllBytes(bench.Path("wrong/libpart.so"), new ElfImage(true, false, 183).With(14, "libpart.so").Build());
        LibraryClosure closure = LibraryClosure.Of(bench.Path("main"), Read);
        Assert.Equal(bench.Path("lib/libpart.so"), Assert.Single(closure.Libraries, library => library.Name == "libpart.so").Path);
        Assert.Equal(0, Workbench.Run(bench.Path("main"), []).Exit);
    }

    [Fact]
    public void An_empty_file_earlier_on_the_path_ends_the_search()
    {
        using Workbench bench = new();
        Simple(bench, "$ORIGIN/empty:$ORIGIN/lib");
        Directory.CreateDirectory(bench.Path("empty"));
        File.WriteAllBytes(bench.Path("empty/libpart.so"), []);
        LoadedLibrary part = Assert.Single(LibraryClosure.Of(bench.Path("main"), Read).Libraries, library => library.Name == "libpart.so");
        Assert.Null(part.Path);
        Assert.Equal($"{bench.Path("empty/libpart.so")}, byte 0: the file is empty", part.Problem);
        (int exit, string output) = Workbench.Run(bench.Path("main"), []);
        Assert.NotEqual(0, exit);
        Assert.Contains("file too short", output);
    }

    [Fact]
    public void Library_path_comes_after_rpath_and_before_runpath()
    {
        foreach ((string tags, BindingRule rule) in new[] { ("--disable-new-dtags", BindingRule.Rpath), ("--enable-new-dtags", BindingRule.LibraryPath) })
        {
            using Workbench bench = new();
            Simple(bench, "$ORIGIN/lib", tags);
            Directory.CreateDirectory(bench.Path("environment"));
            File.Copy(bench.Path("lib/libpart.so"), bench.Path("environment/libpart.so"));
            LoaderSettings settings = LoaderSettings.Of(ElfFile.Parse(Read(bench.Path("main"))!, "main").Interpreter!, Read)
                with
            { LibraryPath = bench.Path("environment") };
            LibraryClosure closure = LibraryClosure.Of(bench.Path("main"), settings, Read);
            Assert.Equal(rule, Assert.Single(closure.Libraries, library => library.Name == "libpart.so").Rule);
            Assert.Equal(LddOutput.Of(bench.Path("main"), ("LD_LIBRARY_PATH", bench.Path("environment"))), LddOutput.Predicted(closure));
        }
    }

    [Fact]
    public void A_copy_for_a_better_cpu_level_wins_where_the_cpu_has_it()
    {
        using Workbench bench = new();
        Simple(bench, "$ORIGIN/lib");
        foreach (string level in (string[])["x86-64-v2", "x86-64-v3", "x86-64-v4"])
        {
            Directory.CreateDirectory(bench.Path($"lib/glibc-hwcaps/{level}"));
            File.Copy(bench.Path("lib/libpart.so"), bench.Path($"lib/glibc-hwcaps/{level}/libpart.so"));
        }

        LoaderSettings settings = LoaderSettings.Of(ElfFile.Parse(Read(bench.Path("main"))!, "main").Interpreter!, Read)
            with
        { Hwcaps = Hwcaps.OfThisMachine() };
        Assert.Equal(LddOutput.Of(bench.Path("main")), LddOutput.Predicted(LibraryClosure.Of(bench.Path("main"), settings, Read)));
    }

    [Fact]
    public void A_ring_of_libraries_ends()
    {
        Dictionary<string, byte[]> files = new()
        {
            ["/main"] = new ElfImage(true, false).With(1, "a.so").With(29, "/l").Build(),
            ["/l/a.so"] = new ElfImage(true, false).With(1, "b.so").With(29, "/l").Build(),
            ["/l/b.so"] = new ElfImage(true, false).With(1, "a.so").With(1, "b.so").With(29, "/l").Build(),
        };
        LibraryClosure closure = LibraryClosure.Of("/main", new LoaderSettings(), path => files.GetValueOrDefault(path));
        Assert.Equal(["/l/a.so", "/l/b.so"], closure.Libraries.Select(library => library.Path));
    }

    static void Simple(Workbench bench, string path, string tags = "--enable-new-dtags")
    {
        bench.Compile("int part(void){return 0;}", "lib/libpart.so", "-shared", "-fPIC");
        bench.Compile("int part(void);int main(void){return part();}", "main", $"-L{bench.Path("lib")}", "-lpart", $"-Wl,{tags},-rpath,{path}");
    }

    static void AssertAsLdd(string program)
    {
        SortedSet<string> truth = LddOutput.Of(program)!;
        SortedSet<string> ours = LddOutput.Predicted(LibraryClosure.Of(program, Read));
        Assert.Equal(truth, ours);
        Assert.DoesNotContain(ours, path => path.EndsWith(" missing", StringComparison.Ordinal));
    }
}
