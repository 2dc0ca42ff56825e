using System.Diagnostics;
using System.Runtime.CompilerServices;
using Decant.Linux;

namespace Decant.Devices.Tests;

/// <summary>A library of C in NVML's place, as there is a GPU on few machines: it answers through the same names and layouts.</summary>
public sealed class NvmlTests : IDisposable
{
    readonly string directory = Directory.CreateTempSubdirectory("decant-nvml-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    static string Source([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "nvml.c");

    string Library(params string[] options)
    {
        Assert.SkipUnless(ChildProgram.TryRun(["gcc", "--version"], []) is { ExitCode: 0 }, "there is no compiler");
        string path = $"{directory}/libnvidia-ml.so.1";
        using Process compiler = Process.Start("gcc", ["-shared", "-fPIC", "-w", "-o", path, Source(), .. options]);
        compiler.WaitForExit();
        Assert.Equal(0, compiler.ExitCode);
        return path;
    }

    [Fact]
    public void Without_a_library_there_is_nothing_to_say()
    {
        Assert.Null(Nvml.TryOpen($"{directory}/libnvidia-ml.so.1", out string? reason));
        Assert.Null(reason);
    }

    [Fact]
    public void Without_a_kernel_module_there_are_no_GPUs_and_nothing_to_say()
    {
        Assert.Null(Nvml.TryOpen(Library("-DINIT=DRIVER_NOT_LOADED"), out string? reason));
        Assert.Null(reason);
    }

    [Fact]
    public void A_driver_that_cannot_be_asked_says_why()
    {
        Assert.Null(Nvml.TryOpen(Library("-DINIT=LIB_RM_VERSION_MISMATCH"), out string? reason));
        Assert.Equal("Driver/library version mismatch", reason);
    }

    [Fact]
    public void A_discrete_GPU_tells_all()
    {
        Nvml nvml = Nvml.TryOpen(Library(), out _)!;
        Assert.Equal(("580.159.04", new Version(12, 9), 2), (nvml.DriverVersion, nvml.CudaVersion, nvml.Devices.Count));
        NvmlDevice gpu = nvml.Devices[0];
        Assert.Equal(("NVIDIA H100 80GB HBM3", "GPU-1", false), (gpu.Name, gpu.Uuid, gpu.SharesHostMemory));
        Assert.Equal((80L << 30, 5L << 30), (gpu.MemoryTotal, gpu.MemoryUsed));
        Assert.Equal((97, 61, 1485), (gpu.Utilisation, gpu.Temperature, gpu.Clock));
        Assert.Equal((689.447, 700, 5000000000.25), (gpu.Power, gpu.PowerLimit, gpu.Energy));
        Assert.Equal(NvmlClockReasons.PowerCap, gpu.ClockReasons & NvmlClockReasons.Throttled);
        Assert.Equal((true, true, false), (gpu.IsPersistent, gpu.HasEcc, gpu.IsDivided));
        Assert.Equal([new NvmlPart("MIG-1", 1, 0), new NvmlPart("MIG-2", 2, 0)], gpu.Parts);
    }

    [Fact]
    public void A_GPU_without_memory_of_its_own_has_null_for_what_it_does_not_tell()
    {
        NvmlDevice gpu = Nvml.TryOpen(Library(), out _)!.Devices[1];
        Assert.True(gpu.SharesHostMemory);
        Assert.Null(gpu.MemoryTotal);
        Assert.Null(gpu.MemoryUsed);
        Assert.Null(gpu.Power);
        Assert.Null(gpu.HasEcc);
        Assert.Equal(97, gpu.Utilisation);
    }

    [Fact]
    public void Processes_are_all_there_however_many_they_are()
    {
        IReadOnlyList<NvmlProcess> processes = Nvml.TryOpen(Library(), out _)!.Devices[0].Processes!;
        Assert.Equal(40, processes.Count);
        Assert.Equal(new NvmlProcess(1001, (6L << 30) + 1), processes[1]);
        Assert.Equal(new NvmlProcess(1039, null), processes[39]);
    }

    [Fact]
    public void An_old_driver_has_the_old_names_and_fewer_answers()
    {
        NvmlDevice gpu = Nvml.TryOpen(Library("-DOLD"), out _)!.Devices[0];
        Assert.Equal((80L, 3L, false), (gpu.MemoryTotal, gpu.MemoryUsed, gpu.SharesHostMemory));
        Assert.Equal(NvmlClockReasons.Thermal, gpu.ClockReasons);
        Assert.Null(gpu.Energy);
        Assert.Null(gpu.Processes);
    }

    [Fact]
    public void A_library_of_another_kind_is_named()
    {
        Assert.SkipUnless(File.Exists("/lib/x86_64-linux-gnu/libm.so.6"), "another system's libraries");
        Assert.Null(Nvml.TryOpen("/lib/x86_64-linux-gnu/libm.so.6", out string? reason));
        Assert.Equal("/lib/x86_64-linux-gnu/libm.so.6 is no NVML that decant knows", reason);
    }
}
