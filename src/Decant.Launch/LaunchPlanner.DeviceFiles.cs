using Decant.Images;
using Decant.Launch.Lowering;
using Decant.Launch.Steps;
using Decant.Linux;

namespace Decant.Launch;

/// <summary>The host's libraries for its devices.</summary>
public sealed partial class LaunchPlanner
{
    const string LoaderCache = "/etc/ld.so.cache";
    const string LibraryPath = "LD_LIBRARY_PATH";
    const int MostCacheBytes = 64 << 20;

    readonly LoaderTable table = new();

    /// <summary>What devices have brought into the root, and the option that asked for it.</summary>
    readonly List<(string Path, string Text)> ofDevices = [];

    /// <summary>
    /// Libraries go into a directory of their own, and the table in which glibc's loader looks names up gets their entries in front of all others:
    /// so they are found whatever the environment, and nothing of the image is run or changed.
    /// </summary>
    void AddDeviceFiles(DeviceFiles files)
    {
        AddNew("tmpfs", files.Directory, MountFlags.NoSuid | MountFlags.NoDev, "mode=755,size=1m", files.Text);
        string directory = $"{files.Directory}/lib64";
        string? place = null;
        foreach (DeviceFile library in files.Libraries)
        {
            place = AddDeviceFile(library, directory, files.Text);
            table.AddDirectory(directory, files.Text);
            table.Add(library.Source, directory, library.Names.Append(LinuxPath.Name(library.Source)));
        }

        if (place is not null)
            mounts.Add(new SymlinkStep(LinuxPath.Parent(place), "lib", "lib64"));
        foreach (DeviceFile program in files.Programs)
            AddProgram(program, files);
        foreach (string path in files.AtTheirPaths)
            AddAtItsPath(path, files.Text);
    }

    /// <summary>Tells the image's loader of what was added. Where the root cannot be written, or the user or a kept run has a table of its own, the environment does.</summary>
    /// <param name="users">The number of the first of the user's mounts.</param>
    LaunchEnvironment AddLoaderTable(LaunchEnvironment environment, int users)
    {
        if (table.IsEmpty)
            return environment;
        string place = LinuxPath.Join(targets.Place(LinuxPath.Parent(LoaderCache)), LinuxPath.Name(LoaderCache));
        bool isOwn = targets.CoverSince(users, place) is not null || targets.IsKept(place);
        if (whyNoOverlay is null && !isOwn && table.IsWhole && TryOwnTable(out byte[]? old) && table.With(old) is { } cache)
        {
            targets.SeedFile(LoaderCache, cache, $"{table.Text}: the image's, and the libraries in {table.SearchPath}");
            // Whoever looks through the plan sees it too.
            targets.View.Bind(targets.View.Resolve(LoaderCache).Path, MemoryFile.Create("ld.so.cache", cache));
            return environment;
        }

        string? own = environment[LibraryPath];
        return environment.With(LibraryPath, string.IsNullOrEmpty(own) ? table.SearchPath : $"{table.SearchPath}:{own}", table.Text);
    }

    /// <summary>Tells what the user's mounts hide of what devices have brought. Who mounts on that very place knows.</summary>
    void TellHidden(int users)
    {
        List<(string Cover, string Text, string First, int Count)> hidden = [];
        foreach ((string path, string text) in ofDevices)
        {
            if (targets.CoverSince(users, path) is not { } cover || cover == path)
                continue;
            int known = hidden.FindIndex(one => one.Cover == cover && one.Text == text);
            if (known < 0)
                hidden.Add((cover, text, path, 1));
            else
                hidden[known] = hidden[known] with { Count = hidden[known].Count + 1 };
        }

        foreach ((string cover, string text, string first, int count) in hidden)
            notes.Add($"{text}: {PathBytes.Printable(first)}{(count > 1 ? $" and {count - 1} more" : "")}, which what you mount on {PathBytes.Printable(cover)} hides");
    }

    /// <summary>False for one that cannot be read, and so not be repeated; null for none.</summary>
    bool TryOwnTable(out byte[]? table)
    {
        try
        {
            table = targets.View.TryReadFile(LoaderCache, MostCacheBytes);
            return true;
        }
        catch (DecantException)
        {
            table = null;
            return false;
        }
    }

    /// <summary>Returns the directory that it is in now.</summary>
    string AddDeviceFile(DeviceFile file, string directory, string why)
    {
        string name = LinuxPath.Name(file.Source);
        MountTarget target = targets.File($"{directory}/{name}", why);
        mounts.Add(new BindStep { Source = file.Source, Target = target, Flags = MountFlags.ReadOnly | MountFlags.NoSuid | MountFlags.NoDev, Why = why });
        targets.MountedHost(target, file.Source, ofUser: false);
        ofDevices.Add((target.Path, why));
        string place = LinuxPath.Parent(target.Path);
        foreach (string link in file.Names)
        {
            mounts.Add(new SymlinkStep(place, link, name));
            targets.View.Bind($"{place}/{link}", file.Source);
        }

        return place;
    }

    void AddProgram(DeviceFile program, DeviceFiles files)
    {
        // Without an overlay nothing can be made in /usr/bin.
        RootEntry there = targets.View.Resolve($"/usr/bin/{program.Names[0]}");
        string directory = whyNoOverlay is null || there.Exists ? "/usr/bin" : $"{files.Directory}/bin";
        MountTarget target = targets.File($"{directory}/{program.Names[0]}", files.Text);
        mounts.Add(new BindStep { Source = program.Source, Target = target, Flags = MountFlags.ReadOnly | MountFlags.NoSuid | MountFlags.NoDev, Why = files.Text });
        targets.MountedHost(target, program.Source, ofUser: false);
        ofDevices.Add((target.Path, files.Text));
    }

    void AddAtItsPath(string path, string why)
    {
        if (whyNoOverlay is not null || LinuxFile.TryStatus(null, path, follow: true, out FileStatus status) != Errno.None)
            return;
        MountTarget target = targets.Resolve(path, status.IsDirectory, why);
        // Sockets are spoken to; what is read only is not to be written by a program that is root.
        MountFlags flags = status.IsRegular ? MountFlags.ReadOnly | MountFlags.NoSuid | MountFlags.NoDev : default;
        mounts.Add(new BindStep { Source = path, Target = target, Flags = flags, Why = why });
        targets.MountedHost(target, path, ofUser: false);
        ofDevices.Add((target.Path, why));
    }
}
