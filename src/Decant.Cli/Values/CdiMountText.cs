using Decant.Devices;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>A mount of a CDI specification, with the options that OCI runtimes know.</summary>
static class CdiMountText
{
    /// <param name="option">Who asks, for messages.</param>
    /// <exception cref="DecantException">It is one that a launch cannot make.</exception>
    public static MountRequest Parse(CdiMount mount, string option)
    {
        string text = $"{option}: {PathBytes.Printable(mount.ContainerPath)}";
        bool isBind = mount.Type is null or "bind" or "none" || mount.Options.Any(word => word is "bind" or "rbind");
        if (!isBind && mount.Type != "tmpfs")
            throw new DecantException($"{text}: its specification mounts a {PathBytes.Printable(mount.Type!)}, which decant does not");
        if (!mount.ContainerPath.StartsWith('/') || (isBind && !mount.HostPath.StartsWith('/')))
            throw new DecantException($"{text}: its specification mounts {PathBytes.Printable(mount.HostPath)} there, and both must be absolute paths");
        MountRequest request = new()
        {
            Kind = isBind ? MountKind.Bind : MountKind.Tmpfs,
            Source = isBind ? LinuxPath.Absolute(mount.HostPath) : null,
            Target = HostPath.Target(mount.ContainerPath),
            NonRecursive = isBind && mount.Options.Contains("bind") && !mount.Options.Contains("rbind"),
            Text = text,
        };
        foreach (string word in mount.Options)
            request = With(request, word, text);
        return request;
    }

    static MountRequest With(MountRequest request, string word, string text) => word switch
    {
        "ro" => request with { ReadOnly = true },
        "rw" => request with { ReadOnly = false },
        "nosuid" => request with { NoSuid = true },
        "suid" => request with { NoSuid = false },
        "nodev" => request with { NoDev = true },
        "dev" => request with { NoDev = false },
        "noexec" => request with { NoExec = true },
        "exec" => request with { NoExec = false },
        // A bind mount shares what these would set with the host, or has them anyway.
        "bind" or "rbind" or "defaults" or "async" or "sync" or "atime" or "noatime" or "diratime" or "nodiratime" or "relatime" or "norelatime" or "strictatime" or "nostrictatime" => request,
        _ when PropagationText.TryParse(word) is { } propagation => request with { Propagation = propagation },
        _ when request.Kind == MountKind.Tmpfs && word.StartsWith("size=", StringComparison.Ordinal) => request with { SizeBytes = ByteSize.Parse(word["size=".Length..]) },
        _ => throw new DecantException($"{text}: its specification has the mount option {PathBytes.Printable(word)}, which decant does not know"),
    };
}
