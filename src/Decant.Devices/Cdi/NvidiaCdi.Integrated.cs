namespace Decant.Devices;

/// <summary>GPUs whose driver lies in a system of NVIDIA's or Microsoft's own: Jetson Linux, and Windows with its subsystem for Linux. There is one of them, with one set of files.</summary>
public static partial class NvidiaCdi
{
    /// <summary>Engines with NVIDIA's own runtime would otherwise give the GPUs a second time.</summary>
    static readonly string[] own = ["NVIDIA_VISIBLE_DEVICES=void"];

    static CdiSpec Integrated(CdiEdits edits)
    {
        CdiDevice[] devices = [new("0", edits with { Env = [], Mounts = [], Hooks = [] }), new("all", edits with { Env = [], Mounts = [], Hooks = [] })];
        CdiEdits common = edits with { DeviceNodes = [], AdditionalGroups = [] };
        return new CdiSpec("", Version([.. devices], common), Kind, devices, common);
    }

    /// <summary>What Jetson Linux lists for containers.</summary>
    static CdiEdits Tegra(GpuDevices host, HostTree tree, string root, bool withHooks)
    {
        (IReadOnlyList<string> files, IReadOnlyList<(string Target, string Link)> links) = NvidiaTegra.Files(root);
        List<CdiMount> mounts = [.. files.Select(path => new CdiMount(path, path, fileOptions))];
        if (!withHooks)
            mounts.AddRange(links.Select(link => (link.Link, Real: tree.Real(link.Link))).Where(link => link.Real is not null).Select(link => new CdiMount(link.Real!, link.Link, fileOptions)));
        List<CdiHook> hooks = [];
        if (links.Count > 0)
            hooks.Add(Hook("create-symlinks", [.. links.SelectMany(link => (string[])["--link", $"{link.Target}::{link.Link}"])]));
        if (host.CudaVersion is { } cuda)
            hooks.Add(Hook("enable-cuda-compat", $"--host-cuda-version={cuda}"));
        hooks.AddRange(Folders(files.Where(path => path.Contains(".so", StringComparison.Ordinal)).Select(Linux.LinuxPath.Parent)));
        return Nodes(tree, host.Nodes.Where(node => node.Kind == GpuNodeKind.NvidiaTegra).Select(node => node.Path)) with { Env = own, Mounts = mounts, Hooks = withHooks ? hooks : [] };
    }

    /// <summary>The directory in which Windows shows its driver.</summary>
    static CdiEdits Wsl(HostTree tree, bool withHooks)
    {
        const string Directory = "/usr/lib/wsl";
        const string Management = Directory + "/lib/nvidia-smi";
        List<CdiMount> mounts = tree.Exists(Directory) ? [new CdiMount(Directory, Directory, fileOptions)] : [];
        List<CdiHook> hooks = [.. Folders([Directory + "/lib"])];
        if (tree.Exists(Management))
        {
            hooks.Insert(0, Hook("create-symlinks", "--link", $"{Management}::/usr/bin/nvidia-smi"));
            if (!withHooks)
                mounts.Add(new CdiMount(Management, "/usr/bin/nvidia-smi", fileOptions));
        }

        return Nodes(tree, ["/dev/dxg"]) with { Env = own, Mounts = mounts, Hooks = withHooks ? hooks : [] };
    }

    static IEnumerable<CdiHook> Folders(IEnumerable<string> folders)
    {
        string[] all = [.. folders.Distinct()];
        return all.Length == 0 ? [] : [Hook("update-ldcache", [.. all.SelectMany(folder => (string[])["--folder", folder])])];
    }
}
