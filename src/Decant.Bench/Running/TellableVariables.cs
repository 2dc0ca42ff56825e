using System.Security.Cryptography;
using System.Text;

namespace Decant.Bench;

/// <summary>
/// Which variables of an environment are told with their values. Reports are passed on, and variables hold tokens and passwords: of all but those that are
/// known to say how programs run, only a digest is told, by which two environments differ or do not.
/// </summary>
static class TellableVariables
{
    static readonly string[] Names =
    [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "PWD", "OLDPWD", "HOSTNAME", "TZ", "TMPDIR", "LANG", "LANGUAGE", "SHLVL", "CC", "CXX", "GLIBC_TUNABLES", "container",
        "VIRTUAL_ENV", "JAVA_HOME", "DOTNET_ROOT", "TORCH_CUDA_ARCH_LIST", "HF_HOME", "HF_HUB_OFFLINE",
    ];

    static readonly string[] Prefixes =
    [
        "LD_", "LC_", "OMP_", "KMP_", "GOMP_", "MKL_", "OPENBLAS_", "BLIS_", "NUMEXPR_", "CUDA_", "NVIDIA_", "NV_", "NCCL_", "UCX_", "UCC_", "OMPI_", "PMIX_", "PRTE_", "HWLOC_", "MPI", "FI_",
        "PYTHON", "PYTORCH_", "TORCH_", "XLA_", "TF_", "JAX_", "TRITON_", "MALLOC_", "DOTNET_", "ROCR_", "HIP_", "HSA_", "ZE_", "SLURM_", "OPAL_", "XDG_",
    ];

    static readonly string[] Secret = ["TOKEN", "SECRET", "PASS", "KEY", "CREDENTIAL", "AUTH", "COOKIE"];

    /// <param name="value">Of a variable that may hold a secret, its first two bytes of SHA-256 in place of it: too few to find it again by guessing.</param>
    public static string Told(string name, string value) => IsTellable(name) ? value : $"(not told, #{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)))[..4]})";

    static bool IsTellable(string name) =>
        (Array.IndexOf(Names, name) >= 0 || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
        && !Secret.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
