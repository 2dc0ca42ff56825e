using Decant.Images;
using Decant.Launch.Steps;
using Decant.Linux;

namespace Decant.Launch;

/// <summary>
/// Follows a plan while it is made: what is mounted where so far, and so where the next mount will land. Links of the image are
/// followed here, inside the root. What a mount needs and the image lacks is made in the upper layer (<see cref="Seeds"/>), and never
/// in a directory of the host to which an image's link leads.
/// </summary>
/// <param name="view">The image's root.</param>
/// <param name="hasUpper">False where nothing can be made in the root.</param>
/// <param name="changeOwner">What is made may get the owner of what it stands for.</param>
/// <param name="kept">Whose upper layer the next run of its name finds; null for one that ends with the run.</param>
sealed class TargetResolver(RootView view, bool hasUpper, bool changeOwner, KeptRun? kept = null)
{
    enum Covering
    {
        Root,
        Empty,
        Host,
        OfUser,
    }

    const uint DirectoryMode = 0x1ED; // 0755

    readonly List<(string Target, Covering Kind)> mounts = [];
    readonly List<LaunchStep> seeds = [];
    readonly HashSet<(string Path, bool OfDevices)> seeded = [];

    /// <summary>Links that are made in the upper layer, which the view does not have, with the places inside the root that they lead to.</summary>
    readonly List<(string Place, string Target)> links = [];

    /// <summary>Most files go into one directory, /etc.</summary>
    MountTarget? lastDirectory;

    /// <summary>
    /// What is made now is made for devices: of a kept run in a layer of its own, as the next run may have none. Where an earlier run hides that layer, the upper
    /// one has the place.
    /// </summary>
    public bool ForDevices
    {
        get;
        set
        {
            field = value && kept is not null;
            lastDirectory = null;
        }
    }

    /// <summary>Whether a kept run has something of its own at a place, or has removed what was there, so that nothing for devices can be put there but in its stead.</summary>
    /// <param name="place">Without links.</param>
    public bool IsKept(string place) => ForDevices && kept!.Hides(place);

    /// <summary>The root as it looks after the mounts so far.</summary>
    public RootView View => view;

    /// <summary>What to make in the upper layer before the overlay is mounted, in order.</summary>
    public List<LaunchStep> Seeds => seeds;

    public MountTarget Directory(string path, string option) => Resolve(path, isDirectory: true, option);

    public MountTarget File(string path, string option) => Resolve(path, isDirectory: false, option);

    /// <exception cref="DecantException">It is something else, or would have to be made where that must not be.</exception>
    public MountTarget WorkingDirectory(string path, string option)
    {
        RootEntry entry = Find(path);
        return !entry.Exists || entry.Status.IsDirectory
            ? Resolve(path, entry, isDirectory: true, option)
            : throw new DecantException($"{option}: {PathBytes.Printable(path)} is a file in the image, not a directory");
    }

    /// <summary>The place for a mount: of a directory or of a file, as its source is.</summary>
    /// <param name="path">Inside the root.</param>
    /// <param name="isDirectory">What is to be mounted.</param>
    /// <param name="option">Who asks, for messages: "--volume /a:/b".</param>
    /// <exception cref="DecantException">Something else is there, or it would have to be made where that must not be.</exception>
    public MountTarget Resolve(string path, bool isDirectory, string option) => Resolve(path, Find(path), isDirectory, option);

    /// <summary>Where a path leads, through the image's links and those that are made.</summary>
    RootEntry Find(string path)
    {
        const int MostLinks = 40;
        RootEntry entry = View.Resolve(path);
        for (int followed = 0; links.FindIndex(link => entry.Path == link.Place || LinuxPath.IsBelow(entry.Path, link.Place)) is >= 0 and var index; followed++)
        {
            if (followed == MostLinks)
                throw new LinuxException("resolve in the image", path, Errno.ELOOP);
            entry = View.Resolve(links[index].Target + entry.Path[links[index].Place.Length..]);
        }

        return entry;
    }

    MountTarget Resolve(string path, RootEntry entry, bool isDirectory, string option)
    {
        if (entry.Exists)
        {
            if (entry.Status.IsDirectory != isDirectory)
            {
                throw new DecantException(isDirectory
                    ? $"{option}: {PathBytes.Printable(path)} is not a directory in the image, but a directory is to be mounted there"
                    : $"{option}: {PathBytes.Printable(path)} is a directory in the image, but a file is to be mounted there");
            }

            return new MountTarget(path, entry.Path, LinuxPath.Parent(entry.Path), [], isDirectory);
        }

        if (entry.Errno != Errno.ENOENT)
            throw new LinuxException($"{option}: resolve in the image", path, entry.Errno);

        string parent = entry.ExistingParent!;
        string[] missing = Missing(entry);
        switch (CoveringOf(parent))
        {
            case Covering.Root:
                Seed(parent, missing, isDirectory ? DirectoryMode : null, option);
                missing = [];
                break;
            // What is missing in a directory that the user mounted is made there, as docker does, where the path leads there by itself.
            case Covering.Host:
            case Covering.OfUser when path.TrimEnd('/') != entry.Path:
                throw new DecantException(
                    $"{option}: {PathBytes.Printable(path)} is {PathBytes.Printable(entry.Path)} in the image, which lies in a directory of the host and does not exist there",
                    "make it on the host first, or choose another target");
        }

        return new MountTarget(path, entry.Path, parent, [.. missing], isDirectory);
    }

    /// <summary>Writes a file in the upper layer.</summary>
    public void SeedFile(string path, byte[] content, string origin)
    {
        string parent = LinuxPath.Parent(path);
        if (lastDirectory?.Requested != parent)
        {
            lastDirectory = Directory(parent, origin);
            SeedParents(lastDirectory.Path, ForDevices);
        }

        string resolved = LinuxPath.Join(lastDirectory.Path, LinuxPath.Name(path));
        if (seeded.Add((resolved, ForDevices)))
            seeds.Add(new FileStep { Path = resolved, Content = content, Origin = origin, OfDevices = ForDevices });
    }

    /// <summary>
    /// Makes a link in the upper layer, in place of what the image has there, or in a directory of the launch's own. Where a file was mounted, that stays.
    /// </summary>
    /// <param name="isLeft">It is not made, since a kept run has something of its own there.</param>
    /// <returns>The step to do it after the mounts; null where the upper layer has it, or it is left out.</returns>
    /// <exception cref="DecantException">There is a directory, or it would have to be made where that must not be.</exception>
    public LaunchStep? Link(LinkRequest link, string option, out bool isLeft)
    {
        isLeft = false;
        MountTarget directory = Directory(LinuxPath.Parent(link.Path), option);
        string place = LinuxPath.Join(directory.Path, LinuxPath.Name(link.Path));
        if (mounts.Exists(mount => mount.Target == place))
            return null;
        RootEntry there = View.Resolve(place, followLast: false);
        if (there.Exists && there.Status.IsDirectory)
            throw new DecantException($"{option}: {PathBytes.Printable(link.Path)} is a directory in the image, but a link is to be made there");
        Covering covering = CoveringOf(directory.Path);
        // A mounted directory has links of its own.
        if ((covering is Covering.Host or Covering.OfUser) && there.Exists)
            return null;
        if (covering is Covering.Host or Covering.OfUser)
            throw new DecantException($"{option}: the link {PathBytes.Printable(link.Path)} would have to be made in a directory of the host");
        RootEntry target = View.Resolve(link.Target.StartsWith('/') ? link.Target : LinuxPath.Join(directory.Path, link.Target));
        if (covering == Covering.Empty)
            return new LinkStep(directory, LinuxPath.Name(place), link.Target);
        if (!hasUpper)
            throw new DecantException($"{option}: the link {PathBytes.Printable(link.Path)} is to be made, and without an overlay decant cannot make it");
        if (IsKept(place))
        {
            isLeft = true;
            return null;
        }

        SeedParents(directory.Path, ForDevices);
        if (seeded.Add((place, ForDevices)))
        {
            seeds.Add(new UpperLinkStep { Path = place, Target = link.Target, Origin = option, OfDevices = ForDevices });
            links.Add((place, target.Path));
        }

        // Whoever looks through the plan sees where it leads.
        if (target is { Exists: true, HostPath: { } host } && !target.Status.IsDirectory)
            View.Bind(place, host);
        return null;
    }

    /// <summary>A directory that a program may expect to be there and to be writable. What else the image has in its place stays.</summary>
    public void SeedDirectory(string path, uint mode)
    {
        RootEntry entry = Find(path);
        if (entry.Errno == Errno.ENOENT)
            Seed(entry.ExistingParent!, Missing(entry), mode, path);
        // An owner whom the user namespace does not map cannot be repeated in the upper layer, which fails every write (EOVERFLOW).
        else if (entry.Exists && entry.Status.IsDirectory && !changeOwner && entry.Status.Owner != Libc.GetEffectiveUserId())
            SeedParents(entry.Path, ofDevices: false);
    }

    public void MountedHost(MountTarget target, string hostPath, bool ofUser)
    {
        view.Bind(target.Path, hostPath);
        lastDirectory = null;
        mounts.Add((target.Path, ofUser ? Covering.OfUser : Covering.Host));
    }

    public void MountedEmpty(MountTarget target)
    {
        view.BindEmpty(target.Path);
        lastDirectory = null;
        mounts.Add((target.Path, Covering.Empty));
    }

    /// <summary>How many mounts there are so far.</summary>
    public int Mounts => mounts.Count;

    /// <summary>Where one of the mounts from that number on lies, on a path or above it; null where none does.</summary>
    public string? CoverSince(int first, string path)
    {
        for (int i = first; i < mounts.Count; i++)
        {
            if (path == mounts[i].Target || LinuxPath.IsBelow(path, mounts[i].Target))
                return mounts[i].Target;
        }

        return null;
    }

    /// <summary>Where a path leads so far, be anything there or not.</summary>
    public string Place(string path) => Find(path).Path;

    /// <summary>What a directory belongs to: the deepest mount above it, of several on one place the last.</summary>
    Covering CoveringOf(string path)
    {
        Covering found = Covering.Root;
        int depth = -1;
        foreach ((string target, Covering kind) in mounts)
        {
            if ((path == target || LinuxPath.IsBelow(path, target)) && target.Length >= depth)
                (found, depth) = (kind, target.Length);
        }

        return found;
    }

    /// <summary>The names that a path lacks below the deepest directory that is there.</summary>
    static string[] Missing(RootEntry entry) => entry.Path[entry.ExistingParent!.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <param name="parent">Exists, without links.</param>
    /// <param name="missing">The names to be made below it.</param>
    /// <param name="mode">Permission bits of a directory; null for an empty file.</param>
    /// <param name="option">Who asks, for messages.</param>
    void Seed(string parent, string[] missing, uint? mode, string option)
    {
        if (!hasUpper)
            throw new DecantException($"{option}: the image has no {PathBytes.Printable(LinuxPath.Join(parent, missing[0]))}, and without an overlay decant cannot make it", "choose a target that the image has");
        bool ofDevices = ForDevices && !IsKept(LinuxPath.Join(parent, missing[0]));
        SeedParents(parent, ofDevices);
        for (int i = 0; i < missing.Length; i++)
        {
            parent = LinuxPath.Join(parent, missing[i]);
            bool last = i == missing.Length - 1;
            if (!last || mode is not null)
                AddDirectory(parent, last ? mode!.Value : DirectoryMode, changeOwner ? (0, 0) : null, ofDevices);
            else if (seeded.Add((parent, ofDevices)))
                seeds.Add(new FileStep { Path = parent, Content = [], Origin = option, OfDevices = ofDevices });
        }
    }

    /// <summary>A directory of the image and those above it, again in the upper layer, or in the devices'.</summary>
    void SeedParents(string path, bool ofDevices)
    {
        if (path == "/" || seeded.Contains((path, ofDevices)))
            return;
        SeedParents(LinuxPath.Parent(path), ofDevices);
        RootEntry entry = View.Resolve(path, followLast: false);
        // Missing or made on the way: Seed gives it its attributes.
        if (entry.Exists && entry.HostPath is not null)
            AddDirectory(path, entry.Status.Permissions, changeOwner ? (entry.Status.Owner, entry.Status.Group) : null, ofDevices);
        // The image lacks it, and only the other layer gets it so far.
        else if (entry.Exists && seeded.Contains((path, !ofDevices)))
            AddDirectory(path, DirectoryMode, changeOwner ? (0, 0) : null, ofDevices);
    }

    void AddDirectory(string path, uint mode, (uint, uint)? owner, bool ofDevices)
    {
        if (seeded.Add((path, ofDevices)))
            seeds.Add(new DirectoryStep { Path = path, Mode = mode, Owner = owner, OfDevices = ofDevices });
    }
}
