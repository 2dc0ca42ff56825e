using System.Text.RegularExpressions;

namespace Decant.Elf.Tests;

/// <summary>The same files by musl's rules: its own loader, asked to list, is the truth.</summary>
public sealed partial class MuslLoaderTests : IDisposable
{
    const string Loader = "/lib/ld-musl-x86_64.so.1";

    readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    string Compile(string source, string name, params string[] options)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(bench.Path(name))!);
        File.WriteAllText(bench.Path("source.c"), source);
        (int exit, string text) = Workbench.Run("musl-gcc", ["-Wl,--no-as-needed", "-Wl,--allow-shlib-undefined", "-o", bench.Path(name), bench.Path("source.c"), .. options]);
        Assert.True(exit == 0, $"musl-gcc failed (install musl-tools): {text}");
        return bench.Path(name);
    }

    LoadedProcess AssertAsReal(string? libraryPath = null, string? preload = null)
    {
        HostFiles files = new();
        LoaderSettings settings = LoaderSettings.Of(Loader, files) with { LibraryPath = libraryPath, Preload = preload };
        Assert.Equal(LoaderKind.Musl, settings.Kind);
        LoadedProcess process = new LoaderModel(files, settings).Load(bench.Path("main"));
        List<(string, string)> environment = [];
        if (libraryPath is not null)
            environment.Add(("LD_LIBRARY_PATH", libraryPath));
        if (preload is not null)
            environment.Add(("LD_PRELOAD", preload));
        (_, string output) = Workbench.Run(Loader, ["--list", bench.Path("main")], [.. environment]);
        SortedSet<string> real = new(Listed().Matches(output).Select(match => match.Groups[1].Value), StringComparer.Ordinal);
        Assert.Equal(real, new SortedSet<string>(process.Objects.Skip(1).Append(process.Interpreter!).Select(loaded => loaded.Path), StringComparer.Ordinal));
        Assert.Equal(
            new SortedSet<string>(Missing().Matches(output).Select(match => match.Groups[1].Value)), new SortedSet<string>(process.Missing.Select(lookup => lookup.Name)));
        Assert.Equal(
            new SortedSet<string>(Unresolved().Matches(output).Select(match => match.Groups[1].Value)), new SortedSet<string>(new ProcessSymbols(process).Unresolved().Select(symbol => symbol.Name)));
        return process;
    }

    [Theory]
    [InlineData("--enable-new-dtags", BindingRule.Runpath)]
    [InlineData("--disable-new-dtags", BindingRule.Rpath)]
    public void Both_kinds_of_path_are_inherited(string tags, BindingRule rule)
    {
        Compile("int inner(void){return 1;}", "lib/libinner.so", "-shared", "-fPIC", "-Wl,-soname,libinner.so");
        Compile("int inner(void);int part(void){return inner();}", "lib/libpart.so", "-shared", "-fPIC", bench.Path("lib/libinner.so"), "-Wl,-soname,libpart.so");
        Compile("int part(void);int main(void){return part();}", "main", bench.Path("lib/libpart.so"), $"-Wl,{tags},-rpath,$ORIGIN/lib");
        LoadedProcess process = AssertAsReal();
        Assert.Equal(rule, process.Lookups.Single(lookup => lookup.Name == "libinner.so").Rule);
    }

    [Fact]
    public void Library_path_comes_first()
    {
        Compile("int part(void){return 0;}", "lib/libpart.so", "-shared", "-fPIC", "-Wl,-soname,libpart.so");
        Compile("int part(void){return 0;}", "environment/libpart.so", "-shared", "-fPIC", "-Wl,-soname,libpart.so");
        Compile("int part(void);int main(void){return part();}", "main", bench.Path("lib/libpart.so"), "-Wl,--disable-new-dtags,-rpath,$ORIGIN/lib");
        Assert.Equal(BindingRule.Rpath, AssertAsReal().Lookups.Single(lookup => lookup.Name == "libpart.so").Rule);
        Assert.Equal(BindingRule.LibraryPath, AssertAsReal(bench.Path("environment")).Lookups.Single(lookup => lookup.Name == "libpart.so").Rule);
    }

    [Fact]
    public void What_is_missing_is_what_musl_says()
    {
        Compile("int part(void){return 0;}", "lib/libpart.so", "-shared", "-fPIC", "-Wl,-soname,libpart.so");
        Compile("int part(void);int main(void){return part();}", "main", bench.Path("lib/libpart.so"), "-Wl,-rpath,$ORIGIN/lib:$PLATFORM");
        // Any token but $ORIGIN makes the whole path go unread.
        Assert.Equal("libpart.so", Assert.Single(AssertAsReal().Missing).Name);
    }

    [Fact]
    public void A_missing_symbol_is_fatal_though_it_is_only_called()
    {
        Compile("int part(void){return 0;}int gone(void){return 0;}", "lib/libpart.so", "-shared", "-fPIC", "-Wl,-soname,libpart.so");
        Compile("int part(void);int gone(void);int main(void){return part()?gone():0;}", "main", bench.Path("lib/libpart.so"), "-Wl,-rpath,$ORIGIN/lib");
        Compile("int part(void){return 0;}", "lib/libpart.so", "-shared", "-fPIC", "-Wl,-soname,libpart.so");
        Assert.True(Assert.Single(new ProcessSymbols(AssertAsReal()).Unresolved()).IsFatal);
    }

    [Fact]
    public void Another_libc_by_any_name_is_musl_itself()
    {
        Compile("int part(void){return 0;}", "lib/libpart.so", "-shared", "-fPIC", "-Wl,-soname,libpart.so");
        Compile("int part(void);int main(void){return part();}", "main", bench.Path("lib/libpart.so"), "-Wl,-rpath,$ORIGIN/lib");
        Compile("void *stdin=&stdin;int __libc_start_main(void){return 0;}int part(void){return 0;}", "lib/libpart.so", "-shared", "-fPIC", "-nostdlib", "-Wl,-soname,libpart.so");
        LoadedProcess process = AssertAsReal();
        Assert.Equal(BindingRule.LoaderItself, process.Lookups.Single(lookup => lookup.Name == "libpart.so").Rule);
        Assert.Equal("part", Assert.Single(new ProcessSymbols(process).Unresolved()).Name);
    }

    [Fact]
    public void What_is_preloaded_does_not_inherit_the_programs_path()
    {
        Compile("int inner(void){return 1;}", "lib/libinner.so", "-shared", "-fPIC", "-Wl,-soname,libinner.so");
        Compile("int inner(void);int early(void){return inner();}", "early/libearly.so", "-shared", "-fPIC", bench.Path("lib/libinner.so"), "-Wl,-soname,libearly.so");
        Compile("int main(void){return 0;}", "main", "-Wl,-rpath,$ORIGIN/lib");
        LoadedProcess process = AssertAsReal(preload: bench.Path("early/libearly.so"));
        Assert.Equal("libinner.so", Assert.Single(process.Missing).Name);
    }

    [Fact]
    public void A_file_keeps_the_first_name_by_which_a_search_came_to_it()
    {
        Compile("int part(void){return 0;}", "one/liba.so", "-shared", "-fPIC", "-Wl,-soname,liba.so");
        Compile("int part(void){return 0;}", "two/libb.so", "-shared", "-fPIC", "-Wl,-soname,libb.so");
        Compile("int user(void){return 0;}", "one/libuser.so", "-shared", "-fPIC", bench.Path("two/libb.so"), "-Wl,-soname,libuser.so", "-Wl,-rpath,$ORIGIN/../two");
        Compile("int main(void){return 0;}", "main", bench.Path("one/liba.so"), bench.Path("two/libb.so"), bench.Path("one/libuser.so"), "-Wl,-rpath,$ORIGIN/one");
        File.CreateSymbolicLink(bench.Path("one/libb.so"), "liba.so");
        Assert.Contains(bench.Path("one/../two/libb.so"), AssertAsReal().Objects.Select(loaded => loaded.Path));
    }

    [Fact]
    public void Functions_that_choose_themselves_are_not_there()
    {
        Compile("int part(void){return 0;}", "lib/libpart.so", "-shared", "-fPIC", "-Wl,-soname,libpart.so");
        Compile("int part(void);int main(void){return part();}", "main", bench.Path("lib/libpart.so"), "-Wl,-rpath,$ORIGIN/lib");
        Compile("int one(void){return 1;}void*choose(void){return one;}int part(void)__attribute__((ifunc(\"choose\")));", "lib/libpart.so", "-shared", "-fPIC", "-Wl,-soname,libpart.so");
        Assert.Equal("part", Assert.Single(new ProcessSymbols(AssertAsReal()).Unresolved()).Name);
    }

    [Fact]
    public void An_object_whose_functions_choose_themselves_is_refused()
    {
        Compile(
            "static int one(void){return 1;}static void*choose(void){return one;}static int own(void)__attribute__((ifunc(\"choose\")));int part(void){return own();}",
            "lib/libpart.so", "-shared", "-fPIC", "-Wl,-soname,libpart.so");
        Compile("int part(void);int main(void){return part();}", "main", bench.Path("lib/libpart.so"), "-Wl,-rpath,$ORIGIN/lib");
        (LoadedObject refused, uint type) = Assert.Single(new ProcessSymbols(AssertAsReal()).Refused());
        Assert.Contains($"Error relocating {refused.Path}: unsupported relocation type {type}", Workbench.Run(Loader, ["--list", bench.Path("main")]).Output);
        Assert.Equal(bench.Path("lib/libpart.so"), refused.Path);
    }

    [Fact]
    public void An_objects_own_symbol_of_an_old_version_is_not_found()
    {
        File.WriteAllText(bench.Path("versions"), "OLD{global:part;local:*;};");
        Compile(
            "int old(void){return 1;}int part_old(void);__asm__(\".symver old,part@OLD\\n.symver part_old,part@OLD\");void*at(void){static void*p=part_old;return p;}",
            "lib/libpart.so", "-shared", "-fPIC", "-Wl,-soname,libpart.so", $"-Wl,--version-script={bench.Path("versions")}");
        Compile("int main(void){return 0;}", "main", bench.Path("lib/libpart.so"), "-Wl,-rpath,$ORIGIN/lib");
        Assert.Equal("part", Assert.Single(new ProcessSymbols(AssertAsReal()).Unresolved()).Name);
    }

    [GeneratedRegex(@"(\S+) \(0x[0-9a-f]+\)")]
    private static partial Regex Listed();

    [GeneratedRegex(@"Error loading shared library (\S+):")]
    private static partial Regex Missing();

    [GeneratedRegex(@"Error relocating \S+: (\S+): symbol not found")]
    private static partial Regex Unresolved();
}
