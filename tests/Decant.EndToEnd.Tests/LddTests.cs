using System.Text.Json;
using Decant.Elf.Tests;

namespace Decant.EndToEnd.Tests;

/// <summary>"decant ldd" as a user calls it.</summary>
public sealed class LddTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("decant-ldd-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void A_program_of_an_image_is_shown_with_its_libraries_and_why()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            TestImages.PulledAll(user);
            ProgramResult result = QuietRoom.Run(user, "\"$decant\" ldd bookworm python3").Expect(0);
            Assert.StartsWith("/usr/bin/python3.11  glibc 2.36\n", result.Output);
            Assert.Contains(" /lib64/ld-linux-x86-64.so.2  PT_INTERP\n", result.Output);
            Assert.Contains("libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6  ld.so.cache\n", result.Output);
        }
    }

    [Fact]
    public void What_the_launch_changes_is_seen()
    {
        TestImages.PulledAll(User.Root);
        QuietRoom.Run(User.Root, """
            mkdir /tmp/lib && cp /lib/x86_64-linux-gnu/libz.so.1 /tmp/lib/
            "$decant" ldd -v /tmp/lib:/opt/lib -e LD_LIBRARY_PATH=/opt/lib bookworm python3 >/tmp/out || exit 2
            grep -q 'libz.so.1 => /opt/lib/libz.so.1  LD_LIBRARY_PATH' /tmp/out || { cat /tmp/out >&2; exit 3; }
            rm -r /tmp/lib /tmp/out
            """).Expect(0);
    }

    [Fact]
    public void A_missing_library_is_told_with_the_places_that_were_searched()
    {
        Compile("lib/libpart.so", "int part(void){return 0;}", "-shared", "-fPIC", "-Wl,-soname,libpart.so");
        Compile("main", "int part(void);int main(void){return part();}", $"{root}/lib/libpart.so", "-Wl,--enable-new-dtags,-rpath,$ORIGIN/nowhere");
        ProgramResult result = DecantBinary.Run(User.Root, "ldd", "rootfs:/", $"{root}/main").Expect(1);
        Assert.Contains($"libpart.so => not found: found in no directory that the loader searches\n", result.Output);
        Assert.Contains($"searched RUNPATH of {root}/main: {root}/nowhere\n", result.Output);
        Assert.Contains("searched /etc/ld.so.cache\n", result.Output);
        DecantBinary.Run(User.Root, "ldd", "-e", $"LD_LIBRARY_PATH={root}/lib", "rootfs:/", $"{root}/main").Expect(0);
    }

    [Fact]
    public void A_missing_symbol_is_told_with_who_wants_it()
    {
        Compile("libpart.so", "extern int gone;int *address = &gone;int part(void){return *address;}", "-shared", "-fPIC", "-Wl,-soname,libpart.so");
        Compile("main", "int part(void);int main(void){return part();}", $"{root}/libpart.so", "-Wl,--disable-new-dtags,-rpath,$ORIGIN", "-Wl,--unresolved-symbols=ignore-all");
        DecantBinary.Run(User.Root, "ldd", "rootfs:/", $"{root}/main").Expect(0);
        Assert.EndsWith($"undefined symbol gone, wanted by {root}/libpart.so\n", DecantBinary.Run(User.Root, "ldd", "--symbols", "rootfs:/", $"{root}/main").Expect(1).Output);
        ProgramResult why = DecantBinary.Run(User.Root, "ldd", "--why", "gone", "rootfs:/", $"{root}/main").Expect(1);
        Assert.EndsWith($"  {root}/libpart.so wants gone and gets nothing\n", why.Output);
        JsonElement program = JsonDocument.Parse(DecantBinary.Run(User.Root, "ldd", "--json", "--symbols", "rootfs:/", $"{root}/main").Expect(1).Output).RootElement.GetProperty("programs")[0];
        Assert.False(program.GetProperty("healthy").GetBoolean());
        Assert.Equal("load", program.GetProperty("undefinedSymbols")[0].GetProperty("when").GetString());
    }

    [Fact]
    public void Why_tells_who_wants_a_symbol_and_who_has_it()
    {
        ProgramResult result = DecantBinary.Run(User.Root, "ldd", "--why", "malloc", "rootfs:/", "/bin/ls").Expect(0);
        Assert.Contains("/bin/ls wants malloc@GLIBC_2.2.5 and gets /lib/x86_64-linux-gnu/libc.so.6 (GLIBC_2.2.5)\n", result.Output);
        Assert.Contains("  exported by /lib/x86_64-linux-gnu/libc.so.6 as GLIBC_2.2.5\n", result.Output);
        Assert.Contains("/bin/ls wants libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6  ld.so.cache\n", DecantBinary.Run(User.Root, "ldd", "--why", "libc.so.6", "rootfs:/", "/bin/ls").Expect(0).Output);
    }

    [Fact]
    public void Device_code_is_shown_with_the_GPUs_that_run_it()
    {
        File.WriteAllBytes($"{root}/code", FatBinaryBytes.Container(FatBinaryBytes.Entry(false, 80), FatBinaryBytes.Entry(false, 90, FatBinaryBytes.Exact), FatBinaryBytes.Entry(true, 90)));
        Compile("libkernels.so", $"__asm__(\".pushsection .nv_fatbin,\\\"a\\\"\\n.balign 8\\n.incbin \\\"{root}/code\\\"\\n.popsection\");int part(void){{return 0;}}", "-shared", "-fPIC", "-Wl,-soname,libkernels.so");
        Compile("main", "int part(void);int main(void){return part();}", $"{root}/libkernels.so", "-Wl,-rpath,$ORIGIN");
        Assert.EndsWith($"device code of {root}/libkernels.so: sm_80, sm_90a, compute_90\n", DecantBinary.Run(User.Root, "ldd", "--device-code", "rootfs:/", $"{root}/main").Expect(0).Output);
        Assert.EndsWith("no device code\n", DecantBinary.Run(User.Root, "ldd", "--device-code", "rootfs:/", "/bin/true").Expect(0).Output);
        JsonElement code = JsonDocument.Parse(DecantBinary.Run(User.Root, "ldd", "--device-code", "--json", "rootfs:/", $"{root}/main").Expect(0).Output).RootElement.GetProperty("programs")[0].GetProperty("deviceCode")[0];
        Assert.Equal($"{root}/libkernels.so", code.GetProperty("path").GetString());
        Assert.Equal(["sm_80 cubin 1", "sm_90a cubin 1", "compute_90 ptx 1"], code.GetProperty("code").EnumerateArray().Select(one => $"{one.GetProperty("architecture")} {one.GetProperty("kind")} {one.GetProperty("count")}"));
    }

    [Fact]
    public void A_script_leads_to_its_interpreter()
    {
        File.WriteAllText($"{root}/inner", "#!/usr/bin/env -S LC_ALL=C sh -e\n");
        File.WriteAllText($"{root}/outer", $"#! {root}/inner with an argument\n");
        string output = DecantBinary.Run(User.Root, "ldd", "rootfs:/", $"{root}/outer").Expect(0).Output;
        Assert.StartsWith($"{root}/outer is a script for\n{root}/inner is a script for\n/usr/bin/dash  glibc", output);
    }

    [Theory]
    [InlineData("/etc/passwd", "/etc/passwd, byte 0: no ELF header")]
    [InlineData("/etc", "/etc in the image is a directory")]
    [InlineData("/no/such/file", "/no/such/file in the image: No such file or directory")]
    [InlineData("no-such-program", "no program no-such-program on the image's PATH, /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")]
    public void What_is_no_program_is_refused_with_the_cause(string path, string cause) =>
        Assert.StartsWith($"decant: {cause}\n", DecantBinary.Run(User.Root, "ldd", "rootfs:/", path).Expect(125).Error);

    void Compile(string name, string source, params string[] options)
    {
        Directory.CreateDirectory(Path.GetDirectoryName($"{root}/{name}")!);
        File.WriteAllText($"{root}/source.c", source);
        Shell.Execute(["cc", "-Wl,--no-as-needed", "-o", $"{root}/{name}", $"{root}/source.c", .. options]).Expect(0);
    }
}
