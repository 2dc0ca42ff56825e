using Decant.Linux;

namespace Decant.Doctor;

/// <summary>A line of an error text that decant knows.</summary>
/// <param name="Subject">The library, symbol, version, module or program; empty where the line names none.</param>
/// <param name="By">Who wants it; of a plugin, why it cannot be opened. Empty where the line does not say.</param>
/// <param name="Line">As it was pasted.</param>
sealed record KnownMessage(KnownMessageKind Kind, string Subject, string By, string Line)
{
    /// <summary>Of cudaGetErrorString() and cuGetErrorString(), their names, and PyTorch's own words.</summary>
    static readonly (string Words, KnownMessageKind Kind)[] Cuda =
    [
        ("CUDA driver version is insufficient", KnownMessageKind.DriverTooOld),
        ("cudaErrorInsufficientDriver", KnownMessageKind.DriverTooOld),
        ("The NVIDIA driver on your system is too old", KnownMessageKind.DriverTooOld),
        ("no kernel image is available", KnownMessageKind.NoKernelImage),
        ("cudaErrorNoKernelImageForDevice", KnownMessageKind.NoKernelImage),
        ("CUDA_ERROR_NO_BINARY_FOR_GPU", KnownMessageKind.NoKernelImage),
        ("provided PTX was compiled with an unsupported toolchain", KnownMessageKind.PtxTooNew),
        ("CUDA_ERROR_UNSUPPORTED_PTX_VERSION", KnownMessageKind.PtxTooNew),
        ("unsupported display driver / cuda driver combination", KnownMessageKind.DriverMismatch),
        ("CUDA_ERROR_SYSTEM_DRIVER_MISMATCH", KnownMessageKind.DriverMismatch),
        ("forward compatibility was attempted on non supported HW", KnownMessageKind.CompatUnsupported),
        ("CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE", KnownMessageKind.CompatUnsupported),
        ("CUDA driver is a stub library", KnownMessageKind.DriverStub),
        ("CUDA_ERROR_STUB_LIBRARY", KnownMessageKind.DriverStub),
        ("no CUDA-capable device", KnownMessageKind.Driver),
        ("CUDA_ERROR_NO_DEVICE", KnownMessageKind.Driver),
        ("Found no NVIDIA driver", KnownMessageKind.Driver),
    ];

    /// <summary>Of Open MPI's parts that do not come up, one after the other: opal_init, orte_init, MPI_Init (orte/runtime, ompi/runtime and orte/mca/ess).</summary>
    static readonly string[] openMpi =
    [
        "You were supposed to get help about", "couldn't open the help file", "opal_init failed", "opal_shmem_base_select failed", "orte_init failed", "orte_ess_init failed",
        "orte_ess_base_select failed", "ompi_rte_init failed", "prterun-exec-failed",
        // All options are of components that it did not find.
        "Error: unknown option \"-n\"", "Error: unknown option \"-np\"", "Error: unknown option \"--version\"",
    ];

    /// <summary>That name nothing.</summary>
    static readonly (string Words, KnownMessageKind Kind)[] others =
    [
        ("has detected an attempt to run as root", KnownMessageKind.MpiRoot),
        ("cannot provide the help message when run as root", KnownMessageKind.MpiRoot),
        ("A requested component was not found, or was unable to be opened", KnownMessageKind.MpiComponent),
        ("locale::facet::_S_create_c_locale name not valid", KnownMessageKind.Locale),
        ("cannot change locale", KnownMessageKind.Locale),
        ("Setting locale failed", KnownMessageKind.Locale),
        ("unsupported locale setting", KnownMessageKind.Locale),
        ("unable to get local issuer certificate", KnownMessageKind.Certificates),
        ("CERTIFICATE_VERIFY_FAILED", KnownMessageKind.Certificates),
        ("curl: (77)", KnownMessageKind.Certificates),
        ("error setting certificate", KnownMessageKind.Certificates),
        ("server certificate verification failed", KnownMessageKind.Certificates),
        ("Illegal instruction", KnownMessageKind.Instruction),
        ("SIGILL", KnownMessageKind.Instruction),
    ];

    /// <summary>Null for a line that says nothing that decant knows.</summary>
    public static KnownMessage? Parse(string line)
    {
        line = line.Trim();
        if (Plugin(line) is { } plugin)
            return plugin;
        const string undefined = "undefined symbol: ";
        int at = line.IndexOf(undefined, StringComparison.Ordinal);
        if (at >= 0)
        {
            string symbol = Word(line[(at + undefined.Length)..], " ,(");
            string before = line[..at].TrimEnd(' ', ':');
            string by = before[(before.LastIndexOf(' ') + 1)..];
            return new KnownMessage(KnownMessageKind.Symbol, symbol, by.Contains('/') ? by : "", line);
        }

        at = line.IndexOf("version `", StringComparison.Ordinal);
        if (at >= 0 && line.Contains("' not found", StringComparison.Ordinal))
            return new KnownMessage(KnownMessageKind.SymbolVersion, Word(line[(at + "version `".Length)..], "'"), Between(line, "(required by ", ")"), line);
        at = line.IndexOf(": cannot open shared object file", StringComparison.Ordinal);
        if (at > 0)
            return new KnownMessage(KnownMessageKind.Library, line[(line.LastIndexOf(' ', at - 1) + 1)..at], "", line);
        if (Between(line, "Error loading shared library ", ":") is { Length: > 0 } musl)
            return new KnownMessage(KnownMessageKind.Library, musl, Between(line, "(needed by ", ")"), line);
        if (line.Contains("symbol not found", StringComparison.Ordinal) && Between(line, "Error relocating ", ": symbol not found") is { Length: > 0 } relocated)
            return new KnownMessage(KnownMessageKind.Symbol, relocated[(relocated.LastIndexOf(' ') + 1)..], Word(relocated, ":"), line);
        if (Between(line, "No module named '", "'") is { Length: > 0 } module)
            return new KnownMessage(KnownMessageKind.Module, module, "", line);
        if (line.Contains("Triton only support", StringComparison.Ordinal))
            return new KnownMessage(KnownMessageKind.Triton, "", "", line);
        if (Array.Exists(openMpi, words => line.Contains(words, StringComparison.Ordinal)))
            return new KnownMessage(KnownMessageKind.OpenMpi, "", "", line);
        foreach ((string words, KnownMessageKind cuda) in Cuda)
        {
            if (line.Contains(words, StringComparison.OrdinalIgnoreCase))
                return new KnownMessage(cuda, "", "", line);
        }

        if (Between(line, "No components were able to be opened in the ", " framework") is { Length: > 0 } framework)
            return new KnownMessage(KnownMessageKind.MpiComponent, framework, "", line);
        // "cannot import name 'x' from 'm' (/path/m.py)", "... from partially initialized module 'm' (most likely due to a circular import)"
        if (Between(line, "cannot import name '", "'") is { Length: > 0 } name)
        {
            string circular = Between(line, "from partially initialized module '", "'");
            return new KnownMessage(circular.Length > 0 ? KnownMessageKind.CircularImport : KnownMessageKind.ImportedName, name, circular.Length > 0 ? circular : Between(line, "' from '", "'"), line);
        }

        foreach ((string words, KnownMessageKind other) in others)
        {
            if (line.Contains(words, StringComparison.Ordinal))
                return new KnownMessage(other, "", "", line);
        }

        if (line.Contains("Exec format error", StringComparison.OrdinalIgnoreCase) || line.Contains("wrong ELF class", StringComparison.Ordinal))
            return new KnownMessage(KnownMessageKind.Format, "", "", line);
        // As gcc says it, and clang.
        string header = Between(line, "fatal error: ", ": No such file or directory") is { Length: > 0 } file ? file : Between(line, "fatal error: '", "' file not found");
        return header.Length > 0 ? new KnownMessage(KnownMessageKind.Header, header, "", line) : Program(line);
    }

    /// <summary>"mca_base_component_repository_open: unable to open mca_btl_openib: libibverbs.so.1: cannot open shared object file: ... (ignored)"</summary>
    static KnownMessage? Plugin(string line)
    {
        const string words = "unable to open ";
        int at = line.IndexOf(words, StringComparison.Ordinal);
        int end = at < 0 ? -1 : line.IndexOf(": ", at, StringComparison.Ordinal);
        if (end < 0)
            return null;
        string name = LinuxPath.Name(line[(at + words.Length)..end]);
        string why = line[(end + 2)..];
        const string ignored = "(ignored)";
        return name.Contains("mca_", StringComparison.Ordinal) && !name.Contains(' ')
            ? new KnownMessage(KnownMessageKind.MpiPlugin, name, why.EndsWith(ignored, StringComparison.Ordinal) ? why[..^ignored.Length].TrimEnd() : why, line)
            : null;
    }

    /// <summary>As shells, env(1) and engines say it.</summary>
    static KnownMessage? Program(string line)
    {
        if (Before(line, ": bad interpreter") is { Length: > 0 } interpreter)
            return new KnownMessage(KnownMessageKind.Program, interpreter, "", line);
        foreach (string words in (ReadOnlySpan<string>)[": command not found", ": not found", ": executable file not found", ": No such file or directory"])
        {
            int at = line.IndexOf(words, StringComparison.Ordinal);
            if (at <= 0)
                continue;
            string name = line[..at];
            name = name[(name.LastIndexOf(' ') + 1)..].Trim('\'', '"', '‘', '’', '`');
            return name.Length > 0 ? new KnownMessage(KnownMessageKind.Program, name, "", line) : null;
        }

        return null;
    }

    /// <summary>The word that ends where some others begin; empty where there is none.</summary>
    static string Before(string line, string end)
    {
        int to = line.IndexOf(end, StringComparison.Ordinal);
        return to < 0 ? "" : line[(line.LastIndexOf(' ', to) + 1)..to];
    }

    static string Word(string text, string ends)
    {
        int end = text.AsSpan().IndexOfAny(ends);
        return end < 0 ? text : text[..end];
    }

    static string Between(string line, string begin, string end)
    {
        int from = line.IndexOf(begin, StringComparison.Ordinal);
        if (from < 0)
            return "";
        from += begin.Length;
        int to = line.IndexOf(end, from, StringComparison.Ordinal);
        return to < 0 ? "" : line[from..to];
    }
}
