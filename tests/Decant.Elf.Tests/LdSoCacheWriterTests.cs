using CsCheck;

namespace Decant.Elf.Tests;

public sealed class LdSoCacheWriterTests
{
    const uint Flags = 0x0303;

    static LdSoCache Host { get; } = LdSoCache.Parse(File.ReadAllBytes("/etc/ld.so.cache"), "/etc/ld.so.cache");

    [Fact]
    public void What_is_written_is_what_was_read_in_the_order_of_ldconfig()
    {
        LdSoCache written = LdSoCache.Parse(LdSoCacheWriter.With(Host, [], Flags), "written");
        Assert.Equal(Host.Entries, written.Entries);
    }

    [Fact]
    public void Ldconfig_prints_it_and_the_real_loader_finds_what_was_added_before_what_was_there()
    {
        using LoaderBench bench = new();
        bench.Library("lib/libz.so.1", "int part(void){return 0;}");
        bench.Library("lib/libpart.so.12", "int piece(void){return 0;}");
        bench.Program("int part(void);int piece(void);int main(void){return part()+piece();}", ["lib/libz.so.1", "lib/libpart.so.12"]);
        string cache = bench.Path("cache");
        File.WriteAllBytes(cache, LdSoCacheWriter.With(Host, [("libz.so.1", bench.Path("lib/libz.so.1")), ("libpart.so.12", bench.Path("lib/libpart.so.12"))], Flags));
        Assert.Contains($"libpart.so.12 (libc6,x86-64) => {bench.Path("lib/libpart.so.12")}", Workbench.Run("/sbin/ldconfig", ["-p", "-C", cache]).Output);
        (int exit, string output) = Workbench.Run(
            "unshare", ["--user", "--map-root-user", "--mount", "sh", "-c", "mount --bind $1 /etc/ld.so.cache && LD_TRACE_LOADED_OBJECTS=1 exec $2 $3", "sh", cache, RealLoader.Path, bench.Path("main")]);
        Assert.True(exit == 0, output);
        Assert.Contains($"libz.so.1 => {bench.Path("lib/libz.so.1")} (", output);
        Assert.Contains($"libpart.so.12 => {bench.Path("lib/libpart.so.12")} (", output);
        Assert.Contains("libc.so.6 => ", output);
    }

    [Fact]
    public void Levels_of_the_cpu_stay_with_their_entries()
    {
        using LoaderBench bench = new();
        bench.Library("lib/libpart.so.1", "int part(void){return 0;}");
        foreach (string level in (string[])["x86-64-v3", "x86-64-v2"])
            bench.Copy("lib/libpart.so.1", $"lib/glibc-hwcaps/{level}/libpart.so.1");
        File.WriteAllText(bench.Path("conf"), bench.Path("lib") + "\n");
        Assert.Equal(0, Workbench.Run("/sbin/ldconfig", ["-X", "-c", "new", "-f", bench.Path("conf"), "-C", bench.Path("cache")]).Exit);
        LdSoCache own = LdSoCache.Parse(File.ReadAllBytes(bench.Path("cache")), "own");
        LdSoCache written = LdSoCache.Parse(LdSoCacheWriter.With(own, [("liba.so.1", "/a/liba.so.1")], Flags), "written");
        foreach (string[] hwcaps in (string[][])[["x86-64-v3", "x86-64-v2"], ["x86-64-v2"], []])
            Assert.Equal(own.Find("libpart.so.1", Flags, hwcaps, 0), written.Find("libpart.so.1", Flags, hwcaps, 0));
        Assert.Equal("/a/liba.so.1", written.Find("liba.so.1", Flags, [], 0));
    }

    [Fact]
    public void Names_are_ordered_alike_from_both_sides() => Gen.Select(Gen.String[Gen.Char["ab19."], 0, 6], Gen.String[Gen.Char["ab19."], 0, 6]).Sample((one, other) =>
        Math.Sign(LdSoCacheWriter.CompareNames(one, other)) == -Math.Sign(LdSoCacheWriter.CompareNames(other, one)));
}
