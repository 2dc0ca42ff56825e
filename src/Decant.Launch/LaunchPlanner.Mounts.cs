using System.Collections.Immutable;
using Decant.Launch.Lowering;
using Decant.Launch.Steps;
using Decant.Linux;

namespace Decant.Launch;

/// <summary>What is mounted in the root.</summary>
public sealed partial class LaunchPlanner
{
    /// <summary>Docker's size of /dev/shm where it is not the host's: 64 MiB.</summary>
    const long DefaultSharedMemoryBytes = 64 * 1024 * 1024;

    void AddKernelFileSystems()
    {
        if (spec.PrivatePids)
            AddNew("proc", "/proc", MountFlags.NoSuid | MountFlags.NoDev | MountFlags.NoExec, "", "its own processes");
        else
            AddHostDirectory("/proc", "the host's processes");
        AddHostDirectory("/sys", "the host's devices and cgroups");
        AddNew("tmpfs", "/dev", MountFlags.NoSuid, "mode=755,size=64m", "devices");
    }

    /// <summary>Returns the path of /dev/null in the root.</summary>
    string AddDevices()
    {
        string dev = targets.View.Resolve("/dev").Path;
        foreach (string node in (ReadOnlySpan<string>)["null", "zero", "full", "random", "urandom", "tty"])
        {
            string path = $"/dev/{node}";
            if (LinuxFile.Exists(path))
                AddBind(path, targets.File(path, "device"), "device");
        }

        foreach ((string name, string target) in (ReadOnlySpan<(string, string)>)[("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2")])
            mounts.Add(new SymlinkStep(dev, name, target));

        // Terminals are the host's, so that a program that gets the caller's can find its name. Opening ptmx looks for the
        // devpts mount beside it (Documentation/filesystems/devpts.rst), so both come together.
        if (LinuxFile.TryStatus(null, "/dev/ptmx", follow: false, out FileStatus ptmx) == Errno.None)
        {
            AddHostDirectory("/dev/pts", "terminals of the host");
            if (ptmx.IsSymbolicLink)
                mounts.Add(new SymlinkStep(dev, "ptmx", LinuxFile.ReadLink(null, "/dev/ptmx")));
            else
                AddBind("/dev/ptmx", targets.File("/dev/ptmx", "device"), "terminals of the host");
        }

        AddSharedMemory();
        targets.ForDevices = true;
        foreach (DeviceRequest device in spec.Devices)
            AddDevice(device);
        targets.ForDevices = false;
        return LinuxPath.Join(dev, "null");
    }

    void AddSharedMemory()
    {
        const MountFlags Flags = MountFlags.NoSuid | MountFlags.NoDev | MountFlags.NoExec;
        if (spec.PrivateIpc || spec.SharedMemoryBytes is not null)
            AddNew("tmpfs", "/dev/shm", Flags, $"mode=1777,size={spec.SharedMemoryBytes ?? DefaultSharedMemoryBytes}", "shared memory of its own");
        else if (LinuxFile.TryStatus(null, "/dev/shm", follow: true, out FileStatus shm) == Errno.None && shm.IsDirectory)
            AddHostDirectory("/dev/shm", "shared memory of the host");
        if (spec.PrivateIpc)
            AddNew("mqueue", "/dev/mqueue", Flags, "", "message queues of its own");
        else if (LinuxFile.TryStatus(null, "/dev/mqueue", follow: true, out FileStatus queues) == Errno.None && queues.IsDirectory)
            AddHostDirectory("/dev/mqueue", "message queues of the host");
    }

    void AddDevice(DeviceRequest device)
    {
        Errno errno = LinuxFile.TryStatus(null, device.Source, follow: true, out FileStatus status);
        if (errno != Errno.None)
            throw new LinuxException($"{device.Text}: open", device.Source, errno);
        if (!status.IsDirectory && status.Type is not (FileType.CharacterDevice or FileType.BlockDevice))
            throw new DecantException($"{device.Text}: {PathBytes.Printable(device.Source)} is not a device node", $"use --volume {PathBytes.Printable(device.Source)}:{PathBytes.Printable(device.Target)} for a file or directory");
        MountTarget target = targets.Resolve(device.Target, status.IsDirectory, device.Text);
        AddBind(device.Source, target, device.Text);
        ofDevices.Add((target.Path, device.Text));
        // What is to be made in it later would be made on the host.
        if (status.IsDirectory)
            targets.MountedHost(target, device.Source, ofUser: false);
    }

    void AddUserMounts()
    {
        foreach (MountRequest mount in OuterFirst(Requests))
            AddUserMount(mount);
    }

    /// <summary>
    /// Outer targets first, whatever the order in which they were asked for: no mount hides one that was asked for below it. What the paths say counts most, as
    /// for docker, since a mount hides links of the image below it; among others it is where those links lead.
    /// </summary>
    List<MountRequest> OuterFirst(ImmutableArray<MountRequest> requests)
    {
        // One alone needs no look at the image.
        if (requests.Length < 2)
            return [.. requests];
        List<PlacedMount> left = [];
        foreach (MountRequest mount in requests)
            left.Add(new PlacedMount(mount, mount.Target.TrimEnd('/'), targets.Place(mount.Target)));
        left = [.. left.OrderBy(mount => mount.Depth)];
        List<MountRequest> sorted = new(left.Count);
        while (left.Count > 0)
        {
            // Paths and links together may go round in a circle.
            int next = Math.Max(0, left.FindIndex(mount => !left.Exists(other => other.GoesBefore(mount))));
            sorted.Add(left[next].Mount);
            left.RemoveAt(next);
        }

        return sorted;
    }

    void AddTmpfs(MountRequest mount)
    {
        string size = mount.SizeBytes is { } bytes ? $",size={bytes}" : "";
        AddNew("tmpfs", mount.Target, Flags(mount), $"mode={Convert.ToString(mount.Mode, 8)}{size}", mount.Text);
    }

    void AddUserMount(MountRequest mount)
    {
        if (mount.Target.TrimEnd('/').Length == 0)
            throw new DecantException($"{mount.Text}: the target must not be /", "choose a directory inside the root");
        if (mount.Kind == MountKind.Tmpfs)
        {
            AddTmpfs(mount);
            return;
        }

        string source = Source(mount, out FileStatus status);
        MountTarget target = targets.Resolve(mount.Target, status.IsDirectory, mount.Text);
        if (mount.Kind == MountKind.Overlay)
        {
            if (!status.IsDirectory)
                throw new DecantException($"{mount.Text}: {source} is not a directory, and only directories can be overlaid");
            mounts.Add(new OverlayStep { Source = source, Target = target, Number = mounts.Count, SourceStatus = status, UserXattrs = host.UserXattrs });
            targets.MountedHost(target, source, ofUser: true);
            return;
        }

        mounts.Add(new BindStep
        {
            Source = source,
            Target = target,
            Recursive = !mount.NonRecursive,
            Flags = Flags(mount),
            Propagation = mount.Propagation,
            Why = mount.Text,
        });
        targets.MountedHost(target, source, ofUser: true);
    }

    string Source(MountRequest mount, out FileStatus status)
    {
        Errno errno = LinuxFile.TryRealPath(mount.Source!, out string? source);
        if (errno == Errno.ENOENT && mount.CreateSource)
        {
            missingSources.Add(mount.Source!);
            status = LinuxFile.Status("/");
            return mount.Source!;
        }

        if (source is null)
            throw new LinuxException($"{mount.Text}: open", mount.Source, errno);
        status = LinuxFile.Status(source);
        return source;
    }

    static MountFlags Flags(MountRequest mount) =>
        (mount.ReadOnly ? MountFlags.ReadOnly : 0)
        | (mount.NoExec ? MountFlags.NoExec : 0)
        | (mount.NoSuid ? MountFlags.NoSuid : 0)
        | (mount.NoDev ? MountFlags.NoDev : 0);

    void AddNew(string type, string path, MountFlags flags, string options, string why)
    {
        MountTarget target = targets.Directory(path, why);
        mounts.Add(new FileSystemStep { Type = type, Target = target, Flags = flags, Options = options, Why = why });
        targets.MountedEmpty(target);
    }

    void AddHostDirectory(string path, string why)
    {
        MountTarget target = targets.Directory(path, why);
        AddBind(path, target, why);
        targets.MountedHost(target, path, ofUser: false);
    }

    void AddBind(string source, MountTarget target, string why) => mounts.Add(new BindStep { Source = source, Target = target, Why = why });
}
