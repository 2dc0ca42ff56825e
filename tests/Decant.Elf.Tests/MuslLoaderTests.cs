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

    LoadedProcess AssertAsReal(string? libraryPath = null)
    {
        HostFiles files = new();
        LoaderSettings settings = LoaderSettings.Of(Loader, files) with { LibraryPath = libraryPath };
        Assert.Equal(LoaderKind.Musl, settings.Kind);
        LoadedProcess process = new LoaderModel(files, settings).Load(bench.Path("main"));
        (_, string output) = Workbench.Run(Loader, ["--list", bench.Path("main")], libraryPath is null ? [] : [("LD_LIBRARY_PATH", libraryPath)]);
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

    [GeneratedRegex(@"(\S+) \(0x[0-9a-f]+\)")]
    private static partial Regex Listed();

    [GeneratedRegex(@"Error loading shared library (\S+):")]
    private static partial Regex Missing();

    [GeneratedRegex(@"Error relocating \S+: (\S+): symbol not found")]
    private static partial Regex Unresolved();
}
