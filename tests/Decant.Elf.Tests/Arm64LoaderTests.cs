namespace Decant.Elf.Tests;

/// <summary>arm64's loader, which an emulator runs as different processors.</summary>
public sealed class Arm64LoaderTests : IDisposable
{
    /// <summary>Of Debian's libc6-dev-arm64-cross.</summary>
    const string Loader = "/usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1";

    const ulong Atomics = 1 << 8;

    readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    void Compile(string source, string name, params string[] options)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(bench.Path(name))!);
        File.WriteAllText(bench.Path("source.c"), source);
        (int exit, string text) = Workbench.Run("aarch64-linux-gnu-gcc", ["-nostdlib", "-fPIC", "-Wl,--no-as-needed", "-o", bench.Path(name), bench.Path("source.c"), .. options]);
        Assert.True(exit == 0, $"aarch64-linux-gnu-gcc failed (install gcc-aarch64-linux-gnu): {text}");
    }

    [Theory]
    [InlineData("max", Atomics, "lib/atomics")]
    [InlineData("cortex-a53", 0ul, "lib")]
    [InlineData("max", Atomics, "lib/aarch64/atomics", "aarch64/atomics", "aarch64")]
    [InlineData("cortex-a53", 0ul, "lib/aarch64", "aarch64/atomics", "aarch64")]
    [InlineData("max", Atomics, "lib/tls", "tls")]
    public void Libraries_for_processors_with_atomic_instructions_are_taken_by_those(string processor, ulong capabilities, string expected, params string[] more)
    {
        Compile("int part(void){return 0;}", "lib/libpart.so.1", "-shared", "-Wl,-soname,libpart.so.1");
        Compile("int part(void);void _start(void){part();}", "main", bench.Path("lib/libpart.so.1"));
        foreach (string directory in (string[])["atomics", .. more])
        {
            Directory.CreateDirectory(bench.Path($"lib/{directory}"));
            File.Copy(bench.Path("lib/libpart.so.1"), bench.Path($"lib/{directory}/libpart.so.1"));
        }

        HostFiles files = new();
        LoaderSettings settings = LoaderSettings.Of(Loader, files) with { Cpu = LoaderCpu.OfArm64(capabilities), LibraryPath = bench.Path("lib") };
        LoadedProcess process = new LoaderModel(files, settings).Load(bench.Path("main"));
        Assert.Equal(bench.Path($"{expected}/libpart.so.1"), process.Objects[1].Path);
        (int exit, string output) = Workbench.Run(
            "qemu-aarch64-static", ["-cpu", processor, "-E", "LD_TRACE_LOADED_OBJECTS=1", "-E", $"LD_LIBRARY_PATH={bench.Path("lib")}", Loader, bench.Path("main")]);
        Assert.True(exit == 0, output);
        Assert.Contains($"{process.Objects[1].Path} (", output);
    }
}
