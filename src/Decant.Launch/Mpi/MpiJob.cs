using System.Collections.Immutable;
using System.Globalization;
using Decant.Linux;

namespace Decant.Launch;

/// <summary>
/// What the launcher that has started this decant as a rank offers to its ranks: variables, descriptors and directories. With --mpi they
/// reach the program, and nothing else of the host's does.
/// </summary>
public sealed record MpiJob
{
    /// <summary>Of the variables and mounts, for people.</summary>
    public const string Origin = "--mpi";

    /// <summary>
    /// Variables of PMIx (PMIx_server_setup_fork), PMI-1 and PMI-2, Open MPI and PRRTE (also parameters of its mpirun), Slurm's tasks
    /// (srun(1), "Output environment variables"), and the number of the rank on its host that MPICH's mpiexec gives.
    /// </summary>
    static readonly string[] prefixes = ["PMIX_", "PMI_", "OMPI_", "PRTE_", "SLURM_", "SLURMD_", "MPI_LOCAL"];

    /// <summary>A token for Slurm's REST interface, and the place of the host's own PMIx, which is not in the image.</summary>
    static readonly string[] withheld = ["SLURM_JWT", "PMIX_INSTALL_PREFIX"];

    /// <summary>Parameters with files and directories of the host's installation (Open MPI's "Setting MCA parameter values").</summary>
    static readonly string[] withheldParameters = ["_mca_base_component_path", "_mca_base_param_files", "_mca_base_param_file_path", "_mca_base_override_param_file"];

    /// <summary>Directories of the job alone. PMIX_SYSTEM_TMPDIR is none: it is the host's /tmp.</summary>
    static readonly string[] directoryVariables = ["PMIX_SERVER_TMPDIR", "PMIX_DSTORE_ESH_BASE_PATH", "PMIX_DSTORE_21_BASE_PATH", "OMPI_FILE_LOCATION"];

    static readonly string[] descriptorVariables = ["PMI_FD", "HYDI_CONTROL_FD"];

    const string MungeDirectory = "/run/munge";

    public required MpiProtocol Protocol { get; init; }

    /// <summary>Of the launcher's PMIx, as it tells it; null where it does not.</summary>
    public required string? PmixVersion { get; init; }

    /// <summary>It has one task only, by itself whatever its MPI speaks. Known of <see cref="MpiProtocol.None"/> alone.</summary>
    public required bool HasOneTask { get; init; }

    /// <summary>Tells the job's ranks of this host from those of other jobs.</summary>
    public required string Identity { get; init; }

    public required ImmutableArray<(string Name, string Value)> Variables { get; init; }

    /// <summary>That stay open under their numbers.</summary>
    public required ImmutableArray<int> Descriptors { get; init; }

    /// <summary>Of the host, for the same paths inside.</summary>
    public required ImmutableArray<MountRequest> Mounts { get; init; }

    /// <summary>The launcher in a few words.</summary>
    public string Describe() => Protocol switch
    {
        MpiProtocol.Pmix => PmixVersion is null ? "PMIx" : $"PMIx {PathBytes.Printable(PmixVersion)}",
        MpiProtocol.Pmi => "PMI",
        _ => "Slurm without PMI",
    };

    /// <summary>Of the environment that decant was started with.</summary>
    /// <exception cref="DecantException">No launcher has started it, or something in between has closed what it offers.</exception>
    public static MpiJob Probe() => Of(CallerEnvironment.All());

    /// <param name="environment">decant's own.</param>
    public static MpiJob Of(IReadOnlyList<(string Name, string Value)> environment)
    {
        Dictionary<string, string> values = [];
        foreach ((string name, string value) in environment)
            values[name] = value;
        // Of a launcher within another both have left variables. hydra hands on an open socket, which launchers of PMIx close.
        bool isOfHydra = Has(values, "PMI_RANK", "PMI_SIZE") && OpenSocket(values.GetValueOrDefault("PMI_FD")) is not null;
        MpiProtocol protocol = Has(values, "PMIX_NAMESPACE", "PMIX_RANK") && !isOfHydra ? MpiProtocol.Pmix
            : Has(values, "PMI_RANK", "PMI_FD") || Has(values, "PMI_RANK", "PMI_PORT") ? MpiProtocol.Pmi
            : Has(values, "SLURM_PROCID", "SLURM_STEP_ID") ? MpiProtocol.None
            : throw new DecantException(
                "--mpi: no launcher has started this decant as a rank: of PMIX_RANK, PMI_RANK and SLURM_PROCID with SLURM_STEP_ID none is set",
                "mpirun -np N decant run --mpi IMAGE ..., or srun --mpi=pmix decant run --mpi IMAGE ...; for the image's own mpirun leave --mpi out: decant run IMAGE mpirun -np N ...");
        List<int> descriptors = [];
        List<string> closed = [];
        foreach (string name in descriptorVariables)
        {
            if (!values.TryGetValue(name, out string? value))
                continue;
            if (OpenSocket(value) is { } descriptor)
            {
                descriptors.Add(descriptor);
            }
            else if (protocol == MpiProtocol.Pmi)
            {
                throw new DecantException(
                    $"--mpi: {name} is {PathBytes.Printable(value)}, and no such socket is open: a program between the launcher and decant has closed it",
                    "start decant by the launcher itself, or by something that leaves descriptors open");
            }
            else
            {
                closed.Add(name);
            }
        }

        return new MpiJob
        {
            Protocol = protocol,
            PmixVersion = values.GetValueOrDefault("PMIX_VERSION"),
            HasOneTask = protocol == MpiProtocol.None && (values.GetValueOrDefault("SLURM_STEP_NUM_TASKS") ?? values.GetValueOrDefault("SLURM_NTASKS")) == "1",
            Identity = FindIdentity(protocol, values),
            Variables = [.. environment.Where(variable => Passes(variable.Name) && !closed.Contains(variable.Name))],
            Descriptors = [.. descriptors],
            Mounts = [.. FindMounts(values)],
        };
    }

    static bool Has(Dictionary<string, string> values, string first, string second) => values.ContainsKey(first) && values.ContainsKey(second);

    static bool Passes(string name) =>
        (Array.Exists(prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal)) || Array.IndexOf(descriptorVariables, name) >= 0)
        && Array.IndexOf(withheld, name) < 0
        && !Array.Exists(withheldParameters, end => name.EndsWith(end, StringComparison.Ordinal));

    /// <summary>Null for what is no open socket: where it was closed, a file of decant's own may have its number.</summary>
    static int? OpenSocket(string? number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int descriptor) && descriptor > 2
        && LinuxFile.TryStatus(null, $"/proc/self/fd/{descriptor}", follow: true, out FileStatus status) == Errno.None && status.Type == FileType.Socket
            ? descriptor
            : null;

    /// <summary>
    /// The server that all ranks of one host share, as its address or its process tells it. A job has one on each host, also where several
    /// of Slurm's nodes are one machine.
    /// </summary>
    static string FindIdentity(MpiProtocol protocol, Dictionary<string, string> values)
    {
        if (protocol == MpiProtocol.Pmix)
        {
            IEnumerable<string> servers = values.Where(pair => pair.Key.StartsWith("PMIX_SERVER_URI", StringComparison.Ordinal)).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value);
            return $"pmix {values["PMIX_NAMESPACE"]} {string.Join(' ', servers)}";
        }

        if (protocol == MpiProtocol.None || !values.TryGetValue("PMI_FD", out string? text))
            return protocol == MpiProtocol.Pmi ? $"pmi {values["PMI_PORT"]}" : $"slurm {values.GetValueOrDefault("SLURM_JOB_ID")}.{values["SLURM_STEP_ID"]} {values.GetValueOrDefault("SLURMD_NODENAME")}";
        // The launcher has made the pair of sockets; where it is no socket, whoever has started decant stands for it.
        int server = SocketPeer.Process(int.Parse(text, CultureInfo.InvariantCulture)) ?? Libc.GetParentProcessId();
        return $"pmi {server} {ProcessIdentity.Of(server)?.Started}";
    }

    static List<MountRequest> FindMounts(Dictionary<string, string> values)
    {
        List<string> directories = [];
        foreach (string name in directoryVariables)
        {
            if (values.TryGetValue(name, out string? directory))
                directories.Add(directory);
        }

        // PMIx asks munge who a rank is where its server does (psec/munge).
        if (values.TryGetValue("PMIX_SECURITY_MODE", out string? security) && security.Contains("munge", StringComparison.Ordinal))
            directories.Add(MungeDirectory);
        directories.AddRange(SlurmDirectories.OfStep(values));
        List<MountRequest> mounts = [];
        foreach (string written in directories.Where(written => written.StartsWith('/')))
        {
            // Slurm writes some with slashes at the end and between.
            string directory = "/" + string.Join('/', written.Split('/', StringSplitOptions.RemoveEmptyEntries));
            if (LinuxFile.TryRealPath(directory, out string? real) != Errno.None || !LinuxFile.Status(real!).IsDirectory || mounts.Exists(mount => LinuxPath.IsBelow(directory, mount.Target) || directory == mount.Target))
                continue;
            mounts.Add(new MountRequest { Kind = MountKind.Bind, Source = real, Target = directory, Text = Origin });
        }

        return mounts;
    }
}
