namespace Decant.Launch;

/// <summary>What decides whether overlayfs may be mounted.</summary>
/// <param name="Registered">/proc/filesystems lists it.</param>
/// <param name="ModuleAvailable">It is not loaded, but the running kernel's modules have it.</param>
/// <param name="Kernel">The running kernel.</param>
public sealed record OverlayFacts(bool Registered, bool ModuleAvailable, KernelRelease Kernel)
{
    public static OverlayFacts Probe(HostFiles files)
    {
        KernelRelease kernel = KernelRelease.Parse(files.Text("/proc/sys/kernel/osrelease")?.Trim() ?? "");
        bool registered = IsRegistered(files.Text("/proc/filesystems") ?? "");
        string modules = registered ? "" : files.Text($"/lib/modules/{kernel.Text}/modules.dep") ?? "";
        return new OverlayFacts(registered, modules.Contains("/overlayfs/overlay.ko", StringComparison.Ordinal), kernel);
    }

    /// <summary>The text of /proc/filesystems: a file system's name stands last on its line.</summary>
    internal static bool IsRegistered(string filesystems)
    {
        foreach (string line in filesystems.Split('\n'))
        {
            if (line.Trim().Split('\t')[^1] == "overlay")
                return true;
        }

        return false;
    }
}
