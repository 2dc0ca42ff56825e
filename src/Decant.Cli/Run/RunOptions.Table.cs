using Decant.Devices;
using Decant.Images;
using Decant.Linux;

namespace Decant.Cli;

/// <content>The options, in the order in which help shows them.</content>
sealed partial class RunOptions
{
    /// <summary>docker's names, letters and meanings; --root and --dry-run are decant's own.</summary>
    public CliOption[] Table() =>
    [
        new()
        {
            Name = "entrypoint", Placeholder = "PROGRAM", Topic = OptionTopic.Program, Hint = ValueHint.Files,
            Help = "Replace the image's entrypoint; \"\" for none", Apply = text => entrypoint = text,
        },
        new()
        {
            Name = "workdir", Letter = 'w', Placeholder = "DIR", Topic = OptionTopic.Program,
            Help = "Working directory inside", Apply = text => workingDirectory = AbsoluteDirectory(text),
        },
        CliOption.Flag("interactive", 'i', OptionTopic.Program, "Give the program decant's standard input", on => interactive = on),
        CliOption.Flag("tty", 't', OptionTopic.Program, "Give the program a terminal of its own", on => terminal = on),
        new()
        {
            Name = "name", Placeholder = "NAME", Topic = OptionTopic.Program,
            Help = "Keep what the run writes, under this name", Apply = text => name = NameText.Run(text),
        },
        CliOption.Flag("rm", '\0', OptionTopic.Program, "Remove it at the end (the rule without --name)", on => remove = on),
        CliOption.Flag("mpi", '\0', OptionTopic.Program, "Be a rank of the host's mpirun or srun", on => isRank = on),
        new()
        {
            Name = "platform", Placeholder = "OS/ARCH", Topic = OptionTopic.Program, Hint = ValueHint.Choices,
            Choices = ["linux/amd64", "linux/arm64"],
            Help = "The image's platform", Apply = text => Platform = Platform.Parse(text),
        },
        new()
        {
            Name = "volume", Letter = 'v', Placeholder = "SRC:DST[:OPTS]", Topic = OptionTopic.Files, Hint = ValueHint.Files,
            Help = "Bind a file or directory: ro, rw, rslave, ...", Apply = text => mounts.Add(VolumeText.Parse(text)),
        },
        new()
        {
            Name = "mount", Placeholder = "KEY=VALUE,...", Topic = OptionTopic.Files, Hint = ValueHint.Choices,
            Choices = ["type=bind,source=", "type=tmpfs,target=", "type=overlay,source="],
            Help = "A mount of type bind, tmpfs or overlay", Apply = text => mounts.Add(MountText.Parse(text)),
        },
        new()
        {
            Name = "tmpfs", Placeholder = "DST[:OPTS]", Topic = OptionTopic.Files,
            Help = "Empty files in memory: size=, mode=, exec, ...", Apply = text => mounts.Add(TmpfsText.Parse(text)),
        },
        CliOption.Flag("read-only", '\0', OptionTopic.Files, "The image's files cannot be changed", on => readOnly = on),
        new()
        {
            Name = "env", Letter = 'e', Placeholder = "NAME[=VALUE]", Topic = OptionTopic.Environment, Hint = ValueHint.Variables,
            Help = "Set a variable; NAME alone takes yours", Apply = text => env.Add(EnvText.Parse(text, "--env")),
        },
        new()
        {
            Name = "env-file", Placeholder = "FILE", Topic = OptionTopic.Environment, Hint = ValueHint.Files,
            Help = "Set the variables that a file lists", Apply = envFiles.Add,
        },
        new()
        {
            Name = "user", Letter = 'u', Placeholder = "USER[:GROUP]", Topic = OptionTopic.Identity,
            Help = "Run as this user, by name or number", Apply = text => user = text.Length == 0 ? null : text,
        },
        CliOption.Flag("root", '\0', OptionTopic.Identity, "Be root inside, without being root here", on => mapToRoot = on),
        new()
        {
            Name = "hostname", Letter = 'h', Placeholder = "NAME", Topic = OptionTopic.Isolation,
            Help = "A host name of the program's own", Apply = text => hostname = NameText.Host(text),
        },
        Namespace("ipc", null, "host|private", "Shared memory and semaphores: the host's or own", ["host", "private"], on => privateIpc = on),
        Namespace("network", "net", "host|none", "The host's network, or none", ["host", "none"], on => privateNetwork = on),
        Namespace("pid", null, "host|private", "The host's processes, or its own only", ["host", "private"], on => privatePids = on),
        new()
        {
            Name = "security-opt", Placeholder = "OPT", Topic = OptionTopic.Isolation, Hint = ValueHint.Choices, Choices = SecurityText.Known,
            Help = "seccomp=builtin as docker's; no-new-privileges", Apply = text =>
            {
                (bool? filter, bool? without) = SecurityText.Parse(text);
                seccomp = filter ?? seccomp;
                noNewPrivileges = without ?? noNewPrivileges;
            },
        },
        new()
        {
            Name = "cpus", Placeholder = "NUMBER", Topic = OptionTopic.Resources,
            Help = "CPUs' worth of time, such as 1.5", Apply = text => (cpus, cpusGiven) = (CpuCount.Parse(text), true),
        },
        new()
        {
            Name = "memory", Letter = 'm', Placeholder = "BYTES", Topic = OptionTopic.Resources,
            Help = "Limit of memory: b, k, m or g after the number", Apply = text => (memory, memoryGiven) = (NoneIfZero(text), true),
        },
        new()
        {
            Name = "shm-size", Placeholder = "BYTES", Topic = OptionTopic.Resources,
            Help = "A /dev/shm of its own, of this size", Apply = text => (sharedMemory, sharedMemoryGiven) = (NoneIfZero(text), true),
        },
        new()
        {
            Name = "ulimit", Placeholder = "NAME=SOFT[:HARD]", Topic = OptionTopic.Resources, Hint = ValueHint.Choices,
            Choices = [.. Array.ConvertAll<string, string>([.. UlimitText.Names], limit => limit + "=")],
            Help = "A limit such as nofile, stack, memlock, core", Apply = text => ulimits.Add(UlimitText.Parse(text)),
        },
        new()
        {
            Name = "device", Placeholder = "SRC[:DST]|VENDOR/CLASS=NAME", Topic = OptionTopic.Devices, Hint = ValueHint.Files,
            Help = "A device, a directory of them, or a CDI device", Apply = AddDevice,
        },
        new()
        {
            Name = "gpus", Placeholder = "all|N|device=LIST", Topic = OptionTopic.Devices, Hint = ValueHint.Choices, Choices = ["all", "auto", "none", "device="],
            Help = "GPUs, with the host's driver", Apply = text => gpus = GpuChoice.Parse(text),
        },
    ];

    static CliOption Namespace(string name, string? alias, string placeholder, string help, string[] words, Action<bool> apply) => new()
    {
        Name = name,
        Alias = alias,
        Placeholder = placeholder,
        Topic = OptionTopic.Isolation,
        Help = help,
        Hint = ValueHint.Choices,
        Choices = words,
        Apply = text => apply(Array.IndexOf(words, text) switch
        {
            0 => false,
            1 => true,
            _ => throw new DecantException(NamespaceReason(name, text), $"write --{name} {words[0]} (the rule) or --{name} {words[1]}"),
        }),
    };

    static string NamespaceReason(string name, string text) => (name, text) switch
    {
        ("network", "bridge" or "default") => "decant builds no networks: a native run has the host's, or none",
        (_, _) when text.StartsWith("container:", StringComparison.Ordinal) => "there is no container to share with: every run is a process of the host",
        ("ipc", "shareable" or "none") => "a native run shares the host's, or has its own with a /dev/shm",
        _ => $"there is no {name} namespace {PathBytes.Printable(text)}",
    };

    static string AbsoluteDirectory(string text) =>
        text.Length > 0 && text[0] == '/' ? text : throw new DecantException("not an absolute path inside the image");

    void AddDevice(string text)
    {
        if (CdiName.LooksLike(text))
            namedDevices.Add(CdiName.Parse(text));
        else
            devices.Add(DeviceText.Parse(text));
    }

    /// <summary>0 is docker's word for no limit.</summary>
    static long? NoneIfZero(string text) => ByteSize.Parse(text) is > 0 and long bytes ? bytes : null;
}
