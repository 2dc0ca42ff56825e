using System.Text;
using Decant.Elf.Tests;

namespace Decant.Doctor.Tests;

public sealed class CudaCheckTests : IDisposable
{
    const string Toolkit = "/usr/local/cuda-13.0/lib64";
    const string Compat = "/usr/local/cuda-13.0/compat";
    const string Rpath = "-Wl,--disable-new-dtags,-rpath,";
    const string Old = "550.54.14";
    const string H100 = "NVIDIA H100 80GB HBM3";

    readonly CudaRoot cuda = new();

    public void Dispose() => cuda.Dispose();

    static byte[] Note(string json)
    {
        byte[] content = Encoding.ASCII.GetBytes(json + "\0");
        return [19, 0, 0, 0, (byte)content.Length, 0, 0, 0, 0, 0, 0, 0, .. "NVIDIA Corporation\0\0"u8, .. content];
    }

    /// <summary>A program that binds libcudart of CUDA 13.0.</summary>
    void Runtime()
    {
        cuda.Library($"{Toolkit}/libcudart.so.13.0.96", "libcudart.so.13");
        cuda.Root.Link($"{Toolkit}/libcudart.so.13", "libcudart.so.13.0.96");
        cuda.Program("/app", [$"{Toolkit}/libcudart.so.13.0.96"], [Rpath + Toolkit]);
    }

    /// <summary>A libcuda that is no stub, as it needs a library.</summary>
    void Driver(string directory, string version, params (string, byte[])[] sections)
    {
        cuda.Library("/lib/libsomething.so", "libsomething.so");
        cuda.Library($"{directory}/libcuda.so.{version}", "libcuda.so.1", ["/lib/libsomething.so"], sections);
        cuda.Root.Link($"{directory}/libcuda.so.1", $"libcuda.so.{version}");
    }

    static (string, byte[]) FatBinary(params byte[][] entries) => (".nv_fatbin", FatBinaryBytes.Container(entries));

    [Fact]
    public void A_driver_that_is_new_enough_and_a_host_without_one_say_nothing()
    {
        Runtime();
        Assert.Empty(cuda.Examine(CudaRoot.Host("580.159.04", H100)));
        Assert.Empty(cuda.Examine(CudaRoot.NoGpus));
    }

    [Fact]
    public void A_driver_s_library_for_which_the_image_s_glibc_is_too_old_is_warned_of_as_the_program_starts()
    {
        Runtime();
        cuda.DriverForNewerGlibc("/lib");
        Finding finding = Assert.Single(cuda.Examine(CudaRoot.Host("580.159.04", H100)));
        Assert.Equal(("cuda-driver-unloadable", FindingSeverity.Warning), (finding.Id, finding.Severity));
        Assert.StartsWith("/app opens /lib/libcuda.so.1, which cannot be loaded there: ", finding.Cause);
        Assert.Contains("version `GLIBC_2.99' not found", finding.Message);
    }

    [Fact]
    public void Without_the_nodes_that_cuda_opens_there_is_no_gpu()
    {
        Runtime();
        DoctorHost host = CudaRoot.Host("580.159.04", H100) with { MigDevices = [new(0, 1, 0, ["/dev/nvidia-caps/nvidia-cap12", "/dev/nvidia-caps/nvidia-cap13"])] };
        IReadOnlyList<Finding> Of(DoctorHost on, params string[] nodes)
        {
            ExaminedCommand plain = cuda.Root.Command([], ["/app"]);
            return Decant.Doctor.Examination.Examine(new ExaminedCommand(plain.Root, plain.Environment, "/", plain.Arguments) { GpuNodes = nodes }, on);
        }

        DoctorHost whole = host with { MigDevices = [] };
        Assert.Empty(Of(whole, "/dev/nvidia0", "/dev/nvidiactl", "/dev/nvidia-uvm"));
        Finding memory = Assert.Single(Of(whole, "/dev/nvidia0", "/dev/nvidiactl"));
        Assert.Equal(("gpu-node-missing", FindingSeverity.Error), (memory.Id, memory.Severity));
        Assert.Equal("/app uses CUDA, and this host has no /dev/nvidia-uvm: the module nvidia_uvm is not loaded, without which CUDA does not start", memory.Cause);
        Assert.Contains("no /dev/nvidiactl: CUDA finds no GPU", Assert.Single(Of(whole, "/dev/nvidia0", "/dev/nvidia-uvm")).Cause);
        Assert.Contains("/dev/nvidia0 is divided (MIG), and the run has none of its 1 parts", Assert.Single(Of(host, "/dev/nvidia0", "/dev/nvidiactl", "/dev/nvidia-uvm")).Cause);
        Assert.Empty(Of(host, "/dev/nvidia0", "/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-caps/nvidia-cap12", "/dev/nvidia-caps/nvidia-cap13"));
    }

    [Fact]
    public void A_driver_below_the_floor_is_told()
    {
        Runtime();
        Finding finding = Assert.Single(cuda.Examine(CudaRoot.Host(Old, H100)));
        Assert.Equal(("cuda-driver-too-old", FindingSeverity.Error), (finding.Id, finding.Severity));
        Assert.Equal("/app is for CUDA 13.0, which needs a driver from 580.65.06 on, and the host has 550.54.14", finding.Cause);
        Assert.Equal("CUDA driver version is insufficient for CUDA runtime version", finding.Message);
        Assert.Contains("580.65.06", finding.Fix);
    }

    [Fact]
    public void The_compat_package_of_the_image_makes_up_for_it_where_its_note_allows_it()
    {
        Runtime();
        Driver(Compat, "580.95.05", (".note.cuda.fwd_compatibility", Note("""{"CUDA version":"13.0","driver":[535,550],"device":[1,2,14]}""")));
        Prescription prescription = cuda.Diagnose(CudaRoot.Host(Old, H100)).Prescription!;
        Assert.Equal(("LD_LIBRARY_PATH", Compat), (prescription.Changes.Single().Name, prescription.Changes.Single().Value));

        Diagnosis geforce = cuda.Diagnose(CudaRoot.Host(Old, "NVIDIA GeForce RTX 4090"));
        Assert.Null(geforce.Prescription);
        Assert.Contains(geforce.Findings.Single().Evidence, line => line.EndsWith("does not help: it is not made for a NVIDIA GeForce RTX 4090", StringComparison.Ordinal));
    }

    [Fact]
    public void A_compat_package_in_use_that_the_kernel_is_too_new_for_is_taken_out()
    {
        Runtime();
        Driver(Compat, "580.95.05");
        Diagnosis diagnosis = cuda.Diagnose(CudaRoot.Host("580.159.04", H100), ("LD_LIBRARY_PATH", Compat));
        Assert.Equal(("cuda-driver-mismatch", "system has unsupported display driver / cuda driver combination"), (diagnosis.Findings[0].Id, diagnosis.Findings[0].Message));
        Assert.Null(diagnosis.Prescription!.Changes.Single().Value);
        Assert.Equal("forward compatibility was attempted on non supported HW", cuda.Examine(CudaRoot.Host(Old, "NVIDIA GeForce RTX 4090"), ("LD_LIBRARY_PATH", Compat))[0].Message);
    }

    [Fact]
    public void The_libcuda_of_the_kernels_own_driver_is_in_order()
    {
        Runtime();
        Driver("/usr/local/nvidia/lib64", "580.159.04");
        Assert.Empty(cuda.Examine(CudaRoot.Host("580.159.04", H100), ("LD_LIBRARY_PATH", "/usr/local/nvidia/lib64")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PTX_of_a_newer_compiler_than_the_driver_is_told(bool isPtx)
    {
        Runtime();
        cuda.Library("/lib/libkernels.so", "libkernels.so", [], FatBinary(FatBinaryBytes.Entry(isPtx, 90)));
        cuda.Program("/app", [$"{Toolkit}/libcudart.so.13.0.96", "/lib/libkernels.so"], [$"{Rpath}{Toolkit}:/lib"]);
        cuda.Root.Link($"{Toolkit}/libcudart.so.13.1.0", "libcudart.so.13.0.96").Link("/new/libcudart.so.13.1.0", "x");
        // 13.1 on the branch 580: within the major release, machine code runs.
        cuda.Library("/new/libcudart.so.13.1.80", "libcudart.so.13");
        cuda.Root.Link("/new/libcudart.so.13", "libcudart.so.13.1.80");
        IReadOnlyList<Finding> findings = cuda.Examine(CudaRoot.Host("580.159.04", H100), ("LD_PRELOAD", "/new/libcudart.so.13"));
        Assert.Equal(isPtx ? ["cuda-driver-too-old"] : [], findings.Select(finding => finding.Id));
        Assert.All(findings, finding => Assert.Equal((FindingSeverity.Warning, true), (finding.Severity, finding.Message!.Contains("unsupported toolchain"))));
    }

    [Fact]
    public void A_stub_in_place_of_the_driver_is_told_and_taken_out()
    {
        Runtime();
        cuda.Library($"{Toolkit}/stubs/libcuda.so", "libcuda.so.1");
        cuda.Root.Link($"{Toolkit}/stubs/libcuda.so.1", "libcuda.so");
        Diagnosis diagnosis = cuda.Diagnose(CudaRoot.Host("580.159.04", H100), ("LD_LIBRARY_PATH", $"/other:{Toolkit}/stubs"));
        Assert.Equal("cuda-driver-stub", diagnosis.Findings.Single().Id);
        Assert.Equal(FindingSeverity.Warning, cuda.Examine(CudaRoot.NoGpus, ("LD_LIBRARY_PATH", $"{Toolkit}/stubs")).Single().Severity);
        Assert.Equal("/other", diagnosis.Prescription!.Changes.Single().Value);
    }

    [Fact]
    public void An_empty_libcuda_that_a_build_left_is_told_for_what_it_is()
    {
        Runtime();
        cuda.Root.File("/opt/driver/libcuda.so.1", "");
        Diagnosis diagnosis = cuda.Diagnose(CudaRoot.Host("580.159.04", H100), ("LD_LIBRARY_PATH", "/opt/driver"));
        Assert.Equal("cuda-driver-placeholder", diagnosis.Findings.Single().Id);
        Assert.Contains("left by the build of the image", diagnosis.Findings.Single().Cause);
        Assert.Single(diagnosis.Prescription!.Changes);
    }

    [Fact]
    public void A_program_that_needs_an_empty_libcuda_at_its_start_is_told_in_the_loaders_words()
    {
        Driver("/real", "580.95.05");
        cuda.Program("/app", ["/real/libcuda.so.580.95.05"], [Rpath + "/opt/driver"]);
        cuda.Root.File("/opt/driver/libcuda.so.1", "");
        Finding finding = cuda.Examine(CudaRoot.NoGpus).Single();
        Assert.Equal(("cuda-driver-placeholder", "/app: error while loading shared libraries: /opt/driver/libcuda.so.1: file too short"), (finding.Id, finding.Message));
    }

    [Fact]
    public void Empty_driver_libraries_of_a_root_are_told_whatever_is_run()
    {
        cuda.Root.File("/usr/lib/libnvidia-ml.so.550.54.14", "").File("/usr/lib/libcuda.so.550.54.14", "").File("/usr/lib/libother.so.1", "");
        Finding finding = Assert.Single(RootExamination.Of(cuda.Root.Command("x"), CudaRoot.NoGpus).Findings, finding => finding.Id == "cuda-driver-placeholder");
        Assert.Equal(2, finding.Evidence.Count);
    }

    [Fact]
    public void A_library_without_code_for_the_GPU_is_told()
    {
        cuda.Library("/lib/libold.so", "libold.so", [], FatBinary(FatBinaryBytes.Entry(false, 70), FatBinaryBytes.Entry(false, 100, FatBinaryBytes.Family), FatBinaryBytes.Entry(true, 100)));
        cuda.Program("/app", ["/lib/libold.so"], [Rpath + "/lib"]);
        Finding finding = Assert.Single(cuda.Examine(CudaRoot.Host("580.159.04", H100)));
        Assert.Equal(("cuda-no-code-for-gpu", FindingSeverity.Error), (finding.Id, finding.Severity));
        Assert.Contains("/lib/libold.so has sm_70, sm_100f, compute_100", finding.Evidence);
        Assert.Empty(cuda.Examine(CudaRoot.Host("580.159.04", "Tesla V100-SXM2-16GB")));
        Assert.Empty(cuda.Examine(CudaRoot.Host("580.159.04", "NVIDIA of the future")));
        Assert.Empty(cuda.Examine(CudaRoot.Host("580.159.04", H100, "NVIDIA B200")));
        Assert.Empty(cuda.Examine(CudaRoot.NoGpus));
        Assert.Contains(RootExamination.Of(cuda.Root.Command("x"), CudaRoot.Host("580.159.04", H100)).Findings, one => one is { Id: "cuda-no-code-for-gpu", Severity: FindingSeverity.Warning });
    }

    [Fact]
    public void Where_other_code_of_the_process_runs_and_where_there_is_no_kernel_at_all_it_is_no_error()
    {
        cuda.Library("/lib/libold.so", "libold.so", [], FatBinary(FatBinaryBytes.Entry(false, 70)));
        cuda.Library("/lib/libnew.so", "libnew.so", [], FatBinary(FatBinaryBytes.Entry(false, 90)));
        cuda.Library("/lib/libnone.so", "libnone.so", [], FatBinary(FatBinaryBytes.Entry(false, 75, bytes: 1464)));
        cuda.Program("/app", ["/lib/libold.so", "/lib/libnew.so", "/lib/libnone.so"], [Rpath + "/lib"]);
        Finding finding = Assert.Single(cuda.Examine(CudaRoot.Host("580.159.04", H100)));
        Assert.Equal((FindingSeverity.Warning, true), (finding.Severity, finding.Cause.StartsWith("/lib/libold.so", StringComparison.Ordinal)));
    }

    [Fact]
    public void Libraries_of_two_CUDAs_in_one_process_are_told()
    {
        cuda.Library("/site-packages/nvidia/cudnn/lib/libcudnn.so.9", "libcudnn.so.9");
        cuda.Library("/lib/libnccl.so.2", "libnccl.so.2", [], (".rodata", Encoding.ASCII.GetBytes("\0NCCL version 2.28.3 compiled with\0NCCL version 2.28.3+cuda12.9\0")));
        cuda.Library("/lib/libcudart.so.12", "libcudart.so.12");
        cuda.Root.File("/site-packages/nvidia_cudnn_cu13-9.19.0.56.dist-info/METADATA", "");
        string[] needs = ["/lib/libcudart.so.12", "/lib/libnccl.so.2", "/site-packages/nvidia/cudnn/lib/libcudnn.so.9"];
        cuda.Program("/app", needs, [Rpath + "/lib:/site-packages/nvidia/cudnn/lib"]);
        Finding finding = Assert.Single(cuda.Examine(CudaRoot.NoGpus));
        Assert.Equal("/app gets /lib/libcudart.so.12 of CUDA 12 and /site-packages/nvidia/cudnn/lib/libcudnn.so.9 of CUDA 13 into one process", finding.Cause);
        Assert.Equal(("cuda-libraries-mixed", FindingSeverity.Warning, 3), (finding.Id, finding.Severity, finding.Evidence.Count));
        Assert.Equal("install the build of cuDNN for CUDA 12", finding.Fix);
        cuda.Program("/app", needs[..2], [Rpath + "/lib"]);
        Assert.Empty(cuda.Examine(CudaRoot.NoGpus));
    }

    [Fact]
    public void Packages_for_two_CUDAs_that_were_installed_over_each_other_are_told()
    {
        cuda.Library("/site-packages/nvidia/nccl/lib/libnccl.so.2", "libnccl.so.2");
        cuda.Root.File("/site-packages/nvidia_nccl_cu12-2.27.5.dist-info/METADATA", "").File("/site-packages/nvidia_nccl_cu13-2.28.9.dist-info/METADATA", "");
        cuda.Root.File("/site-packages/tensorrt_cu13-10.13.dist-info/METADATA", "").File("/site-packages/tensorrt_cu13_libs-10.13.dist-info/METADATA", "");
        cuda.Library("/site-packages/tensorrt_libs/libnvinfer.so.10", "libnvinfer.so.10");
        cuda.Program("/app", ["/site-packages/nvidia/nccl/lib/libnccl.so.2", "/site-packages/tensorrt_libs/libnvinfer.so.10"], [Rpath + "/site-packages/nvidia/nccl/lib:/site-packages/tensorrt_libs"]);
        Assert.Contains("nvidia_nccl_cu12-2.27.5.dist-info, nvidia_nccl_cu13-2.28.9.dist-info", Assert.Single(cuda.Examine(CudaRoot.NoGpus)).Cause);
    }

    [Fact]
    public void Parts_of_another_cuDNN_are_told_and_its_own_are_in_order()
    {
        foreach (string directory in (string[])["/wheel", "/system"])
        {
            cuda.Library($"{directory}/libcudnn_ops.so.9", "libcudnn_ops.so.9", [], (".rodata", Encoding.ASCII.GetBytes(directory)));
            cuda.Library($"{directory}/libcudnn.so.9", "libcudnn.so.9", [], (".rodata", Encoding.ASCII.GetBytes(directory)));
        }

        cuda.Program("/app", ["/wheel/libcudnn.so.9"], [Rpath + "/wheel"]);
        Assert.Empty(cuda.Examine(CudaRoot.NoGpus));
        cuda.Program("/app", ["/wheel/libcudnn.so.9"], ["-Wl,--enable-new-dtags,-rpath,/wheel"]);
        // The library itself is preloaded, so that only what it opens comes from elsewhere.
        Finding finding = Assert.Single(cuda.Examine(CudaRoot.NoGpus, ("LD_LIBRARY_PATH", "/system"), ("LD_PRELOAD", "/wheel/libcudnn.so.9")));
        Assert.Equal("/wheel/libcudnn.so.9 opens /system/libcudnn_ops.so.9, which is of another cuDNN than itself", finding.Cause);
        Assert.Equal("LD_LIBRARY_PATH", Assert.Single(finding.Candidates).Name);
    }

    [Fact]
    public void What_the_program_opens_counts_and_the_first_of_a_soname_serves_all()
    {
        Runtime();
        cuda.Library("/other/libcudart.so.13", "libcudart.so.13", [], (".rodata", [1]));
        cuda.Library("/old/libcudart.so.12", "libcudart.so.12");
        cuda.Library("/ext/same.so", "same.so", ["/other/libcudart.so.13"]).Library("/ext/older.so", "older.so", ["/old/libcudart.so.12"]);
        ExaminedCommand command = cuda.Root.Command([("LD_LIBRARY_PATH", "/other:/old")], ["/app"]);
        LoadedCommand loaded = HostPython.Load(command);
        IReadOnlyList<Finding> Examine(params string[] extensions) => CudaCheck.Examine(loaded, [.. extensions.Select(extension => command.Programs.Open("/app", extension))], CudaRoot.NoGpus);
        Assert.Empty(Examine("/ext/same.so"));
        Assert.Equal("/app gets " + Toolkit + "/libcudart.so.13 of CUDA 13 and /old/libcudart.so.12 of CUDA 12 into one process", Examine("/ext/same.so", "/ext/older.so").Single().Cause);
    }

    [Fact]
    public void A_compiler_of_another_CUDA_than_the_program_binds_is_told()
    {
        Runtime();
        cuda.Root.File("/usr/local/cuda-12.4/bin/nvcc", "release 12.4", executable: true).File("/usr/local/cuda-13.0/bin/nvcc", "release 13.0", executable: true).Link("/usr/local/cuda", "cuda-12.4");
        Finding finding = Assert.Single(cuda.Examine(CudaRoot.NoGpus, ("PATH", "/usr/local/cuda/bin:/usr/bin")));
        Assert.Equal("/app binds CUDA 13, and PATH gives the compiler of CUDA 12.4: what it compiles while it runs does not fit", finding.Cause);
        Assert.Equal("/usr/local/cuda-13.0/bin:/usr/local/cuda/bin:/usr/bin", Assert.Single(finding.Candidates).Value);
        Assert.Equal(("CUDA_HOME", "/usr/local/cuda-13.0"), Assert.Single(cuda.Examine(CudaRoot.NoGpus, ("CUDA_HOME", "/usr/local/cuda"))).Candidates.Select(change => (change.Name, change.Value)).Single());
        Assert.Empty(cuda.Examine(CudaRoot.NoGpus, ("CUDA_HOME", "/usr/local/cuda-13.0"), ("PATH", "/usr/local/cuda-13.0/bin")));
    }

    [Fact]
    public void A_link_and_a_variable_that_lead_to_no_toolkit_are_told_with_those_that_are_there()
    {
        Runtime();
        cuda.Root.File("/usr/local/cuda-13.0/bin/nvcc", "release 13.0", executable: true).File("/wheel/bin/ptxas", "release 14.0", executable: true);
        cuda.Root.Link("/usr/local/cuda", "/etc/alternatives/cuda").Link("/etc/alternatives/cuda", "/usr/local/cuda-12.9");
        Finding finding = Assert.Single(cuda.Examine(CudaRoot.NoGpus, ("CUDA_HOME", "/usr/local/cuda")));
        Assert.Equal(("cuda-toolkit-missing", FindingSeverity.Warning, "/usr/local/cuda is a link that leads nowhere"), (finding.Id, finding.Severity, finding.Cause));
        Assert.Equal("CUDA_HOME=/usr/local/cuda-13.0", finding.Fix);
        Assert.Equal("/opt/gone is not there, and CUDA_PATH names it", cuda.Examine(CudaRoot.NoGpus, ("CUDA_PATH", "/opt/gone"))[^1].Cause);
        Assert.Contains(RootExamination.Of(cuda.Root.Command("x"), CudaRoot.NoGpus).Findings, one => one.Id == "cuda-toolkit-missing");
    }

    [Fact]
    public void Programs_that_have_nothing_to_do_with_CUDA_are_left_alone()
    {
        cuda.Library("/lib/libplain.so", "libplain.so");
        cuda.Program("/app", ["/lib/libplain.so"], [Rpath + "/lib"]);
        cuda.Root.Link("/usr/local/cuda", "/nowhere").File("/usr/lib/libcuda.so.550.54.14", "");
        Assert.Empty(cuda.Examine(CudaRoot.Host(Old, H100), ("NVIDIA_REQUIRE_CUDA", "cuda>=13.0"), ("CUDA_HOME", "/gone")));
    }
}
