using Decant.Linux;

namespace Decant.Doctor;

/// <summary>
/// A library or program that opens files which nothing names as needed: plugins, and data without which it does not work. Told by the
/// names under which distributions and vendors ship it; where it looks is read from the root.
/// </summary>
/// <param name="Name">What people call it.</param>
/// <param name="Openers">File names that begin so: of the library that opens, or of the program.</param>
/// <param name="Places">Where it looks; those that are not there are passed over.</param>
sealed record PluginFamily(string Name, string[] Openers, PluginPlace[] Places)
{
    const string Modules = "*.so*";

    /// <summary>The drivers of gcc, which start the compilers themselves.</summary>
    static readonly string[] compilers = ["gcc", "g++", "cc", "c++", "x86_64-linux-gnu-gcc", "x86_64-linux-gnu-g++", "aarch64-linux-gnu-gcc", "aarch64-linux-gnu-g++"];

    /// <summary>Programs that are started by name.</summary>
    public string[] Programs { get; init; } = [];

    /// <summary>A function that some object of the process must bind, else nothing is opened; null where it does not matter.</summary>
    public string? IfImported { get; init; }

    public static IReadOnlyList<PluginFamily> All { get; } =
    [
        // opal/mca/installdirs; the names of pkglibdir are those of Debian, and of everyone else. orterun looks for ssh though all ranks are to be here.
        new("Open MPI", ["libopen-pal.so"],
        [
            PluginPlace.Beside("openmpi", "mca_*.so"), PluginPlace.Named("openmpi", "mca_*.so"), PluginPlace.Named("openmpi3", "mca_*.so"), PluginPlace.Named("openmpi40", "mca_*.so"),
            PluginPlace.Named("share/openmpi", null), PluginPlace.Beside("../share/openmpi", null), PluginPlace.Named("etc/openmpi", null), PluginPlace.Beside("../etc", "openmpi-*.conf"),
        ]) { Programs = ["orted", "prterun", "prte", "prted", "ssh"] },
        new("PRRTE", ["libprrte.so"], [PluginPlace.Beside("prte", "*.so"), PluginPlace.Named("prte", null), PluginPlace.Beside("../share/prte", null)]) { Programs = ["prterun", "prte", "prted"] },
        new("PMIx", ["libpmix.so"],
            [PluginPlace.Beside("pmix", "*.so"), PluginPlace.Named("pmix", "*.so"), PluginPlace.Named("share/pmix", null), PluginPlace.Beside("../share/pmix", null), PluginPlace.Named("etc", "pmix-*.conf")]),
        new("MPICH", ["mpiexec.hydra", "mpiexec.mpich"], []) { Programs = ["hydra_pmi_proxy", "hydra_nameserver"] },
        // ucs/sys/module.c: ucx/ beside libucs first, then the directory of the build.
        new("UCX", ["libucs.so"],
        [
            PluginPlace.Beside("ucx", "libuct_*.so*"), PluginPlace.Beside("ucx", "libucm_*.so*"), PluginPlace.Beside("ucx", "libucs_*.so*"),
            PluginPlace.Named("ucx", "libuct_*.so*"), PluginPlace.Named("ucx", "libucm_*.so*"), PluginPlace.Named("ucx", "libucs_*.so*"), PluginPlace.Fixed("/etc/ucx", null)]),
        new("UCC", ["libucc.so"], [PluginPlace.Beside("ucc", "libucc_*.so*"), PluginPlace.Named("ucc", "libucc_*.so*"), PluginPlace.Beside("../share", "ucc.conf")]),
        new("hcoll", ["libhcoll.so"], [PluginPlace.Beside("hcoll", "hmca_*.so*")]),
        new("libfabric", ["libfabric.so"], [PluginPlace.Beside("libfabric", "*.so"), PluginPlace.Named("libfabric", "*.so")]),
        // The name of a driver ends in the version of its interface; only such are opened.
        new("libibverbs", ["libibverbs.so"], [PluginPlace.Beside("libibverbs", "*-rdmav*.so"), PluginPlace.Named("libibverbs", "*-rdmav*.so"), PluginPlace.Fixed("/etc/libibverbs.d", "*.driver")]),
        new("hwloc", ["libhwloc.so"], [PluginPlace.Beside("hwloc", "hwloc_*.so"), PluginPlace.Named("hwloc", "hwloc_*.so")]),
        new("Slurm", ["libslurm"], [PluginPlace.Named("slurm-wlm", "*.so"), PluginPlace.Named("lib/slurm", "*.so"), PluginPlace.Named("lib64/slurm", "*.so")]),
        // glibc before 2.34 looks users up through libnss_files; pthread_exit needs libgcc_s.
        new("glibc", ["libc.so.6"], [PluginPlace.Beside("", "libnss_files.so.2"), PluginPlace.Beside("", "libnss_dns.so.2"), PluginPlace.Beside("", "libgcc_s.so.1"), PluginPlace.Fixed("/usr/lib/locale/C.utf8", null)]),
        // Not all of its 250 character sets: those that text of today is in.
        new("glibc's iconv", ["libc.so.6"],
            [PluginPlace.Beside("gconv", "gconv-modules*"), PluginPlace.Beside("gconv", "UTF-*.so"), PluginPlace.Beside("gconv", "UNICODE.so"), PluginPlace.Beside("gconv", "ISO8859-1*.so"), PluginPlace.Beside("gconv", "CP1252.so")]) { IfImported = "iconv_open" },
        new("OpenSSL", ["libcrypto.so.3"],
            [PluginPlace.Beside("ossl-modules", Modules), PluginPlace.Beside("engines-3", Modules), PluginPlace.Named("ssl", "*.cnf"), PluginPlace.Named("ssl", "cert.pem"), PluginPlace.Named("pki/tls", "*.cnf"), PluginPlace.Named("pki/tls", "cert.pem")]),
        new("certificates", ["libssl.so", "libgnutls.so", "libcurl.so", "libcurl-gnutls.so"], [PluginPlace.Fixed("/etc/ssl/certs", null), PluginPlace.Fixed("/etc/pki/tls/certs", "*.crt")]),
        new("SASL", ["libsasl2.so"], [PluginPlace.Beside("sasl2", Modules)]),
        new("Kerberos", ["libkrb5.so"], [PluginPlace.Beside("krb5/plugins", null)]),
        new("ncurses", ["libtinfo.so", "libncurses", "libreadline.so"], [PluginPlace.Fixed("/lib/terminfo", null), PluginPlace.Fixed("/etc/terminfo", null)]),
        new("file", ["libmagic.so"], [PluginPlace.Fixed("/usr/share/misc", "magic*"), PluginPlace.Fixed("/etc", "magic*")]),
        new("Tcl", ["libtcl8"], [PluginPlace.Named("tcl8.6", null), PluginPlace.Fixed("/usr/share/tcltk/tcl8.6", null)]),
        new("Tk", ["libtk8"], [PluginPlace.Named("tk8.6", null), PluginPlace.Fixed("/usr/share/tcltk/tk8.6", null)]),
        new("git", ["git"], [PluginPlace.Named("git-core", null), PluginPlace.Beside("../share/git-core/templates", null)]),
        new("gdb", ["gdb"], [PluginPlace.Named("share/gdb", null)]),
        // In PREFIX/lib/gcc/TRIPLE/VERSION or libexec; what is compiled for and linked with is the C library's (libc6-dev).
        new("gcc", compilers,
        [
            PluginPlace.Named("gcc", "*/*/cc1"), PluginPlace.Named("gcc", "*/*/collect2"), PluginPlace.Named("gcc", "*/*/lto*"), PluginPlace.Named("gcc", "*/*/liblto_plugin.so"),
            PluginPlace.Named("gcc", "*/*/*.o"), PluginPlace.Named("gcc", "*/*/libgcc*"), PluginPlace.Named("gcc", "*/*/include/**"),
        ]) { Programs = ["as", "ld"] },
        new("g++", [.. compilers.Where(name => name.EndsWith("++", StringComparison.Ordinal))],
            [PluginPlace.Named("gcc", "*/*/cc1plus"), PluginPlace.Named("gcc", "*/*/libstdc++*")]) { Programs = ["as", "ld"] },
        // A library of the same version is opened by its soname alone.
        new("cuDNN", ["libcudnn.so"], [PluginPlace.Beside("", "libcudnn_*.so.?*")]),
        new("NVRTC", ["libnvrtc.so"], [PluginPlace.Beside("", "libnvrtc-builtins.so.?*")]),
        new("TensorRT", ["libnvinfer.so"], [PluginPlace.Beside("", "libnvinfer_builder_resource*.so.?*"), PluginPlace.Beside("", "libnvinfer_plugin.so.?*")]),
    ];

    /// <param name="path">Of a loaded file.</param>
    public bool IsOpenedBy(string path)
    {
        string name = LinuxPath.Name(path);
        return Array.Exists(Openers, opener => name.StartsWith(opener, StringComparison.Ordinal));
    }
}
