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
        Assert.Equal(bench.Path("lib/glibc-hwcaps/x86-64-v3/libpart.so.1"), cache.Find("libpart.so.1", flags, ["x86-64-v4", "x86-64-v3", "x86-64-v2"]));
        Assert.Equal(bench.Path("lib/glibc-hwcaps/x86-64-v2/libpart.so.1"), cache.Find("libpart.so.1", flags, ["x86-64-v2"]));
        Assert.Equal(bench.Path("lib/libpart.so.1"), cache.Find("libpart.so.1", flags, []));
        Assert.Null(cache.Find("libpart.so.1", flags + 1, []));
        Assert.Null(cache.Find("libpart.so.2", flags, []));
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
