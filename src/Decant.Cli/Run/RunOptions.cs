using System.Collections.Immutable;
using Decant.Devices;
using Decant.Doctor;
using Decant.Images;
using Decant.Launch;
using Decant.Launch.Running;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>What the options of <c>decant run</c> said. <c>env</c> and <c>script</c> take the same, as they tell of the same launch.</summary>
sealed partial class RunOptions
{
    readonly List<MountRequest> mounts = [];
    readonly List<EnvRequest> env = [];
    readonly List<string> envFiles = [];
    readonly List<DeviceRequest> devices = [];
    readonly List<CdiName> namedDevices = [];
    readonly List<UlimitRequest> ulimits = [];
    string? workingDirectory;
    string? user;
    string? entrypoint;
    string? name;
    string? hostname;
    bool mapToRoot;
    bool remove;
    bool interactive;
    bool terminal;
    GpuChoice? gpus;
    bool seccomp;
    bool noNewPrivileges;
    bool privateIpc;
    bool privateNetwork;
    bool privatePids;
    bool isRank;
    bool? readOnly;
    long? sharedMemory;
    bool sharedMemoryGiven;
    long? memory;
    bool memoryGiven;
    double? cpus;
    bool cpusGiven;

    /// <summary>--platform; null for this machine's.</summary>
    public Platform? Platform { get; private set; }

    /// <summary>--name without --rm.</summary>
    public bool KeepsWrites => name is not null && !remove;

    /// <summary>--mpi.</summary>
    public bool IsRank => isRank;

    /// <summary>IMAGE and what the program is given.</summary>
    public static CliOperand[] Operands { get; } =
        [new("IMAGE", ValueHint.Images), new("CMD", ValueHint.Files, Optional: true, Repeated: true)];

    /// <summary>IMAGE -- CMD as IMAGE CMD.</summary>
    public static string[] WithoutSeparator(string[] operands) =>
        operands.Length > 1 && operands[1] == "--" ? [operands[0], .. operands.Skip(2)] : operands;

    /// <param name="store">Where IMAGE is looked up, or unpacked to.</param>
    /// <param name="operands">IMAGE and CMD.</param>
    /// <param name="configuration">What holds where the options say nothing.</param>
    /// <param name="makeRun">With --name: begin it where it is not there yet, and not only look.</param>
    public LaunchSpec ToSpec(ImageStore store, string[] operands, Configuration configuration, bool makeRun)
    {
        RootImage image = RunImage.Open(store, operands[0], Platform, configuration);
        LaunchSpec spec = ToSpec(image, operands[1..], configuration, spec => UsesCuda(spec, store));
        // With --rm a new name keeps nothing, so nothing needs to be made; one that is there is used once more and then removed.
        if (name is null || !((makeRun && KeepsWrites) || HasRun(store, name)))
            return spec;
        return spec with { Kept = store.OpenRun(name, image.Name, image.Layers) };
    }

    /// <summary>After the program's end, of a run with --name and --rm.</summary>
    public void RemoveIfAsked(ImageStore store)
    {
        if (name is not null && remove)
            store.RemoveRun(name, MappedTree.TakeOver);
    }

    static bool HasRun(ImageStore store, string name)
    {
        foreach (KeptRunInfo run in store.Runs())
        {
            if (run.Name == name)
                return true;
        }

        return false;
    }

    /// <summary>The launch that was asked for: the options, and below them what the configuration says.</summary>
    /// <param name="usesCuda">Whether a launch without GPUs has a program that wants one.</param>
    public LaunchSpec ToSpec(RootImage image, string[] command, Configuration configuration, Func<LaunchSpec, bool> usesCuda)
    {
        LaunchSpec spec = WithoutGpus(image, command, configuration);
        spec = gpus?.Apply(spec, usesCuda) ?? spec;
        return namedDevices.Count == 0 ? spec : CdiDevices.Apply(spec, namedDevices, configuration.CdiDirectories);
    }

    bool UsesCuda(LaunchSpec spec, ImageStore store)
    {
        const string Yes = "yes";
        try
        {
            // What earlier runs of the name have kept is looked into too.
            using KeptRun? kept = name is not null && HasRun(store, name) ? store.OpenRun(name, spec.Image.Name, spec.Image.Layers) : null;
            spec = spec with { Kept = kept };
            LaunchPlan plan = LaunchPlanner.Plan(spec, LaunchHost.Probe());
            LaunchEnvironment environment = plan.Environment.Without(MpiJob.Origin);
            LaunchQuestion question = new("cuda", store, spec, plan, environment);
            if (question.Recall() is { } known)
                return known == Yes;
            bool? uses = question.Watch(() => Examination.UsesCuda(DoctorCommand.Examined(spec, plan, environment), LaunchQuestion.Host(spec)));
            if (uses is { } sure)
                question.Remember(sure ? Yes : "no");
            return uses == true;
        }
        catch (DecantException)
        {
            // The launch itself says what is wrong, where anything is.
            return false;
        }
    }

    LaunchSpec WithoutGpus(RootImage image, string[] command, Configuration configuration) => new()
    {
        Image = image,
        Command = [.. command],
        Entrypoint = entrypoint is null ? null : entrypoint.Length == 0 ? ImmutableArray<string>.Empty : [entrypoint],
        // docker reads its files first, wherever they stand among the options.
        Env = [.. configuration.Env, .. EnvFromFiles(), .. env],
        WorkingDirectory = workingDirectory,
        User = user,
        MapToRoot = mapToRoot,
        Mounts = [.. MergeMounts(configuration.Volumes, mounts)],
        Devices = [.. devices],
        Ulimits = [.. MergeUlimits(configuration.Ulimits, ulimits)],
        ReadOnly = readOnly ?? configuration.ReadOnly ?? false,
        Seccomp = seccomp,
        NoNewPrivileges = noNewPrivileges,
        Hostname = hostname,
        Interactive = interactive,
        Terminal = terminal,
        Mpi = isRank ? MpiJob.Probe() : null,
        PrivateIpc = privateIpc,
        PrivateNetwork = privateNetwork,
        PrivatePids = privatePids,
        SharedMemoryBytes = sharedMemoryGiven ? sharedMemory : configuration.SharedMemoryBytes,
        MemoryBytes = memoryGiven ? memory : configuration.MemoryBytes,
        Cpus = cpusGiven ? cpus : configuration.Cpus,
    };

    List<EnvRequest> EnvFromFiles()
    {
        List<EnvRequest> variables = [];
        foreach (string file in envFiles)
            variables.AddRange(EnvText.ParseFile(file));
        return variables;
    }

    /// <summary>Of two volumes of the configuration on one target the later wins, and a mount of the command line over both; two of the command line are a mistake.</summary>
    static List<MountRequest> MergeMounts(ImmutableArray<MountRequest> configured, List<MountRequest> asked)
    {
        for (int i = 0; i < asked.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (asked[i].Target == asked[j].Target)
                    throw new DecantException($"two mounts on {PathBytes.Printable(asked[i].Target)}: {PathBytes.Printable(asked[j].Text)} and {PathBytes.Printable(asked[i].Text)}");
            }
        }

        if (configured.IsEmpty)
            return asked;
        List<MountRequest> merged = [];
        foreach (MountRequest mount in (IEnumerable<MountRequest>)[.. configured, .. asked])
        {
            merged.RemoveAll(earlier => earlier.Target == mount.Target);
            merged.Add(mount);
        }

        return merged;
    }

    static List<UlimitRequest> MergeUlimits(ImmutableArray<UlimitRequest> configured, List<UlimitRequest> asked)
    {
        if (configured.IsEmpty)
            return asked;
        List<UlimitRequest> merged = [];
        foreach (UlimitRequest limit in (IEnumerable<UlimitRequest>)[.. configured, .. asked])
        {
            merged.RemoveAll(earlier => earlier.Name == limit.Name);
            merged.Add(limit);
        }

        return merged;
    }
}
