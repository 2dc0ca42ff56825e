using System.Text;
using Decant.Devices;
using Decant.Elf;
using Decant.Elf.Tests;

namespace Decant.Doctor.Tests;

/// <summary>A root with compiled programs and libraries that have CUDA's names.</summary>
sealed class CudaRoot : IDisposable
{
    readonly Workbench bench = new();
    readonly Dictionary<string, string> built = [];

    public CudaRoot()
    {
        string loader = ElfFile.Read(File.OpenRead("/bin/sh"), "/bin/sh").Interpreter!;
        Root.Copy(loader, loader);
    }

    public ScratchRoot Root { get; } = new();

    /// <summary>On which hosts nothing is known of GPUs.</summary>
    public static DoctorHost NoGpus { get; } = ScratchRoot.Host with { Driver = null, Gpus = [] };

    public void Dispose()
    {
        Root.Dispose();
        bench.Dispose();
    }

    public static DoctorHost Host(string driver, params string[] models) =>
        ScratchRoot.Host with { Driver = NvidiaDriver.Parse(driver), Gpus = [.. models.Select(model => new NvidiaGpu(model, null, null, null))] };

    /// <param name="needs">Paths of libraries that were made before.</param>
    /// <param name="sections">With their names.</param>
    public CudaRoot Library(string path, string soname, string[]? needs = null, params (string Name, byte[] Content)[] sections) =>
        Compile(path, ["-shared", $"-Wl,-soname,{soname}"], needs ?? [], sections);

    /// <summary>The same, named by its path, and linked to by nothing else than it.</summary>
    public CudaRoot Program(string path, string[] needs, string[]? options = null, params (string Name, byte[] Content)[] sections) =>
        Compile(path, ["-Wl,-e,main", "-Wl,--allow-shlib-undefined", .. options ?? []], needs, sections);

    public IReadOnlyList<Finding> Examine(DoctorHost host, params (string Name, string Value)[] variables) =>
        Decant.Doctor.Examination.Examine(Root.Command(variables, ["/app"]), host);

    public Diagnosis Diagnose(DoctorHost host, params (string Name, string Value)[] variables) => Diagnosis.Of(Root.Command(variables, ["/app"]), host);

    /// <summary>A libcuda that needs GLIBC_2.99, and a libc that has nothing newer than GLIBC_2.2.5.</summary>
    public CudaRoot DriverForNewerGlibc(string directory)
    {
        string Libc(string name, string versions)
        {
            string script = bench.Path(name + ".map");
            File.WriteAllText(script, versions);
            return bench.Compile("void older(void) {} void newer(void) {}", name, "-shared", "-nostdlib", "-Wl,-soname,libc.so.6", $"-Wl,--version-script,{script}");
        }

        string newer = Libc("newer.so", "GLIBC_2.2.5 { global: older; }; GLIBC_2.99 { global: newer; local: *; };");
        Root.Copy("/lib/libc.so.6", Libc("older.so", "GLIBC_2.2.5 { global: older; local: *; };"));
        Root.Copy($"{directory}/libcuda.so.1", bench.Compile("void newer(void); void cuInit(void) { newer(); }", "libcuda.so.1", "-shared", "-nostdlib", "-Wl,-soname,libcuda.so.1", newer));
        return this;
    }

    CudaRoot Compile(string path, string[] options, string[] needs, (string Name, byte[] Content)[] sections)
    {
        StringBuilder source = new("int main(void) { return 0; }\n");
        foreach ((string name, byte[] content) in sections)
        {
            string file = bench.Path(Guid.NewGuid().ToString("N"));
            File.WriteAllBytes(file, content);
            source.Append($"__asm__(\".pushsection {name},\\\"a\\\"\\n.balign 8\\n.incbin \\\"{file}\\\"\\n.popsection\");\n");
        }

        string output = bench.Compile(source.ToString(), Guid.NewGuid().ToString("N"), ["-nostdlib", .. needs.Select(need => built[need]), .. options]);
        built[path] = output;
        Root.Copy(path, output);
        return this;
    }
}
