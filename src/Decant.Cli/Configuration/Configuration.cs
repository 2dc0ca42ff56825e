using System.Collections.Immutable;
using Decant.Devices;
using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>What the configuration files say, the user's over the system's. Lists add up; of single values the later file's counts.</summary>
sealed record Configuration
{
    /// <summary>The store's directory; null where no file names one.</summary>
    public string? Root { get; init; }

    /// <summary>An ordinary user's images keep their owners, as subordinate ids of the user's.</summary>
    public bool MapsOwners { get; init; }

    /// <summary>What images may hold.</summary>
    public ImageLimits Limits { get; init; } = ImageLimits.Default;

    public ImmutableArray<MountRequest> Volumes { get; init; } = [];
    public ImmutableArray<EnvRequest> Env { get; init; } = [];
    public ImmutableArray<UlimitRequest> Ulimits { get; init; } = [];

    /// <summary>Directories of CDI specifications beside the usual ones.</summary>
    public ImmutableArray<string> Cdi { get; init; } = [];

    /// <summary>Of two specifications of a device that of the later directory counts.</summary>
    public IReadOnlyList<string> CdiDirectories => [.. CdiRegistry.DefaultDirectories, .. UserDirectory() is { } user ? [$"{user}/cdi"] : Array.Empty<string>(), .. Cdi];

    public long? SharedMemoryBytes { get; init; }
    public long? MemoryBytes { get; init; }
    public double? Cpus { get; init; }
    public bool? ReadOnly { get; init; }

    /// <summary>Null where no file says anything about registries or pulls.</summary>
    public RegistrySettings? Registries { get; init; }

    /// <summary>The store of all commands: DECANT_ROOT, then the files, then the place of XDG's rule.</summary>
    /// <exception cref="DecantException">It is not of the kind that the files ask for.</exception>
    public ImageStore OpenStore()
    {
        ImageStore store = Store;
        store.CheckOwners();
        return store;
    }

    /// <summary>The same store, without a look at it.</summary>
    public ImageStore Store =>
        new(Root is not null && string.IsNullOrEmpty(CallerEnvironment.Get("DECANT_ROOT")) ? Root : ImageStore.DefaultRoot)
        {
            Limits = Limits,
            // To the host's root, owners are what they are.
            MapsOwners = MapsOwners && !CallerNamespace.IsFirst,
        };

    /// <summary>The image source that the text names, with what the files say about registries.</summary>
    public ImageSource Source(string text) => ImageSource.Parse(text, (Registries ?? new RegistrySettings()) with
    {
        Notify = message => StandardStreams.WriteError($"decant: {message}\n"),
    });

    /// <summary>Reads the files that exist. Where there are none, this costs two failing opens, and no TOML code runs.</summary>
    public static Configuration Load()
    {
        Configuration configuration = new();
        foreach (string? file in (ReadOnlySpan<string?>)["/etc/decant/config.toml", UserFile()])
        {
            if (file is null)
                continue;
            Errno errno = LinuxFile.TryReadAll(null, file, out byte[] bytes);
            if (errno == Errno.None)
                configuration = ConfigurationFile.Read(bytes, file, configuration);
            // A home that the caller may not even search is somebody else's (sudo and su can leave HOME behind): no file of theirs.
            else if (errno is not (Errno.ENOENT or Errno.ENOTDIR) && LinuxFile.TryStatus(null, file, follow: true, out _) != Errno.EACCES)
                throw new LinuxException("read", file, errno);
        }

        return configuration;
    }

    static string? UserFile() => UserDirectory() is { } directory ? directory + "/decant/config.toml" : null;

    /// <summary>Null also where it is another user's and the caller is root: sudo and su can leave HOME behind, and its owner must not choose what root runs.</summary>
    static string? UserDirectory()
    {
        string? directory = CallerEnvironment.Get("XDG_CONFIG_HOME");
        if (string.IsNullOrEmpty(directory))
            directory = CallerEnvironment.Get("HOME") is { Length: > 0 } home ? home + "/.config" : "";
        // The rule of XDG: a relative one is to be ignored.
        bool usable = directory.StartsWith('/')
            && (Libc.GetEffectiveUserId() != 0 || LinuxFile.TryStatus(null, directory, follow: true, out FileStatus status) != Errno.None || status.Owner == 0);
        return usable ? directory : null;
    }
}
