using Decant.Elf;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>How a stack is recognised, and where it tells its version.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Library">What the file's name begins with.</param>
/// <param name="Tells">How the version is told.</param>
/// <param name="Words">What stands in front of the version, or begins it.</param>
sealed record StackKind(string Name, string Library, StackVersion Tells, string Words = "")
{
    /// <summary>A symbol that only this one exports, where libraries of several share names; null where the name is enough.</summary>
    public string? Exports { get; init; }

    public static IReadOnlyList<StackKind> All { get; } =
    [
        new("glibc", "libc.so.6", StackVersion.After, "release version "),
        new("musl", "ld-musl-", StackVersion.Alone, "1."),
        new("Open MPI", "libmpi", StackVersion.After, "\0v") { Exports = "ompi_mpi_comm_world" },
        new("MPICH", "libmpi", StackVersion.After, "MPICH Version:") { Exports = "MPIR_Err_create_code" },
        // Of MPICH or Open MPI; programs of the standard ABI run with either (MPI 5.0, chapter 20).
        new("MPI standard ABI", "libmpi_abi.so.", StackVersion.FileName),
        // libucs has no version; libucp's is of them all.
        new("UCX", "libucp.so.", StackVersion.Alone, "1."),
        new("UCC", "libucc.so.", StackVersion.Alone, "1."),
        new("libfabric", "libfabric.so.", StackVersion.Alone),
        new("PMIx", "libpmix.so.", StackVersion.After, "OpenPMIx "),
        new("PRRTE", "libprrte.so.", StackVersion.Alone),
        new("hwloc", "libhwloc.so.", StackVersion.Alone, "2."),
        // libibverbs.so.1.14.RELEASE.0
        new("rdma-core", "libibverbs.so.1.", StackVersion.FileName, "1.14."),
        new("NCCL", "libnccl.so.", StackVersion.FileName),
        new("cuDNN", "libcudnn.so.", StackVersion.FileName),
        new("TensorRT", "libnvinfer.so.", StackVersion.FileName),
    ];

    public bool Is(string path, LoaderFile file) =>
        LinuxPath.Name(path).StartsWith(Library, StringComparison.Ordinal) && (Exports is null || file.Exports(Exports));
}
