using CsCheck;

namespace Decant.Elf.Tests;

public sealed class LdSoCacheTests
{
    [Theory]
    [InlineData("new")]
    [InlineData("compat")]
    public void Entries_are_those_that_ldconfig_prints(string format)
    {
        using Workbench bench = new();
        string path = bench.Path("cache");
        (int exit, string output) = Workbench.Run("/sbin/ldconfig", ["-X", "-c", format, "-C", path]);
        Assert.True(exit == 0, output);
        LdSoCache cache = LdSoCache.Parse(File.ReadAllBytes(path), path);
        Assert.Equal(format == "compat", File.ReadAllBytes(path).AsSpan().StartsWith("ld.so-1.7.0"u8));

        string[] printed = [.. Workbench.Run("/sbin/ldconfig", ["-p", "-C", path]).Output.Split('\n')
            .Where(line => line.Contains(" => "))
            .Select(line => $"{line.Trim().Split(' ')[0]} {line.Split(" => ")[1]}")];
        Assert.NotEmpty(printed);
        Assert.Equal(printed, cache.Entries.Select(entry => $"{entry.Soname} {entry.Path}"));
    }

    [Fact]
    public void The_best_level_of_the_cpu_is_taken()
    {
        using Workbench bench = new();
        bench.Compile("int part(void){return 0;}", "lib/libpart.so.1", "-shared", "-fPIC", "-Wl,-soname,libpart.so.1");
        foreach (string level in (string[])["x86-64-v2", "x86-64-v3"])
        {
            Directory.CreateDirectory(bench.Path($"lib/glibc-hwcaps/{level}"));
            File.Copy(bench.Path("lib/libpart.so.1"), bench.Path($"lib/glibc-hwcaps/{level}/libpart.so.1"));
        }

        File.WriteAllText(bench.Path("conf"), bench.Path("lib") + "\n");
        string path = bench.Path("cache");
        (int exit, string output) = Workbench.Run("/sbin/ldconfig", ["-X", "-c", "new", "-f", bench.Path("conf"), "-C", path]);
        Assert.True(exit == 0, output);
        LdSoCache cache = LdSoCache.Parse(File.ReadAllBytes(path), path);

        uint flags = LdSoCache.FlagsFor(ElfFile.Parse(File.ReadAllBytes(bench.Path("lib/libpart.so.1")), "libpart"))!.Value;
        Assert.Equal(bench.Path("lib/glibc-hwcaps/x86-64-v3/libpart.so.1"), cache.Find("libpart.so.1", flags, ["x86-64-v4", "x86-64-v3", "x86-64-v2"], 0));
        Assert.Equal(bench.Path("lib/glibc-hwcaps/x86-64-v2/libpart.so.1"), cache.Find("libpart.so.1", flags, ["x86-64-v2"], 0));
        Assert.Equal(bench.Path("lib/libpart.so.1"), cache.Find("libpart.so.1", flags, [], 0));
        Assert.Null(cache.Find("libpart.so.1", flags + 1, [], 0));
        Assert.Null(cache.Find("libpart.so.2", flags, [], 0));
    }

    /// <summary>The real loader is asked with the table in the place of the system's own.</summary>
    [Theory]
    [InlineData("tls")]
    [InlineData("x86_64")]
    [InlineData("tls/x86_64", "x86_64", "tls")]
    [InlineData("haswell")]
    [InlineData("haswell/avx512_1", "avx512_1")]
    [InlineData("xeon_phi", "i686")]
    [InlineData("glibc-hwcaps/x86-64-v2", "tls")]
    public void Among_libraries_for_some_machines_the_one_is_taken_that_the_real_loader_takes(params string[] directories)
    {
        using LoaderBench bench = new();
        bench.Library("lib/libpart.so.1", "int part(void){return 0;}");
        foreach (string directory in directories)
            bench.Copy("lib/libpart.so.1", $"lib/{directory}/libpart.so.1");
        bench.Program("int part(void);int main(void){return part();}", ["lib/libpart.so.1"]);
        string cache = CacheOf(bench);

        LoadedProcess process = bench.Load(cache: LdSoCache.Parse(File.ReadAllBytes(cache), cache));
        (int exit, string output) = Workbench.Run(
            "unshare", ["--user", "--map-root-user", "--mount", "sh", "-c", "mount --bind $1 /etc/ld.so.cache && LD_TRACE_LOADED_OBJECTS=1 exec $2 $3", "sh", cache, RealLoader.Path, bench.Path("main")]);
        Assert.True(exit == 0, output);
        Assert.StartsWith(bench.Path("lib/"), process.Objects[1].Path);
        Assert.Contains($"{process.Objects[1].Path} (", output);
    }

    [Fact]
    public void A_program_of_32_bits_takes_the_library_for_its_processor()
    {
        using LoaderBench bench = new();
        bench.Library("lib/libpart.so.1", "int part(void){return 0;}", null, "-m32", "-nostdlib");
        foreach (string directory in (string[])["i686/sse2", "i686", "haswell"])
            bench.Copy("lib/libpart.so.1", $"lib/{directory}/libpart.so.1");
        string cache = CacheOf(bench);
        uint flags = LdSoCache.FlagsFor(ElfFile.Parse(File.ReadAllBytes(bench.Path("lib/libpart.so.1")), "libpart"))!.Value;
        ulong bits = LoaderCpu.OfThisMachine(ElfMachine.I386).LegacyBits;
        Assert.Equal(bench.Path("lib/i686/sse2/libpart.so.1"), LdSoCache.Parse(File.ReadAllBytes(cache), cache).Find("libpart.so.1", flags, [], bits));
    }

    /// <summary>As ldconfig makes it of the bench's lib and the directories in it that it knows.</summary>
    static string CacheOf(LoaderBench bench)
    {
        File.WriteAllText(bench.Path("conf"), bench.Path("lib") + "\n");
        (int exit, string output) = Workbench.Run("/sbin/ldconfig", ["-X", "-c", "new", "-f", bench.Path("conf"), "-C", bench.Path("cache")]);
        Assert.True(exit == 0, output);
        return bench.Path("cache");
    }

    [Fact]
    public void Damage_anywhere_is_read_or_refused_and_never_escapes()
    {
        byte[] good = File.ReadAllBytes("/etc/ld.so.cache");
        Gen.Select(Gen.Int[0, 200], Gen.Byte, Gen.Int[0, good.Length]).Sample((at, value, length) =>
        {
            byte[] bytes = good[..length];
            if (at < length)
                bytes[at] = value;
            try
            {
                LdSoCache.Parse(bytes, "damaged");
            }
            catch (ElfFormatException)
            {
            }
        }, iter: 300);
    }

    [Fact]
    public void A_file_that_is_no_cache_is_named()
    {
        ElfFormatException e = Assert.Throws<ElfFormatException>(() => LdSoCache.Parse("nothing"u8, "/etc/ld.so.cache"));
        Assert.Equal("/etc/ld.so.cache, byte 0: no header of the format glibc-ld.so.cache1.1", e.Message);
    }
}
