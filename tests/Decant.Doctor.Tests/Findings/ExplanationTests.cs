namespace Decant.Doctor.Tests;

public sealed class ExplanationTests : IDisposable
{
    readonly ScratchRoot root = new();

    public void Dispose() => root.Dispose();

    Finding Explain(string text) => Assert.Single(Explanation.Of(root.Command("true"), ScratchRoot.Host, text));

    [Theory]
    [InlineData("mpirun: error while loading shared libraries: libucs.so.0: cannot open shared object file: No such file or directory", KnownMessageKind.Library, "libucs.so.0", "")]
    [InlineData("ImportError: libmpi.so.40: cannot open shared object file", KnownMessageKind.Library, "libmpi.so.40", "")]
    [InlineData("Error loading shared library libz.so.1: No such file or directory (needed by /bin/x)", KnownMessageKind.Library, "libz.so.1", "/bin/x")]
    [InlineData("symbol lookup error: /opt/lib/libucc.so.1: undefined symbol: ucp_worker_progress", KnownMessageKind.Symbol, "ucp_worker_progress", "/opt/lib/libucc.so.1")]
    [InlineData("MPI Error: undefined symbol: ucs_config_doc_nop", KnownMessageKind.Symbol, "ucs_config_doc_nop", "")]
    [InlineData("x: undefined symbol: f, version V_1.2", KnownMessageKind.Symbol, "f", "")]
    [InlineData("Error relocating /lib/x.so: some_symbol: symbol not found", KnownMessageKind.Symbol, "some_symbol", "/lib/x.so")]
    [InlineData("app: /lib/libc.so.6: version `GLIBC_2.38' not found (required by app)", KnownMessageKind.SymbolVersion, "GLIBC_2.38", "app")]
    [InlineData("ModuleNotFoundError: No module named 'tensorrt_llm.runtime'", KnownMessageKind.Module, "tensorrt_llm.runtime", "")]
    [InlineData("bash: line 1: nvcc: command not found", KnownMessageKind.Program, "nvcc", "")]
    [InlineData("env: ‘python’: No such file or directory", KnownMessageKind.Program, "python", "")]
    [InlineData("RuntimeError: Triton only support CUDA 10.0 or higher, but got CUDA version: 13.0", KnownMessageKind.Triton, "", "")]
    [InlineData("CUDA Error: no CUDA-capable device is detected", KnownMessageKind.Driver, "", "")]
    [InlineData("RuntimeError: Found no NVIDIA driver on your system.", KnownMessageKind.Driver, "", "")]
    [InlineData("CUDA error 35: CUDA driver version is insufficient for CUDA runtime version", KnownMessageKind.DriverTooOld, "", "")]
    [InlineData("RuntimeError: CUDA error: no kernel image is available for execution on the device", KnownMessageKind.NoKernelImage, "", "")]
    [InlineData("RuntimeError: CUDA error: the provided PTX was compiled with an unsupported toolchain.", KnownMessageKind.PtxTooNew, "", "")]
    [InlineData("Error 803: system has unsupported display driver / cuda driver combination", KnownMessageKind.DriverMismatch, "", "")]
    [InlineData("Error 804: forward compatibility was attempted on non supported HW", KnownMessageKind.CompatUnsupported, "", "")]
    [InlineData("CUDA driver is a stub library", KnownMessageKind.DriverStub, "", "")]
    [InlineData("Sorry!  You were supposed to get help about:", KnownMessageKind.OpenMpi, "", "")]
    [InlineData("It looks like opal_init failed for some reason; your parallel process is", KnownMessageKind.OpenMpi, "", "")]
    [InlineData("It looks like orte_init failed for some reason; your parallel process is", KnownMessageKind.OpenMpi, "", "")]
    [InlineData("mpirun: Error: unknown option \"-np\"", KnownMessageKind.OpenMpi, "", "")]
    [InlineData("  orte_ess_init failed", KnownMessageKind.OpenMpi, "", "")]
    [InlineData("  ompi_mpi_init: ompi_rte_init failed", KnownMessageKind.OpenMpi, "", "")]
    [InlineData("[n:1] mca_base_component_repository_open: unable to open mca_btl_openib: libibverbs.so.1: cannot open shared object file: No such file or directory (ignored)", KnownMessageKind.MpiPlugin, "mca_btl_openib", "libibverbs.so.1: cannot open shared object file: No such file or directory")]
    [InlineData("[n:1] pmix_mca_base_component_repository_open: unable to open pmix_mca_gds_shmem2: x: undefined symbol: y (ignored)", KnownMessageKind.MpiPlugin, "pmix_mca_gds_shmem2", "x: undefined symbol: y")]
    [InlineData("[n:1] mca: base: component_find: unable to open /usr/lib/openmpi/mca_mtl_psm: file not found (ignored)", KnownMessageKind.MpiPlugin, "mca_mtl_psm", "file not found")]
    [InlineData("ext.c:1:10: fatal error: Python.h: No such file or directory", KnownMessageKind.Header, "Python.h", "")]
    [InlineData("ext.c:1:10: fatal error: 'mpi.h' file not found", KnownMessageKind.Header, "mpi.h", "")]
    [InlineData("bash: ./app: cannot execute binary file: Exec format error", KnownMessageKind.Format, "", "")]
    [InlineData("mpirun has detected an attempt to run as root.", KnownMessageKind.MpiRoot, "", "")]
    [InlineData("prterun has detected an attempt to run as root.", KnownMessageKind.MpiRoot, "", "")]
    [InlineData("mpirun cannot provide the help message when run as root.", KnownMessageKind.MpiRoot, "", "")]
    [InlineData("No components were able to be opened in the pml framework.", KnownMessageKind.MpiComponent, "pml", "")]
    [InlineData("A requested component was not found, or was unable to be opened.  This", KnownMessageKind.MpiComponent, "", "")]
    [InlineData("ImportError: cannot import name 'soft_unicode' from 'markupsafe' (/usr/lib/python3/dist-packages/markupsafe/__init__.py)", KnownMessageKind.ImportedName, "soft_unicode", "markupsafe")]
    [InlineData("ImportError: cannot import name 'a' from partially initialized module 'm' (most likely due to a circular import) (/x/m.py)", KnownMessageKind.CircularImport, "a", "m")]
    [InlineData("  what():  locale::facet::_S_create_c_locale name not valid", KnownMessageKind.Locale, "", "")]
    [InlineData("bash: warning: setlocale: LC_ALL: cannot change locale (de_DE.UTF-8)", KnownMessageKind.Locale, "", "")]
    [InlineData("perl: warning: Setting locale failed.", KnownMessageKind.Locale, "", "")]
    [InlineData("locale.Error: unsupported locale setting", KnownMessageKind.Locale, "", "")]
    [InlineData("curl: (77) error setting certificate file: /etc/ssl/certs/ca-certificates.crt", KnownMessageKind.Certificates, "", "")]
    [InlineData("curl: (60) SSL certificate problem: unable to get local issuer certificate", KnownMessageKind.Certificates, "", "")]
    [InlineData("ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", KnownMessageKind.Certificates, "", "")]
    [InlineData("Illegal instruction (core dumped)", KnownMessageKind.Instruction, "", "")]
    [InlineData("bash: ./x: /usr/bin/python9: bad interpreter: No such file or directory", KnownMessageKind.Program, "/usr/bin/python9", "")]
    internal void Messages_are_known_by_their_words(string line, KnownMessageKind kind, string subject, string by)
    {
        KnownMessage message = KnownMessage.Parse("  " + line + "\r")!;
        Assert.Equal((kind, subject, by), (message.Kind, message.Subject, message.By));
    }

    [Theory]
    [InlineData("")]
    [InlineData("all is well")]
    [InlineData("undefined symbol")]
    [InlineData("unable to open mca_")]
    [InlineData("unable to open the file: it is closed")]
    [InlineData(": cannot open shared object file")]
    public void Other_lines_say_nothing(string line) => Assert.Null(KnownMessage.Parse(line));

    [Fact]
    public void Random_lines_made_of_the_words_never_fail()
    {
        string[] words = ["undefined symbol: ", ": cannot open shared object file", "version `", "' not found", "(required by ", ")", "No module named '", "'", "Error relocating ", ": symbol not found", " ", "x", ":", "Error loading shared library ", "unable to open ", "mca_", "(ignored)", "fatal error: "];
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
            _ = KnownMessage.Parse(string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => words[random.Next(words.Length)])));
    }

    [Fact]
    public void A_module_that_another_interpreter_has_is_found()
    {
        root.File("/opt/x/lib/python3.12/site-packages/tensorrt_llm/__init__.py", "");
        Assert.Contains("/opt/x/lib/python3.12/site-packages", Explain("ModuleNotFoundError: No module named 'tensorrt_llm'").Cause);
        Assert.Contains("in no Python directory", Explain("ModuleNotFoundError: No module named 'other'").Cause);
    }

    /// <summary>One for this machine.</summary>
    static string HostLibrary => Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libSystem.Native.so");

    [Fact]
    public void A_damaged_copy_is_no_place_and_a_package_without_the_module_is_another_release()
    {
        root.File("/opt/ucx/lib/libucs.so.0", "");
        Assert.Equal("libucs.so.0 is in the image only for another machine, or damaged", Explain("x: error while loading shared libraries: libucs.so.0: cannot open shared object file").Cause);
        root.File("/usr/lib/python3/dist-packages/numpy/__init__.py", "").File("/usr/lib/python3/dist-packages/numpy-1.24.2.egg-info/PKG-INFO", "");
        Finding finding = Explain("ModuleNotFoundError: No module named 'numpy._core'");
        Assert.Equal("numpy 1.24.2 has no module numpy._core", finding.Cause);
        Assert.DoesNotContain("pip", finding.Fix);
    }

    [Fact]
    public void A_library_is_found_wherever_it_lies()
    {
        root.Copy("/opt/ucx/lib/libucs.so.0", HostLibrary).File("/aaa/libucs.so.0", "").File("/lib/libz.so.2", "");
        Assert.Equal("libucs.so.0 is in /opt/ucx/lib, where the loader did not look", Explain("x: error while loading shared libraries: libucs.so.0: cannot open shared object file").Cause);
        Assert.Equal(["the image has /lib/libz.so.2"], Explain("x: error while loading shared libraries: libz.so.1: cannot open shared object file").Evidence);
    }

    [Fact]
    public void A_library_that_the_loader_finds_is_not_told_to_be_missing()
    {
        string loader = "/lib64/ld-linux-x86-64.so.2", libc = "/lib/x86_64-linux-gnu/libc.so.6";
        Assert.SkipUnless(File.Exists(loader) && File.Exists(libc), "this machine has another loader");
        root.Copy(loader, loader).Copy(libc, libc).Copy("/usr/bin/true", "/usr/bin/true").Copy("/usr/lib/libucs.so.0", HostLibrary).Copy("/opt/lib/libucp.so.0", HostLibrary);
        Assert.StartsWith("the loader finds libucs.so.0 in this image, as /usr/lib/libucs.so.0", Explain("x: error while loading shared libraries: libucs.so.0: cannot open shared object file").Cause);
        Assert.Equal("libucp.so.0 is in /opt/lib, where the loader did not look", Explain("x: error while loading shared libraries: libucp.so.0: cannot open shared object file").Cause);
    }

    [Fact]
    public void Errors_of_the_system_are_answered_from_the_image()
    {
        Assert.Contains("has no certificates", Explain("curl: (60) SSL certificate problem: unable to get local issuer certificate").Cause);
        root.File("/etc/ssl/certs/ca-certificates.crt", "");
        Assert.Equal(["the image has /etc/ssl/certs/ca-certificates.crt"], Explain("[SSL: CERTIFICATE_VERIFY_FAILED]").Evidence);
        Finding locale = Assert.Single(Explanation.Of(root.Command([("LANG", "de_DE.UTF-8")], ["true"]), ScratchRoot.Host, "perl: warning: Setting locale failed."));
        Assert.Equal(["LANG is de_DE.UTF-8, which the image does not have"], locale.Evidence);
        Assert.DoesNotContain("C.UTF-8", locale.Fix);
        root.File("/usr/lib/locale/C.utf8/LC_CTYPE", "").File("/usr/lib/openmpi/mca_pml_ob1.so", "").File("/usr/lib/python3/dist-packages/markupsafe/__init__.py", "").File("/usr/lib/python3/dist-packages/markupsafe-2.1.2.dist-info/METADATA", "Name: MarkupSafe\nVersion: 2.1.2\n");
        Assert.Contains("C.UTF-8", Explain("perl: warning: Setting locale failed.").Fix);
        Finding component = Assert.Single(Explanation.Of(root.Command([("OMPI_MCA_pml", "ucx")], ["true"]), ScratchRoot.Host, "No components were able to be opened in the pml framework."));
        Assert.Equal(["the environment has OMPI_MCA_pml=ucx", "the image has /usr/lib/openmpi/mca_pml_ob1.so"], component.Evidence);
        Assert.Contains("has no soft_unicode", Explain("ImportError: cannot import name 'soft_unicode' from 'markupsafe' (x)").Cause);
        Assert.Contains("import each other", Explain("cannot import name 'a' from partially initialized module 'm' (most likely due to a circular import)").Cause);
        Assert.Equal("illegal-instruction", Explain("Illegal instruction").Id);
    }

    [Fact]
    public void A_plugin_that_is_passed_over_is_told_with_what_it_lacks()
    {
        root.Copy("/usr/lib/openmpi/mca_btl_openib.so", HostLibrary).Copy("/opt/rdma/libibverbs.so.1", HostLibrary);
        Finding finding = Explain("[n:1] mca_base_component_repository_open: unable to open mca_btl_openib: libibverbs.so.1: cannot open shared object file: No such file or directory (ignored)");
        Assert.Equal(("plugin-unloadable", FindingSeverity.Warning), (finding.Id, finding.Severity));
        Assert.Equal("Open MPI passes over its plugin mca_btl_openib, which it cannot open: libibverbs.so.1 is in /opt/rdma, where the loader did not look", finding.Cause);
        Assert.Contains("the image has /usr/lib/openmpi/mca_btl_openib.so", finding.Evidence);
        string nested = string.Concat(Enumerable.Repeat("unable to open mca_x: ", 50_000));
        Assert.Equal("plugin-unloadable", Explain(nested).Id);
    }

    [Fact]
    public void Parts_of_Open_MPI_that_do_not_come_up_are_answered_with_what_the_environment_says()
    {
        Finding finding = Assert.Single(Explanation.Of(root.Command([("OPAL_PREFIX", "/opt/openmpi")], ["true"]), ScratchRoot.Host, "It looks like orte_init failed for some reason; your parallel process is\n  orte_ess_init failed\n"));
        Assert.Equal("mpi-prefix-wrong", finding.Id);
        Assert.Equal(["the environment has OPAL_PREFIX=/opt/openmpi"], finding.Evidence);
    }

    [Fact]
    public void The_same_message_is_answered_once()
    {
        Assert.Single(Explanation.Of(root.Command("true"), ScratchRoot.Host, "a: command not found\nnothing\na: command not found\n"));
        Assert.Empty(Explanation.Of(root.Command("true"), ScratchRoot.Host, "nothing\n"));
    }

    [Theory]
    [InlineData("no CUDA-capable device is detected", "gpu-driver-missing")]
    [InlineData("CUDA driver version is insufficient for CUDA runtime version", "cuda-driver-too-old")]
    [InlineData("no kernel image is available for execution on the device", "cuda-no-code-for-gpu")]
    [InlineData("the provided PTX was compiled with an unsupported toolchain", "cuda-driver-too-old")]
    [InlineData("system has unsupported display driver / cuda driver combination", "cuda-driver-mismatch")]
    [InlineData("forward compatibility was attempted on non supported HW", "cuda-driver-mismatch")]
    [InlineData("CUDA driver is a stub library", "cuda-driver-stub")]
    public void Errors_of_CUDA_are_answered_from_the_image_and_the_host(string message, string id)
    {
        root.File("/usr/local/cuda-13.0/version.json", """{"cuda": {"version": "13.0.2"}}""").File("/usr/local/cuda-13.0/bin/nvcc", "", executable: true).File("/opt/stubs/libcuda.so.1", "");
        Finding finding = Assert.Single(Explanation.Of(root.Command("true"), CudaRoot.Host("550.54.14", "NVIDIA H100 PCIe"), message));
        Assert.Equal((id, message), (finding.Id, finding.Message));
        Assert.NotNull(finding.Fix);
        Assert.Contains(finding.Evidence, line => line.Contains("550.54.14") || line == "libcuda.so.1 is in /opt/stubs");
    }
}
