using Decant.Linux;

namespace Decant.Launch;

/// <summary>What an error of mounting overlayfs means on this host, and what to do.</summary>
public static class OverlayAdvice
{
    internal const string Instead = "run without a writable layer: decant run --read-only, with -v or --tmpfs where the program writes";

    /// <param name="readOnly">The run is read-only already, which therefore is no advice.</param>
    public static Advice For(Errno errno, OverlayFacts overlay, UserNamespaceFacts namespaces, bool readOnly = false) =>
        For(errno, overlay, namespaces, readOnly ? null : Instead);

    static Advice For(Errno errno, OverlayFacts overlay, UserNamespaceFacts namespaces, string? instead) => errno switch
    {
        Errno.ENODEV when overlay.ModuleAvailable => new Advice("the overlay module is not loaded", "sudo modprobe overlay && echo overlay | sudo tee /etc/modules-load.d/overlay.conf"),
        Errno.ENODEV => new Advice("this kernel has no overlayfs", instead),
        Errno.EPERM or Errno.EACCES when !namespaces.IsRoot && namespaces.AppArmorHolds => UserNamespaceAdvice.ForMount(errno, namespaces),
        Errno.EPERM when !namespaces.IsRoot && !overlay.Kernel.IsAtLeast(5, 11) => new Advice($"kernel {overlay.Kernel.Text} mounts overlayfs for root only (5.11 and later do for everyone)", instead),
        Errno.EPERM or Errno.EACCES => UserNamespaceAdvice.ForMount(errno, namespaces),
        Errno.EINVAL when !namespaces.IsRoot && !overlay.Kernel.IsAtLeast(5, 11) => new Advice($"kernel {overlay.Kernel.Text} does not know the userxattr option of overlayfs (5.11 and later do)", instead),
        Errno.EINVAL => new Advice("the file system of the store or of the writable layer cannot be part of an overlay (NFS, FUSE, another overlay, or one without d_type)", "put the store on a local disk: DECANT_ROOT=DIR" + (instead is null ? "" : "; or " + instead)),
        Errno.ESTALE => new Advice("the writable layer was made over other layers", "remove the named run (decant rm NAME) and start it anew"),
        Errno.ELOOP => new Advice("the layers are on an overlay that is itself stacked as deep as the kernel allows", "put the store on a file system that is no overlay: DECANT_ROOT=DIR"),
        Errno.EBUSY => new Advice("the named run is in use by another process", "end that process, or give the run another --name"),
        _ => new Advice(errno.Describe(), instead),
    };
}
