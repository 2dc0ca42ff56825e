using Decant.Images;
using Decant.Launch.Steps;
using Decant.Linux;

namespace Decant.Launch;

/// <summary>What the specifications of devices want (CDI).</summary>
public sealed partial class LaunchPlanner
{
    const string OfTheRun = "an earlier run of this name has something of its own there, or has removed it";

    void AddDeviceEdits(DeviceEdits edits, Identity identity)
    {
        List<(string Source, string Path, bool IsDirectory)> added = [];
        foreach (MountRequest mount in OuterFirst(edits.Mounts))
            AddDeviceMount(mount, added, edits);
        foreach (string directory in edits.LibraryDirectories)
            AddLibraries(directory, added, edits);
        // These may lead to links by soname.
        foreach (LinkRequest link in edits.Links)
            AddLink(link, added, edits);
        foreach (FileRequest file in edits.Files)
        {
            // A link there is replaced, not followed.
            string place = LinuxPath.Join(targets.Place(LinuxPath.Parent(file.Path)), LinuxPath.Name(file.Path));
            if ((whyNoOverlay ?? (targets.IsKept(place) ? OfTheRun : null)) is { } why)
                notes.Add($"{edits.Text}: {PathBytes.Printable(file.Path)} is not written, as {why}");
            else
                targets.SeedFile(file.Path, [.. file.Content], edits.Text);
        }

        // Only root of the host could make nodes.
        if (identity.Mapping is null)
        {
            foreach (FileRequest file in edits.Covers)
                mounts.Add(new CoverStep { Target = targets.File(file.Path, edits.Text), Content = [.. file.Content], Number = mounts.Count, Why = edits.Text });
        }

        foreach (string what in edits.NotDone)
            notes.Add($"{edits.Text}: {what}");
        foreach (ModeRequest mode in edits.Modes)
            CheckMode(mode, edits.Text);
    }

    void AddDeviceMount(MountRequest mount, List<(string, string, bool)> added, DeviceEdits edits)
    {
        if (mount.Target.TrimEnd('/').Length == 0)
            throw new DecantException($"{mount.Text}: its specification mounts on /");
        if (mount.Kind == MountKind.Tmpfs)
        {
            AddTmpfs(mount);
            return;
        }

        string source = Source(mount, out FileStatus status);
        MountTarget target = targets.Resolve(mount.Target, status.IsDirectory, mount.Text);
        mounts.Add(new BindStep { Source = source, Target = target, Recursive = !mount.NonRecursive, Flags = Flags(mount), Propagation = mount.Propagation, Why = mount.Text });
        targets.MountedHost(target, source, ofUser: false);
        added.Add((source, target.Path, status.IsDirectory));
        ofDevices.Add((target.Path, edits.Text));
    }

    void AddLink(LinkRequest link, List<(string Source, string Path, bool IsDirectory)> added, DeviceEdits edits)
    {
        MakeLink(link, edits.Text);
        string directory = LinuxPath.Parent(link.Path);
        if (!edits.LibraryDirectories.Contains(directory) || targets.View.Resolve(link.Path) is not { Exists: true, HostPath: { } host })
            return;
        if (added.Exists(one => one.Source == host))
            table.Add(host, directory, [LinuxPath.Name(link.Path)]);
    }

    void MakeLink(LinkRequest link, string option)
    {
        // In /dev there is a file system of the launch's own.
        if (whyNoOverlay is not null && !LinuxPath.IsBelow(link.Path, "/dev"))
            notes.Add($"{option}: the link {PathBytes.Printable(link.Path)} is not made, as {whyNoOverlay}");
        else if (targets.Link(link, option, out bool isLeft) is { } step)
            mounts.Add(step);
        else if (isLeft)
            notes.Add($"{option}: the link {PathBytes.Printable(link.Path)} is not made, as {OfTheRun}");
    }

    /// <summary>As ldconfig(8): the mounted libraries of a directory, each with a link by its soname.</summary>
    void AddLibraries(string directory, List<(string Source, string Path, bool IsDirectory)> added, DeviceEdits edits)
    {
        string place = targets.View.Resolve(directory).Path;
        foreach ((string source, string path, bool isDirectory) in added)
        {
            if (isDirectory && (place == path || LinuxPath.IsBelow(place, path)))
                AddLibrariesOf(directory, edits.Text);
            string name = LinuxPath.Name(path);
            if (isDirectory || LinuxPath.Parent(path) != place || !IsLibraryName(name) || LoaderTable.Read(source) is not { } file)
                continue;
            HashSet<string> names = [name];
            if (file.Soname is { } soname && IsFileName(soname) && whyNoOverlay is null && names.Add(soname))
                MakeLink(new LinkRequest(name, LinuxPath.Join(directory, soname)), edits.Text);
            table.AddDirectory(directory, edits.Text);
            table.Add(file, directory, names);
        }
    }

    void AddLibrariesOf(string directory, string option)
    {
        RootEntry there = targets.View.Resolve(directory);
        if (!there.Exists || !there.Status.IsDirectory)
            return;
        table.AddDirectory(directory, option);
        foreach (string name in targets.View.Names(directory).Order(StringComparer.Ordinal))
        {
            if (IsLibraryName(name) && targets.View.Resolve(LinuxPath.Join(directory, name)) is { Exists: true, HostPath: { } host, Status.IsRegular: true })
                table.AddBySoname(host, LinuxPath.Join(directory, name));
        }
    }

    static bool IsLibraryName(string name) =>
        name.StartsWith("lib", StringComparison.Ordinal) && (name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal));

    static bool IsFileName(string name) => name.Length > 0 && name is not ("." or "..") && !name.Contains('/');

    /// <summary>
    /// The directories that decant makes for nodes are open to all, which is what the hook is there for. Of others the mode is the image's or the host's,
    /// where a change would outlast the run.
    /// </summary>
    void CheckMode(ModeRequest mode, string option)
    {
        RootEntry there = targets.View.Resolve(mode.Path);
        uint now = there.Exists ? there.Status.Permissions : 0x1ED;
        if (now != mode.Mode)
            notes.Add($"{option}: the mode of {PathBytes.Printable(mode.Path)} stays {Convert.ToString(now, 8)}, where its specification wants {Convert.ToString(mode.Mode, 8)}");
    }

    /// <summary>Root gets the groups that devices want; others have those of the caller, and no more.</summary>
    Identity WithDeviceGroups(Identity identity)
    {
        if (spec.DeviceEdits is not { Groups.IsEmpty: false } edits)
            return identity;
        List<uint> groups = [.. identity.User.Groups];
        foreach (uint group in edits.Groups)
        {
            uint? inside = identity.Mapping is null ? group : identity.Mapping.ByHelper ? IdMapping.Inside(identity.Mapping.Groups, group) : null;
            if (inside is { } number)
                groups.Add(number);
            else if ((identity.Mapping!.ByHelper || !Credentials.GroupsOfCaller().Contains(group)) && !spec.Devices.All(device => LinuxFile.CanAccess(device.Source, 6)))
                notes.Add($"{edits.Text}: group {group}, to which a device is open, cannot be given: {(identity.Mapping.ByHelper ? "it is not among the subordinate groups" : "you are not in it; sudo usermod -aG " + group + " $USER, then log in again")}");
        }

        return identity with { User = identity.User with { Groups = [.. groups.Distinct()] } };
    }
}
