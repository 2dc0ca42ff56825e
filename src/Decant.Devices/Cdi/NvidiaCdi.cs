using System.Globalization;
using Decant.Linux;

namespace Decant.Devices;

/// <summary>
/// A specification of this host's NVIDIA GPUs, of the same effect as that of <c>nvidia-ctk cdi generate</c>: for decant itself, and for engines where
/// NVIDIA's toolkit, whose hooks it names, is installed.
/// </summary>
public static partial class NvidiaCdi
{
    public const string Kind = "nvidia.com/gpu";

    const string HookProgram = "/usr/bin/nvidia-cdi-hook";

    static readonly string[] fileOptions = ["ro", "nosuid", "nodev", "rbind", "rprivate"];
    static readonly string[] socketOptions = ["nosuid", "nodev", "rbind", "rprivate", "noexec"];
    static readonly string[] controlNodes = ["/dev/nvidia-modeset", "/dev/nvidia-uvm-tools", "/dev/nvidia-uvm", "/dev/nvidiactl"];
    static readonly string[] programDirectories = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <param name="host">As it was probed.</param>
    /// <param name="root">Where / is: tests give a recorded tree.</param>
    /// <param name="hooks">False for engines without NVIDIA's toolkit: each library is mounted under each of its names, and what else hooks would do is not done.</param>
    /// <exception cref="DecantException">There is no NVIDIA GPU, or no driver.</exception>
    public static CdiSpec Generate(GpuDevices host, string root = "/", bool hooks = true)
    {
        if (host.UsesTegraFiles)
            return Integrated(Tegra(host, new HostTree(root), root, hooks));
        if (host.IsWsl)
            return Integrated(Wsl(new HostTree(root), hooks));
        if (host.NvidiaDriver is not { } driver)
            throw new DecantException("no specification can be written: this host has no NVIDIA GPU with a driver", "decant host");
        HostTree tree = new(root);
        List<CdiDevice> devices = [];
        CdiEdits all = CdiEdits.None;
        foreach ((string[] names, CdiEdits whole) in Devices(host, tree))
        {
            CdiEdits edits = hooks ? whole : whole with { Hooks = [] };
            devices.AddRange(names.Select(name => new CdiDevice(name, edits)));
            all = all.With(edits);
        }

        if (devices.Count == 0)
            throw new DecantException("no specification can be written: the driver shows no GPU, and there is no /dev/nvidia0", "decant host");
        devices.Add(new CdiDevice("all", all));
        CdiEdits common = Common(driver, tree, hooks);
        return new CdiSpec("", Version(devices, common), Kind, devices, common);
    }

    /// <summary>The oldest that has all that is used, as old engines read no newer one: names that begin with digits, groups.</summary>
    static string Version(List<CdiDevice> devices, CdiEdits common) =>
        (common.AdditionalGroups.Count > 0 || devices.Exists(device => device.Edits.AdditionalGroups.Count > 0) ? CdiVersion.AdditionalGroups : CdiVersion.DigitFirst).ToString();

    /// <summary>A GPU that is divided can be used by its parts alone.</summary>
    static IEnumerable<(string[] Names, CdiEdits Edits)> Devices(GpuDevices host, HostTree tree)
    {
        IReadOnlyList<NvidiaGpu> gpus = host.NvidiaGpus.Count > 0
            ? host.NvidiaGpus
            : [.. host.Nodes.Where(node => node.Kind == GpuNodeKind.NvidiaGpu).Select(node => new NvidiaGpu("", null, null, int.Parse(node.Path.AsSpan("/dev/nvidia".Length), CultureInfo.InvariantCulture)))];
        for (int index = 0; index < gpus.Count; index++)
        {
            NvidiaGpu gpu = gpus[index];
            string node = $"/dev/nvidia{gpu.Minor ?? index}";
            if (!tree.Exists(node))
                continue;
            NvidiaMigDevice[] parts = [.. host.NvidiaMigDevices.Where(part => part.GpuMinor == (gpu.Minor ?? index))];
            for (int i = 0; i < parts.Length; i++)
                yield return ([$"{index}:{i}"], Nodes(tree, [node, .. parts[i].Nodes]));
            if (parts.Length == 0)
                yield return (gpu.Uuid is { } uuid && CdiName.WhyNoName(uuid) is null ? [$"{index}", uuid] : [$"{index}"], Gpu(gpu, node, tree));
        }
    }

    static CdiEdits Gpu(NvidiaGpu gpu, string node, HostTree tree)
    {
        string[] display = gpu.BusLocation is { } bus ? [.. tree.Names($"/sys/bus/pci/devices/{bus}/drm").Where(name => tree.Exists($"/dev/dri/{name}"))] : [];
        List<string> words = [];
        foreach (string name in display)
        {
            // The name by the bus leads to the node, as udev makes it.
            string link = $"/dev/dri/by-path/pci-{gpu.BusLocation}-{(name.StartsWith("render", StringComparison.Ordinal) ? "render" : "card")}";
            if (GpuNode.KindOf($"/dev/dri/{name}") is not null)
                words.AddRange(["--link", $"../{name}::{link}"]);
        }

        CdiEdits edits = Nodes(tree, [node, .. display.Select(name => $"/dev/dri/{name}").Where(path => GpuNode.KindOf(path) is not null)]);
        return words.Count == 0 ? edits : edits with { Hooks = [Hook("create-symlinks", [.. words])] };
    }

    static CdiEdits Nodes(HostTree tree, IEnumerable<string> paths)
    {
        List<CdiDeviceNode> nodes = [];
        SortedSet<uint> groups = [];
        foreach (string path in paths)
        {
            nodes.Add(new CdiDeviceNode(path));
            if (tree.Status(path) is { Group: not 0 } status && (status.Permissions & 6) != 6)
                groups.Add(status.Group);
        }

        return new CdiEdits { DeviceNodes = nodes, AdditionalGroups = [.. groups] };
    }

    static CdiEdits Common(NvidiaDriver driver, HostTree tree, bool withHooks)
    {
        NvidiaDriverFiles files = NvidiaDriverFiles.Probe(driver, DriverCapabilities.All, tree["/"]);
        List<CdiMount> mounts = [.. files.Libraries.Select(library => new CdiMount(library.Path, library.Path, fileOptions))];
        if (!withHooks)
            mounts.AddRange(files.Libraries.SelectMany(library => Links(library).Select(link => new CdiMount(library.Path, link.Path, fileOptions))).DistinctBy(mount => mount.ContainerPath));

        mounts.AddRange(files.Programs.Select(program => new CdiMount(program.Path, ProgramPath(program), fileOptions)));
        mounts.AddRange(files.VendorFiles.Select(path => new CdiMount(path, path, fileOptions)));
        mounts.AddRange(Firmware(driver, tree).Select(path => new CdiMount(path, path, fileOptions)));
        mounts.AddRange(files.Sockets.Select(path => new CdiMount(path, path, socketOptions)));
        string? cuda = files.Libraries.FirstOrDefault(library => library.Names.Contains("libcuda.so.1"))?.Path;
        return Nodes(tree, controlNodes.Where(tree.Exists)) with
        {
            // Engines with NVIDIA's own runtime would otherwise give the GPUs a second time.
            Env = [.. cuda is null ? Array.Empty<string>() : [$"NVIDIA_CTK_LIBCUDA_DIR={LinuxPath.Parent(cuda)}"], "NVIDIA_VISIBLE_DEVICES=void"],
            Mounts = mounts,
            Hooks = withHooks ? Hooks(driver, files) : [],
        };
    }

    static List<CdiHook> Hooks(NvidiaDriver driver, NvidiaDriverFiles files)
    {
        string[] links = [.. files.Libraries.SelectMany(Links).Select(link => $"{link.Target}::{link.Path}").Distinct()];
        string[] folders = [.. files.Libraries.Select(library => LinuxPath.Parent(library.Path)).Distinct()];
        List<CdiHook> hooks = [];
        if (links.Length > 0)
            hooks.Add(Hook("create-symlinks", [.. links.SelectMany(link => (string[])["--link", link])]));
        hooks.Add(Hook("enable-cuda-compat", $"--host-driver-version={driver.Text}"));
        if (folders.Length > 0)
            hooks.Add(Hook("update-ldcache", [.. folders.SelectMany(folder => (string[])["--folder", folder])]));
        hooks.Add(Hook("disable-device-node-modification"));
        return hooks;
    }

    /// <summary>By which it is opened: its soname to the file, and what programs are linked by to the soname.</summary>
    static IEnumerable<(string Target, string Path)> Links(DriverFile library)
    {
        string directory = LinuxPath.Parent(library.Path);
        string file = LinuxPath.Name(library.Path);
        string soname = library.Names.FirstOrDefault(name => name.Contains(".so.", StringComparison.Ordinal)) ?? file;
        foreach (string name in library.Names)
            yield return (name == soname ? file : soname, $"{directory}/{name}");
        if (file.StartsWith("libGLX_nvidia.so.", StringComparison.Ordinal))
            yield return (file, $"{directory}/libGLX_indirect.so.0");
        if (file.StartsWith("libnvidia-allocator.so.", StringComparison.Ordinal))
            yield return ($"../{soname}", $"{directory}/gbm/nvidia-drm_gbm.so");
    }

    /// <summary>Where programs of the image find it.</summary>
    static string ProgramPath(DriverFile program) =>
        Array.IndexOf(programDirectories, LinuxPath.Parent(program.Path)) >= 0 ? program.Path : $"/usr/bin/{program.Names[0]}";

    /// <summary>Of the GPUs' own processors, in the directories in which the kernel looks.</summary>
    static IEnumerable<string> Firmware(NvidiaDriver driver, HostTree tree)
    {
        string? release = tree.Text("/proc/sys/kernel/osrelease");
        string?[] directories =
        [
            tree.Text("/sys/module/firmware_class/parameters/path"), release is null ? null : $"/lib/firmware/updates/{release}", "/lib/firmware/updates",
            release is null ? null : $"/lib/firmware/{release}", "/lib/firmware",
        ];
        foreach (string? directory in directories)
        {
            if (string.IsNullOrEmpty(directory))
                continue;
            string place = $"{directory}/nvidia/{driver.Text}";
            foreach (string name in tree.Names(place))
            {
                if (name.StartsWith("gsp", StringComparison.Ordinal) && name.EndsWith(".bin", StringComparison.Ordinal))
                    yield return $"{place}/{name}";
            }
        }
    }

    static CdiHook Hook(string name, params string[] words) => new("createContainer", HookProgram, [LinuxPath.Name(HookProgram), name, .. words]);
}
