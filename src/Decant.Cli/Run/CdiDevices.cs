using Decant.Devices;
using Decant.Doctor;
using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>--device VENDOR/CLASS=NAME</c>: devices by the names that specifications of this host give them (CDI).</summary>
static class CdiDevices
{
    /// <summary>The launch with the devices in it.</summary>
    /// <param name="directories">Of specifications; the last counts most.</param>
    /// <exception cref="DecantException">One is not known, or wants what decant does not do.</exception>
    public static LaunchSpec Apply(LaunchSpec spec, IReadOnlyList<CdiName> names, IReadOnlyList<string> directories)
    {
        CdiEdits edits = CdiRegistry.Load(directories).Edits(names.Distinct());
        string text = string.Join(' ', names.Distinct());
        string option = $"--device {text}";
        if (edits.NetDevices.Count > 0)
            throw new DecantException($"{option}: its specification moves the network device {PathBytes.Printable(edits.NetDevices[0])} of the host, and a native run has the host's network", "leave the device out: the program can use the interface as it is");
        NvidiaHooks hooks = NvidiaHooks.Parse(edits.Hooks, option);
        List<DeviceRequest> nodes = [];
        List<MountRequest> mounts = [.. edits.Mounts.Select(mount => CdiMountText.Parse(mount, option))];
        foreach (CdiDeviceNode node in edits.DeviceNodes)
            Add(node, text, nodes, mounts);
        byte[]? profile = hooks.LimitsGraphics ? NvidiaGraphicsProfile.For(nodes.Select(node => node.Target)) : null;
        DeviceEdits own = new()
        {
            Mounts = [.. mounts],
            Links = [.. hooks.Links.Select(link => new LinkRequest(link.Target, HostPath.Target(link.Link)))],
            LibraryDirectories = [.. hooks.Folders.Select(HostPath.Target)],
            FirstLibraryDirectory = hooks.Compat is { } compat ? ForwardCompatibility.Directory(new RootView(spec.Image.Layers.AsSpan()), compat) : null,
            Groups = [.. edits.AdditionalGroups],
            Files = profile is null ? [] : [new FileRequest(NvidiaGraphicsProfile.Path, [.. profile])],
            Covers = hooks.HidesDeviceFiles ? [.. NvidiaParameters.WithoutDeviceFiles(nodes.Select(node => node.Target).ToHashSet()).Select(file => new FileRequest(file.Path, [.. file.Content]))] : [],
            Modes = [.. hooks.Modes.Select(mode => new ModeRequest(HostPath.Target(mode.Path), mode.Mode))],
            NotDone = edits.HasIntelRdt ? ["a share of the processor's caches (intelRdt), as there is no container that could have one"] : [],
            Text = option,
        };
        return spec with
        {
            Devices = [.. spec.Devices, .. nodes],
            // What the user says goes over it.
            Env = [.. edits.Env.Select(variable => Variable(variable, option)), .. spec.Env],
            DeviceEdits = spec.DeviceEdits?.With(own) ?? own,
        };
    }

    static void Add(CdiDeviceNode node, string text, List<DeviceRequest> nodes, List<MountRequest> mounts)
    {
        string source = node.HostPath ?? node.Path;
        if (!source.StartsWith('/') || !node.Path.StartsWith('/'))
            throw new DecantException($"--device {text}: its specification has the device node {PathBytes.Printable(source)}, which is not an absolute path");
        source = LinuxPath.Absolute(source);
        string target = HostPath.Target(node.Path);
        if (node.Type == "p")
        {
            mounts.Add(new MountRequest { Kind = MountKind.Bind, Source = source, Target = target, Text = $"--device {text}" });
            return;
        }

        if (LinuxFile.TryStatus(null, source, follow: true, out FileStatus status) == Errno.None && status.Type is not (FileType.CharacterDevice or FileType.BlockDevice))
            throw new DecantException($"--device {text}: {PathBytes.Printable(source)} of its specification is not a device node");
        if (!LinuxFile.Exists(source))
            throw new DecantException($"--device {text}: the device node {PathBytes.Printable(source)} of its specification is not there", source.StartsWith("/dev/nvidia", StringComparison.Ordinal) ? "sudo nvidia-modprobe -u -c 0; or write the specification anew: decant host --cdi" : "load the device's driver, or write the specification anew");
        nodes.RemoveAll(other => other.Target == target);
        nodes.Add(new DeviceRequest(source, target, $"--device {text}"));
    }

    static EnvRequest Variable(string text, string option)
    {
        int equals = text.IndexOf('=');
        return new EnvRequest(text[..equals], text[(equals + 1)..], option);
    }
}
