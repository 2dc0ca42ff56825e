using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Decant.Images;
using Decant.Launch.Lowering;
using Decant.Launch.Steps;
using Decant.Linux;

namespace Decant.Launch;

/// <summary>Turns what was asked into a plan: looks at the image and the host, decides, and refuses what cannot work, before anything is changed.</summary>
public sealed partial class LaunchPlanner
{
    readonly LaunchSpec spec;
    readonly LaunchHost host;

    /// <summary>Null where the root is an overlay. A run that writes nothing can do without.</summary>
    readonly string? whyNoOverlay;

    /// <summary>Why there is none: in a user namespace the kernel does not show the root without what is mounted below it.</summary>
    readonly LockedMounts? lockedMounts;

    readonly ImmutableArray<string> layers;
    readonly List<LaunchStep> mounts = [];
    readonly List<string> missingSources = [];
    readonly List<string> notes = [];
    readonly TargetResolver targets;
    readonly AccountFiles accounts;

    LaunchPlanner(LaunchSpec spec, LaunchHost host)
    {
        this.spec = spec;
        this.host = host;
        if (spec.ReadOnly && !host.HasOverlay())
            whyNoOverlay = "this host has no overlayfs";
        // Only the user's own directory can have mounts below it, not a layer of the store. Older kernels cannot make them read-only at once.
        else if (spec.ReadOnly && !host.IsRoot && spec.Image.Flatten is null && MountCalls.Probe().MountApi)
            lockedMounts = LockedMounts.Below(spec.Image.Layers.AsSpan());
        whyNoOverlay ??= lockedMounts?.Cause;
        bool hasOverlay = whyNoOverlay is null;
        layers = !hasOverlay && spec.Image.Flatten is { } flatten ? [flatten()] : spec.Image.Layers;
        ImmutableArray<string> visible = spec.Kept is null ? layers : [spec.Kept.Upper, .. layers];
        RootView view = new(visible.AsSpan());
        accounts = new AccountFiles(view);
        targets = new TargetResolver(view, hasOverlay, changeOwner: host.IsRoot, spec.Kept);
    }

    /// <exception cref="DecantException">The launch cannot work, and why.</exception>
    public static LaunchPlan Plan(LaunchSpec spec, LaunchHost host) => new LaunchPlanner(spec, host).Build();

    /// <summary>The environment that a run gets, without planning the rest.</summary>
    public static LaunchEnvironment PlanEnvironment(LaunchSpec spec, LaunchHost host)
    {
        LaunchPlanner planner = new(spec, host);
        return LaunchEnvironment.Build(spec, planner.FindIdentity().User, spec.Terminal || host.OnTerminal, host.Variable);
    }

    /// <summary>What the user mounts, and what the launcher of a job offers.</summary>
    ImmutableArray<MountRequest> Requests => spec.Mpi is null ? spec.Mounts : [.. spec.Mounts, .. spec.Mpi.Mounts];

    LaunchPlan Build()
    {
        ImmutableArray<string> arguments = Arguments();
        Identity identity = WithDeviceGroups(FindIdentity());
        CheckRank(identity);
        LaunchEnvironment environment = LaunchEnvironment.Build(spec, identity.User, spec.Terminal || host.OnTerminal, host.Variable);
        RunCgroup? cgroup = spec.MemoryBytes is null && spec.Cpus is null ? null : RunCgroup.Plan(spec.MemoryBytes, spec.Cpus);
        Namespaces namespaces = Namespaces.Mount
            | (identity.Mapping is null ? 0 : Namespaces.User)
            | (spec.PrivatePids ? Namespaces.Pid : 0)
            | (spec.PrivateNetwork ? Namespaces.Network : 0)
            | (spec.PrivateIpc ? Namespaces.Ipc : 0)
            | (spec.PrivateHostname ? Namespaces.Uts : 0);
        string? supervised = WhyToWait(identity, cgroup);
        string scratch = ScratchDirectory();

        List<LaunchStep> steps = [];
        if (cgroup is not null)
            steps.Add(new CgroupStep(cgroup));
        steps.Add(new NamespacesStep(namespaces, identity.Mapping, cloned: supervised is not null, shared: spec.Mpi is not null));
        if (spec.Terminal)
            steps.Add(new TerminalStep());
        steps.Add(new PropagationStep());

        FileStatus root = CheckRoot();
        if (whyNoOverlay is null)
            AddFiles(identity);
        AddKernelFileSystems();
        string? devNull = AddDevices();
        targets.ForDevices = true;
        if (spec.DeviceEdits is { FirstLibraryDirectory: { } first } early)
            AddLibrariesOf(first, early.Text);
        if (spec.DeviceFiles is { } deviceFiles)
            AddDeviceFiles(deviceFiles);
        if (spec.DeviceEdits is { } deviceEdits)
            AddDeviceEdits(deviceEdits, identity);
        targets.ForDevices = false;
        // The user's own come last: nothing of theirs is hidden, and nothing for a device is made in a directory of theirs.
        int users = targets.Mounts;
        AddUserMounts();
        targets.ForDevices = true;
        environment = AddLoaderTable(environment, users);
        targets.ForDevices = false;
        TellHidden(users);
        if (targets.CoverSince(users, devNull) is not null)
            devNull = null;
        WorkingDirectoryStep? workingDirectory = WorkingDirectory();
        // What is to be made in the upper layer is known only when all mounts are, but comes before the first of them.
        (ScratchStep scratchStep, RootStep rootStep) = Root(scratch, root);
        steps.Add(scratchStep);
        foreach (LaunchStep seed in targets.Seeds)
            steps.Add(seed);
        steps.Add(rootStep);
        foreach (LaunchStep mount in mounts)
            steps.Add(mount);

        if (spec.Hostname is { } name)
            steps.Add(new HostnameStep(name));
        if (spec.PrivateNetwork)
            steps.Add(new LoopbackStep());
        steps.Add(new EnterRootStep());
        RankSharing? sharing = spec.Mpi is { } job ? RankSharing.Of(job, steps, spec.ReadOnly) : null;
        if (!spec.Interactive && !spec.Terminal)
            steps.Add(new StandardInputStep(devNull));
        if (workingDirectory is not null)
            steps.Add(workingDirectory);
        if (spec.ReadOnly)
            steps.Add(new ReadOnlyRootStep());
        foreach (UlimitRequest limit in spec.Ulimits)
            steps.Add(new LimitsStep(limit));
        CapabilitySets capabilities = identity.Mapping is null ? CapabilitySets.OfCaller() : default;
        if (spec.Seccomp)
            steps.Add(new SeccompStep());
        steps.Add(new IdentityStep
        {
            User = identity.User,
            Switch = identity.Mapping is null or { ByHelper: true },
            NoNewPrivileges = spec.NoNewPrivileges || identity.Mapping is not null,
            Capabilities = capabilities.Inheritable == 0 ? null : capabilities,
        });
        steps.Add(new InheritanceStep(spec.Mpi?.Descriptors ?? []));
        steps.Add(new ExecStep(arguments, environment));
        return new LaunchPlan
        {
            Steps = ImmutableCollectionsMarshal.AsImmutableArray(steps.ToArray()),
            View = targets.View,
            Environment = environment,
            Arguments = arguments,
            User = identity.User,
            Namespaces = namespaces,
            Mapping = identity.Mapping,
            Sharing = sharing,
            Cgroup = cgroup,
            Supervised = supervised,
            Terminal = spec.Terminal,
            Interactive = spec.Interactive,
            StopSignal = StopSignal(),
            Title = $"decant run {spec.Image.Name} {string.Join(' ', arguments)}",
            ScratchDirectory = scratch,
            MissingSources = ImmutableCollectionsMarshal.AsImmutableArray(missingSources.ToArray()),
            Brought = table.Describe(),
            Notes = ImmutableCollectionsMarshal.AsImmutableArray(notes.ToArray()),
        };
    }

    /// <summary>As image-spec conversion.md and docker: a new entrypoint takes the image's arguments away.</summary>
    ImmutableArray<string> Arguments()
    {
        ImageRunConfig config = spec.Image.Config;
        ImmutableArray<string> command = spec.Command.Length > 0 ? spec.Command : spec.Entrypoint is null ? config.Cmd : [];
        ImmutableArray<string> arguments = [.. spec.Entrypoint ?? config.Entrypoint, .. command];
        if (arguments.Length == 0)
            throw new DecantException($"no command given, and {PathBytes.Printable(spec.Image.Name)} names none", $"decant run {PathBytes.Printable(spec.Image.Name)} COMMAND");
        if (arguments[0].Length == 0)
            throw new LaunchException(LaunchException.NotFound, "the command is an empty word");
        return arguments;
    }

    string? WhyToWait(Identity identity, RunCgroup? cgroup)
    {
        List<string> reasons = [];
        if (identity.Mapping is not null)
            reasons.Add("rootless: a user namespace begins with a child");
        if (spec.Terminal)
            reasons.Add("-t: it serves the terminal");
        if (spec.PrivatePids)
            reasons.Add("--pid private: a pid namespace begins with a child");
        if (cgroup is not null)
            reasons.Add("it removes the cgroup afterwards");
        if (spec.Kept is not null)
            reasons.Add("--name: it holds the lock");
        if (spec.Mpi is not null)
            reasons.Add("--mpi: the last rank takes away what they share");
        if (StopSignal() is { } signal && signal != Signals.Terminate)
            reasons.Add($"the image wants {Signals.Name(signal)} instead of SIGTERM");
        if (spec.WaitFor is { } reason)
            reasons.Add(reason);
        return reasons.Count == 0 ? null : string.Join("; ", reasons);
    }

    int? StopSignal()
    {
        string text = spec.Image.Config.StopSignal;
        if (text.Length == 0)
            return null;
        return Signals.Parse(text) ?? throw new DecantException($"the image's StopSignal {PathBytes.Printable(text)} is no signal");
    }

    /// <summary>A directory that hides nothing that the launch needs: the script, unlike the launcher, opens its sources by path afterwards.</summary>
    string ScratchDirectory()
    {
        List<string> sources = [.. layers];
        if (spec.Kept is not null)
            sources.Add(spec.Kept.Directory);
        foreach (MountRequest mount in Requests)
        {
            if (mount.Source is { } source)
                sources.Add(source);
        }

        foreach (string candidate in (ReadOnlySpan<string>)["/mnt", "/srv", "/media", "/opt", "/tmp", "/var/tmp", "/run"])
        {
            bool hides = sources.Exists(source => source == candidate || source.StartsWith(candidate + "/", StringComparison.Ordinal));
            if (!hides && LinuxFile.TryStatus(null, candidate, follow: true, out FileStatus status) == Errno.None && status.IsDirectory)
                return candidate;
        }

        throw new DecantException("none of /mnt, /srv, /media, /opt, /tmp, /var/tmp and /run is a directory free to put the root together in", "mkdir /mnt");
    }

    /// <summary>The status of the image's root directory.</summary>
    FileStatus CheckRoot()
    {
        Errno errno = LinuxFile.TryStatus(null, layers[0], follow: true, out FileStatus status);
        if (errno == Errno.None && !status.IsDirectory)
            errno = Errno.ENOTDIR;
        if (errno != Errno.None)
            throw new LinuxException("open the root file system", layers[0], errno);
        if (whyNoOverlay is not null && spec.Kept is not null)
            throw new DecantException($"{whyNoOverlay}, so that --name can neither keep nor show what a run writes", "leave --name out");
        return status;
    }

    (ScratchStep Scratch, RootStep Root) Root(string scratch, FileStatus status)
    {
        bool hasOverlay = whyNoOverlay is null;
        bool hasDeviceLayer = targets.Seeds.Exists(seed => seed is SeedStep { OfDevices: true });
        ScratchStep scratchStep = new()
        {
            HasDeviceLayer = hasDeviceLayer,
            Directory = scratch,
            UpperRoot = hasOverlay && spec.Kept is null ? status : null,
            KeptUpper = spec.Kept?.Upper,
            ChangeOwner = host.IsRoot,
        };
        RootStep rootStep = new() { Layers = layers, HasUpper = hasOverlay, HasDeviceLayer = hasDeviceLayer, WithMounts = lockedMounts is not null, KeptWork = spec.Kept?.Work, UserXattrs = host.UserXattrs };
        return (scratchStep, rootStep);
    }

    WorkingDirectoryStep? WorkingDirectory()
    {
        string path = spec.WorkingDirectory ?? spec.Image.Config.WorkingDir;
        if (path.Length == 0 || path == "/")
            return null;
        if (path[0] != '/')
            throw new DecantException($"the working directory {PathBytes.Printable(path)} must be an absolute path");
        return new WorkingDirectoryStep(targets.WorkingDirectory(path, spec.WorkingDirectory is null ? "the image's WorkingDir" : "--workdir"));
    }
}
