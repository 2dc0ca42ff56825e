namespace Decant.Elf.Tests;

/// <summary>Which file each name is bound to: ld.so itself is the truth.</summary>
public sealed class LoaderModelTests : IDisposable
{
    const string Main = "int part(void);int main(void){return part();}";
    const string Part = "int part(void){return 0;}";

    readonly LoaderBench bench = new();

    public void Dispose() => bench.Dispose();

    static LibraryLookup Lookup(LoadedProcess process, string name) => Assert.Single(process.Lookups, lookup => lookup.Name == name);

    [Fact]
    public void Programs_and_libraries_of_this_system_bind_what_their_loader_says()
    {
        HostFiles files = new();
        LoaderSettings settings = LoaderSettings.Of(RealLoader.Path, files) with { Cpu = LoaderCpu.OfThisMachine(ElfMachine.X86_64), WorkingDirectory = Environment.CurrentDirectory };
        LoaderModel model = new(files, settings);
        List<string> differences = [];
        int compared = 0;
        string[] all =
        [
            .. Directory.EnumerateFiles("/usr/bin").Order(StringComparer.Ordinal).Take(400),
            .. Directory.EnumerateFiles("/usr/lib/x86_64-linux-gnu").Where(file => file.Contains(".so")).Order(StringComparer.Ordinal).Take(400),
        ];
        foreach (string file in all)
        {
            bool isLoader = Path.GetFileName(file).StartsWith("ld-linux", StringComparison.Ordinal);
            if (isLoader || File.ResolveLinkTarget(file, true) is not null || compared == 200 || files.Find(file)?.Elf is not { IsDynamic: true } || RealLoader.Of(file) is not { Failure: null } real)
                continue;
            compared++;
            // Of a library that is missing, the tracing loader does not know the versions either.
            RealLoader ours = RealLoader.Predicted(model.Load(file));
            if (real.Libraries.Any(name => name.EndsWith(" missing", StringComparison.Ordinal)))
                (real, ours) = (real with { Undefined = [] }, ours with { Undefined = [] });
            if (RealLoader.Difference(real, ours) is { Length: > 0 } difference)
                differences.Add($"{file}: {difference}");
        }

        Assert.Empty(differences);
        Assert.True(compared >= 100, $"only {compared} dynamic files");
    }

    [Fact]
    public void Runpath_is_not_inherited_and_rpath_is()
    {
        Chain("--enable-new-dtags");
        Assert.Equal("libinner.so", Assert.Single(bench.AssertAsReal().Missing).Name);

        Chain("--disable-new-dtags");
        LibraryLookup inner = Lookup(bench.AssertAsReal(), "libinner.so");
        Assert.Equal((BindingRule.Rpath, bench.Path("lib/libouter.so"), bench.Path("main")), (inner.Rule, inner.RequestedBy.Path, inner.Source!.Path));
    }

    /// <summary>main needs libouter.so, which needs libinner.so; only main carries a search path.</summary>
    void Chain(string tags)
    {
        bench.Library("lib/libinner.so", "int inner(void){return 1;}");
        bench.Library("lib/libouter.so", "int inner(void);int part(void){return inner();}", ["lib/libinner.so"]);
        bench.Program(Main, ["lib/libouter.so"], $"-Wl,{tags},-rpath,$ORIGIN/lib");
    }

    [Fact]
    public void An_object_with_runpath_passes_on_the_rpath_of_those_above_it_and_not_its_own()
    {
        bench.Library("deep/libthird.so", "int third(void){return 1;}");
        bench.Library("a/libsecond.so", "int third(void);int second(void){return third();}", ["deep/libthird.so"]);
        bench.Library("a/libfirst.so", "int second(void);int part(void){return second();}", ["a/libsecond.so"], "-Wl,--enable-new-dtags,-rpath,$ORIGIN");
        bench.Program(Main, ["a/libfirst.so"], "-Wl,--disable-new-dtags,-rpath,$ORIGIN/a:$ORIGIN/deep");
        LibraryLookup third = Lookup(bench.AssertAsReal(), "libthird.so");
        Assert.Equal((BindingRule.Rpath, bench.Path("main")), (third.Rule, third.Source!.Path));
    }

    [Theory]
    [InlineData("$ORIGIN/lib")]
    [InlineData("${ORIGIN}/lib")]
    [InlineData("/nowhere:$ORIGIN/lib/")]
    [InlineData("$ORIGINAL:$ORIGIN/lib")]
    [InlineData("::$ORIGIN/lib:")]
    public void Origin_is_the_directory_of_the_program(string path)
    {
        Simple(path);
        Assert.Empty(bench.AssertAsReal().Missing);
    }

    [Theory]
    [InlineData("$LIB")]
    [InlineData("$PLATFORM")]
    public void Tokens_are_those_of_the_loader_and_the_cpu(string token)
    {
        Simple($"$ORIGIN/tokens/{token}");
        LoaderSettings settings = bench.Load().Settings;
        bench.Move("lib/libpart.so", $"tokens/{(token == "$LIB" ? settings.LibToken : settings.Cpu.Platform)}/libpart.so");
        Assert.Empty(bench.AssertAsReal().Missing);
    }

    [Fact]
    public void A_program_that_a_link_leads_to_has_its_own_directory_as_origin()
    {
        Simple("$ORIGIN/lib");
        Directory.CreateDirectory(bench.Path("other"));
        File.CreateSymbolicLink(bench.Path("other/link"), bench.Path("main"));
        LoadedProcess process = bench.Load("other/link");
        Assert.Empty(process.Missing);
        Assert.Equal(0, Workbench.Run(bench.Path("other/link"), []).Exit);
    }

    [Fact]
    public void A_library_that_a_link_leads_to_has_the_directory_of_the_link_as_origin()
    {
        bench.Library("real/libinner.so", "int inner(void){return 0;}");
        bench.Library("real/libpart.so", "int inner(void);int part(void){return inner();}", ["real/libinner.so"], "-Wl,--enable-new-dtags,-rpath,$ORIGIN");
        Directory.CreateDirectory(bench.Path("lib"));
        File.CreateSymbolicLink(bench.Path("lib/libpart.so"), bench.Path("real/libpart.so"));
        bench.Program(Main, ["lib/libpart.so"], "-Wl,--enable-new-dtags,-rpath,$ORIGIN/lib");
        Assert.Equal("libinner.so", Assert.Single(bench.AssertAsReal().Missing).Name);
    }

    [Fact]
    public void A_library_for_another_machine_or_class_is_passed_over()
    {
        Simple("$ORIGIN/wrong:$ORIGIN/narrow:$ORIGIN/lib");
        bench.Write("wrong/libpart.so", new ElfImage(true, false, 183).With(14, "libpart.so").Build());
        bench.Write("narrow/libpart.so", new ElfImage(false, false, 3).With(14, "libpart.so").Build());
        LibraryLookup part = Lookup(bench.AssertAsReal(), "libpart.so");
        Assert.Equal(bench.Path("lib/libpart.so"), part.Object!.Path);
        Assert.Equal([bench.Path("wrong/libpart.so"), bench.Path("narrow/libpart.so")], part.PassedOver);
    }

    [Theory]
    [InlineData("", "file too short", "the file is empty")]
    [InlineData("INPUT ( -lpart ) /* a script for the linker, as some distributions ship them */\n", "invalid ELF header", "no ELF header")]
    public void A_file_that_is_no_library_ends_the_search(string content, string theirs, string ours)
    {
        Simple("$ORIGIN/first:$ORIGIN/lib");
        bench.Write("first/libpart.so", System.Text.Encoding.ASCII.GetBytes(content));
        LibraryLookup part = Lookup(bench.Load(), "libpart.so");
        Assert.Null(part.Object);
        Assert.Equal($"{bench.Path("first/libpart.so")}, byte 0: {ours}", part.Problem);
        (int exit, string output) = bench.Run();
        Assert.Equal(127, exit);
        Assert.Contains(theirs, output);
    }

    [Fact]
    public void A_program_is_no_library()
    {
        Simple("$ORIGIN/lib");
        File.Delete(bench.Path("lib/libpart.so"));
        bench.Copy("main", "lib/libpart.so");
        Assert.Equal($"{bench.Path("lib/libpart.so")} is a program that cannot be loaded as a library", Lookup(bench.Load(), "libpart.so").Problem);
        (int exit, string output) = bench.Run();
        Assert.Equal(127, exit);
        Assert.Contains("cannot dynamically load position-independent executable", output);
    }

    [Fact]
    public void Library_path_comes_after_rpath_and_before_runpath()
    {
        foreach ((string tags, BindingRule rule) in new[] { ("--disable-new-dtags", BindingRule.Rpath), ("--enable-new-dtags", BindingRule.LibraryPath) })
        {
            Simple("$ORIGIN/lib", tags);
            if (!File.Exists(bench.Path("environment/libpart.so")))
                bench.Copy("lib/libpart.so", "environment/libpart.so");
            Assert.Equal(rule, Lookup(bench.AssertAsReal(libraryPath: bench.Path("environment")), "libpart.so").Rule);
        }
    }

    [Fact]
    public void A_name_that_is_missing_tells_where_it_was_searched()
    {
        Simple("$ORIGIN/lib");
        File.Delete(bench.Path("lib/libpart.so"));
        LibraryLookup part = Assert.Single(bench.AssertAsReal(libraryPath: "/opt/one;/opt/two").Missing);
        Assert.Equal([BindingRule.LibraryPath, BindingRule.Runpath, BindingRule.Cache, BindingRule.SystemDirectory], part.Searched.Select(place => place.Rule));
        Assert.Equal(["/opt/one", "/opt/two"], part.Searched[0].Directories);
        Assert.Equal([bench.Path("lib")], part.Searched[1].Directories);
    }

    [Theory]
    [InlineData("glibc-hwcaps/x86-64-v2")]
    [InlineData("glibc-hwcaps/x86-64-v3")]
    [InlineData("glibc-hwcaps/x86-64-v4")]
    [InlineData("tls")]
    [InlineData("haswell")]
    [InlineData("x86_64")]
    [InlineData("tls/haswell/x86_64")]
    [InlineData("haswell/avx512_1")]
    public void Copies_in_subdirectories_for_the_cpu_are_taken_as_the_loader_takes_them(string subdirectory)
    {
        Simple("$ORIGIN/lib");
        bench.Copy("lib/libpart.so", $"lib/{subdirectory}/libpart.so");
        bench.AssertAsReal();
    }

    [Fact]
    public void A_library_without_the_system_directories_is_searched_as_it_asks()
    {
        bench.Program("int main(void){return 0;}", null, "-lm", "-Wl,-z,nodefaultlib");
        // Without a libc the tracing loader itself ends badly, after it has told of the libraries.
        Assert.Equal(["libc.so.6 missing", "libm.so.6 missing"], RealLoader.Of(bench.Path("main"))!.Libraries);
        Assert.Equal(["libm.so.6", "libc.so.6"], bench.Load().Missing.Select(lookup => lookup.Name));
    }

    [Fact]
    public void The_first_of_two_libraries_of_one_soname_serves_all()
    {
        bench.Library("one/libpart.so.1", Part, null, "-Wl,-soname,libpart.so.1");
        bench.Library("two/libpart.so.1", Part, null, "-Wl,-soname,libpart.so.1");
        bench.Library("lib/libuser.so", "int part(void);int user(void){return part();}", ["two/libpart.so.1"], $"-Wl,--enable-new-dtags,-rpath,{bench.Path("two")}");
        bench.Program("int part(void);int user(void);int main(void){return part()+user();}", ["one/libpart.so.1", "lib/libuser.so"], $"-Wl,--enable-new-dtags,-rpath,{bench.Path("one")}:{bench.Path("lib")}");
        LoadedProcess process = bench.AssertAsReal();
        Assert.Equal(bench.Path("one/libpart.so.1"), Lookup(process, "libpart.so.1").Object!.Path);
    }

    [Fact]
    public void A_file_under_two_names_is_one_object()
    {
        bench.Library("lib/libpart.so", Part);
        bench.Library("lib/libother.so", "int other(void){return 0;}");
        bench.Program("int part(void);int other(void);int main(void){return part()+other();}", ["lib/libpart.so", "lib/libother.so"], "-Wl,--enable-new-dtags,-rpath,$ORIGIN/lib");
        File.Delete(bench.Path("lib/libother.so"));
        File.CreateSymbolicLink(bench.Path("lib/libother.so"), "libpart.so");
        LoadedProcess process = bench.AssertAsReal();
        Assert.Single(process.Objects, loaded => loaded.Path.EndsWith("/lib/libpart.so", StringComparison.Ordinal));
    }

    [Fact]
    public void A_needed_path_is_opened_as_it_is()
    {
        bench.Library("lib/libpart.so", Part, null, $"-Wl,-soname,{bench.Path("lib/libpart.so")}");
        bench.Program(Main, ["lib/libpart.so"]);
        Assert.Equal(BindingRule.PathName, Lookup(bench.AssertAsReal(), bench.Path("lib/libpart.so")).Rule);
    }

    [Fact]
    public void What_is_preloaded_comes_before_what_is_needed()
    {
        Simple("$ORIGIN/lib");
        bench.Library("pre/libpre.so", "int part(void){return 7;}");
        LoadedProcess process = bench.AssertAsReal(preload: bench.Path("pre/libpre.so"));
        Assert.Equal([bench.Path("main"), bench.Path("pre/libpre.so"), bench.Path("lib/libpart.so")], process.Objects.Take(3).Select(loaded => loaded.Path));
        Assert.Equal(bench.Path("pre/libpre.so"), Assert.Single(new ProcessSymbols(process).Bindings("part")).Provider!.Path);
        Assert.Equal(7, bench.Run(("LD_PRELOAD", bench.Path("pre/libpre.so"))).Exit);
    }

    [Theory]
    [InlineData("-Wl,--filter,libreal.so")]
    [InlineData("-Wl,--auxiliary,libreal.so")]
    public void What_a_filter_names_comes_before_the_filter(string option)
    {
        bench.Library("lib/libreal.so", "int part(void){return 5;}");
        bench.Library("lib/libfront.so", Part, null, option, "-Wl,--enable-new-dtags,-rpath,$ORIGIN");
        bench.Program(Main, ["lib/libfront.so"], "-Wl,--enable-new-dtags,-rpath,$ORIGIN/lib");
        LoadedProcess process = bench.AssertAsReal();
        Assert.Equal(bench.Path("lib/libreal.so"), Assert.Single(new ProcessSymbols(process).Bindings("part")).Provider!.Path);
        Assert.Equal(5, bench.Run().Exit);
    }

    [Fact]
    public void A_missing_auxiliary_library_is_no_error()
    {
        bench.Library("lib/libfront.so", Part, null, "-Wl,--auxiliary,libabsent.so");
        bench.Program(Main, ["lib/libfront.so"], "-Wl,--enable-new-dtags,-rpath,$ORIGIN/lib");
        Assert.Empty(bench.Load().Missing);
        Assert.Equal(0, bench.Run().Exit);
    }

    [Theory]
    [InlineData("int host(void);int part(void){return host();}", "-rdynamic", true)]
    [InlineData("int host(void);int part(void){return host();}", "-g0", false)]
    [InlineData("int gone(void);int (*taken)(void) = gone;int part(void){return 0;}", "-rdynamic", false)]
    [InlineData("int second(void);int part(void){return second();}", "-rdynamic", true)]
    public void What_a_program_opens_sees_the_programs_symbols_and_its_own(string source, string option, bool works)
    {
        bench.Library("deep/libsecond.so", "int second(void){return 0;}");
        bench.Library("plugins/plugin.so", source, source.Contains("second") ? ["deep/libsecond.so"] : null);
        // RPATH of who opens is inherited.
        bench.Program(
            $"#include <dlfcn.h>\nint host(void){{return 0;}}int main(void){{return dlopen(\"{bench.Path("plugins/plugin.so")}\", RTLD_NOW) ? 0 : 1;}}",
            null, option, "-Wl,--disable-new-dtags,-rpath,$ORIGIN/deep");
        HostFiles files = new();
        LoadedProcess process = new LoaderModel(files, LoaderSettings.Of(RealLoader.Path, files)).Open(bench.Path("main"), bench.Path("plugins/plugin.so"));
        Assert.Equal(works, !process.Missing.Any() && new ProcessSymbols(process).Unresolved().Count == 0);
        Assert.Equal(works ? 0 : 1, bench.Run().Exit);
        Assert.Equal(bench.Path("plugins/plugin.so"), process.Opened!.Path);
    }

    [Fact]
    public void Extension_modules_of_this_systems_python_load_as_the_model_says()
    {
        const string python = "/usr/bin/python3";
        HostFiles files = new();
        LoaderModel model = new(files, LoaderSettings.Of(RealLoader.Path, files) with { Cpu = LoaderCpu.OfThisMachine(ElfMachine.X86_64) });
        string[] modules = [.. Directory.EnumerateFiles("/usr/lib", "*.so", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(file => file.Contains("/lib-dynload/") && file.StartsWith("/usr/lib/python3", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Take(60)];
        string tries = "import sys, ctypes\nfor f in sys.argv[1:]:\n  try: ctypes.CDLL(f, 2); print(f)\n  except OSError: pass\n";
        string[] loaded = Workbench.Run(python, ["-I", "-S", "-c", tries, .. modules]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] predicted = [.. modules.Where(file => model.Open(python, file) is var process && !process.Missing.Any() && new ProcessSymbols(process).Unresolved().Count == 0)];
        Assert.Equal(loaded, predicted);
        Assert.True(loaded.Length > 10, $"only {loaded.Length} extension modules");
    }

    [Fact]
    public void A_cache_that_is_damaged_is_told_and_not_used()
    {
        byte[] loader = [.. "\0/etc/ld.so.cache\0/lib/one/\0/usr/lib/\0ld.so (GNU libc) stable release version 2.40.\nMore\0"u8];
        LoaderSettings settings = LoaderSettings.Of("/ld.so", new MemoryFiles(new() { ["/ld.so"] = loader, ["/etc/ld.so.cache"] = [1, 2, 3] }));
        Assert.Null(settings.Cache);
        Assert.StartsWith("/etc/ld.so.cache, byte 0", settings.CacheDamage!.Message);
        Assert.Equal((new Version(2, 40), "lib/one"), (settings.Version, settings.LibToken));
        Assert.Equal(["/lib/one", "/usr/lib"], settings.SystemDirectories);
    }

    [Fact]
    public void A_ring_of_libraries_ends()
    {
        MemoryFiles files = new(new()
        {
            ["/main"] = new ElfImage(true, false).With(1, "a.so").With(29, "/l").Build(),
            ["/l/a.so"] = new ElfImage(true, false).With(1, "b.so").With(29, "/l").Build(),
            ["/l/b.so"] = new ElfImage(true, false).With(1, "a.so").With(1, "b.so").With(29, "/l").Build(),
        });
        LoadedProcess process = new LoaderModel(files, new LoaderSettings()).Load("/main");
        Assert.Equal(["/main", "/l/a.so", "/l/b.so"], process.Objects.Select(loaded => loaded.Path));
    }

    void Simple(string path, string tags = "--enable-new-dtags")
    {
        bench.Library("lib/libpart.so", Part);
        bench.Program(Main, ["lib/libpart.so"], $"-Wl,{tags},-rpath,{path}");
    }
}
