using System.Globalization;
using Decant.Launch.Steps;
using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Launch.Running;

/// <summary>
/// Where the ranks of a job on one host find each other: a file with a line for each rank that has started. Whoever comes looks for one
/// that still runs and enters its namespaces; where there is none, its own are the first. Its lock (flock(2)) is held from the look until
/// the program has started and its own line stands there: ranks enter one after another, and none leaves as the last while another
/// enters. It is the kernel's to release where decant is killed. Lines are never taken out: a rank that has ended is told by its number and start. Who leaves last removes the file.
/// </summary>
sealed class RankRegister : IDisposable
{
    const uint FileMode = 0x180; // 0600

    readonly RankSharing sharing;
    readonly string directory;

    /// <summary>What the names of all files begin with that this process may judge: numbers of processes mean something in one pid namespace only, of one host since it was started, and several may share the directory.</summary>
    readonly string scope;
    readonly string own;
    SafeFileHandle? locked;

    RankRegister(RankSharing sharing)
    {
        this.sharing = sharing;
        directory = RuntimeDirectory.Make();
        string boot = (KernelText.TryRead("/proc/sys/kernel/random/boot_id") ?? "").Trim().Replace("-", "", StringComparison.Ordinal);
        scope = $"{boot}-{LinuxFile.Status("/proc/self/ns/pid", follow: true).Inode}-";
        own = scope + sharing.Job;
        locked = Lock(own, OpenFlags.Create, wait: true);
    }

    /// <summary>Waits for ranks that are just starting.</summary>
    public static RankRegister Enter(RankSharing sharing) => new(sharing);

    /// <summary>One line: who it is, and by their inodes the namespaces that it was started in, as a program may leave them.</summary>
    readonly record struct Rank(ProcessIdentity Process, ulong User, ulong Mount, string Root)
    {
        /// <summary>The line's end comes first: whatever was cut off before ends there.</summary>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"\n{Process.Pid} {Process.Started} {User} {Mount} {Root}");

        /// <summary>Null for what was cut off.</summary>
        public static Rank? Parse(string line)
        {
            string[] words = line.Split(' ');
            return words.Length == 5 && int.TryParse(words[0], out int pid) && long.TryParse(words[1], out long started) && ulong.TryParse(words[2], out ulong user) && ulong.TryParse(words[3], out ulong mount)
                ? new Rank(new ProcessIdentity(pid, started), user, mount, words[4])
                : null;
        }
    }

    /// <summary>The namespaces of a rank that runs; null where this one is the first. Others wait until <see cref="Add"/>, or the end of a launch that fails.</summary>
    /// <param name="wanted">That the program is to be in.</param>
    public RankNamespaces? Find(Namespaces wanted)
    {
        List<Rank> ranks = Read(locked!);
        RankNamespaces? found = null;
        foreach (Rank rank in ranks)
        {
            if (rank.Root == sharing.Root && (found = Open(rank, wanted, hasRoot: true)) is not null)
                return found;
        }

        if (wanted.HasFlag(Namespaces.User))
        {
            foreach (Rank rank in ranks)
            {
                if ((found = Open(rank, Namespaces.User, hasRoot: false)) is not null)
                    return found;
            }
        }

        RemoveEnded();
        return null;
    }

    /// <summary>Enters the rank that has started, so that others find it. One that cannot be entered runs all the same, and says so.</summary>
    public void Add(int pid)
    {
        if (ProcessIdentity.Of(pid) is { } process && Inode(pid, "user") is { } user && Inode(pid, "mnt") is { } mount)
        {
            Errno errno = LinuxFile.TryWrite(locked!, PathBytes.Encode(new Rank(process, user, mount, sharing.Root).ToString()));
            if (errno != Errno.None)
                Warn($"decant: write {PathBytes.Printable(PathOf(own))}: {errno.Describe()}: other ranks do not find this one\n");
        }

        Release();
    }

    /// <summary>The rank has ended, or could not be started: the last one takes the file away.</summary>
    public void Dispose()
    {
        locked ??= Lock(own, 0, wait: true);
        if (locked is null)
            return;
        RemoveIfEnded(own, locked);
        Release();
        LinuxFile.TryRemoveDirectory(null, directory);
    }

    /// <summary>What jobs have left whose decants were all killed.</summary>
    void RemoveEnded()
    {
        using SafeFileHandle open = LinuxFile.Open(directory, OpenFlags.ReadOnly | OpenFlag.Directory);
        foreach (string name in LinuxFile.Names(open, directory))
        {
            if (name == own || !name.StartsWith(scope, StringComparison.Ordinal) || Lock(name, 0, wait: false) is not { } other)
                continue;
            RemoveIfEnded(name, other);
            LinuxFile.Unlock(other);
            other.Dispose();
        }
    }

    void RemoveIfEnded(string name, SafeFileHandle file)
    {
        foreach (Rank rank in Read(file))
        {
            using SafeFileHandle? process = rank.Process.Open();
            if (process is not null)
                return;
        }

        LinuxFile.TryUnlink(null, PathOf(name));
    }

    /// <summary>Null where the file is not there and not to be made, or another has it and it is not waited for.</summary>
    SafeFileHandle? Lock(string name, OpenFlags create, bool wait)
    {
        string path = PathOf(name);
        int left = RuntimeDirectory.MostAttempts;
        while (true)
        {
            Errno errno = LinuxFile.TryOpen(null, path, OpenFlags.ReadWrite | OpenFlags.Append | OpenFlag.NoFollow | create, FileMode, out SafeFileHandle? file);
            if (errno == Errno.ENOENT && create == 0)
                return null;
            if (errno == Errno.ENOENT && left-- > 0)
            {
                // The last rank of another job has taken the empty directory away.
                RuntimeDirectory.Make();
                continue;
            }

            if (file is null)
                throw new LinuxException("open", path, errno);
            bool isOurs = LinuxFile.Lock(file, path, exclusive: true, wait);
            // Whoever was the last has removed it before this one had the lock.
            if (isOurs && LinuxFile.Status(file).Links > 0)
                return file;
            file.Dispose();
            if (!isOurs)
                return null;
        }
    }

    /// <summary>By name and not by closing alone, as a child may hold the same open file.</summary>
    void Release()
    {
        LinuxFile.Unlock(locked!);
        locked!.Dispose();
        locked = null;
    }

    string PathOf(string name) => $"{directory}/{name}";

    static void Warn(string line)
    {
        using SafeFileHandle error = new(2, ownsHandle: false);
        LinuxFile.TryWrite(error, PathBytes.Encode(line));
    }

    static List<Rank> Read(SafeFileHandle file)
    {
        List<Rank> ranks = [];
        if (LinuxFile.TryReadAll(file, out byte[] bytes) != Errno.None)
            return ranks;
        foreach (string line in PathBytes.Decode(bytes).Split('\n'))
        {
            if (Rank.Parse(line) is { } rank)
                ranks.Add(rank);
        }

        return ranks;
    }

    static RankNamespaces? Open(Rank rank, Namespaces wanted, bool hasRoot)
    {
        using SafeFileHandle? process = rank.Process.Open();
        if (process is null)
            return null;
        RankNamespaces namespaces = new() { HasRoot = hasRoot };
        foreach ((Namespaces kind, string name, ulong inode) in (ReadOnlySpan<(Namespaces, string, ulong)>)
            [(Namespaces.User, "user", rank.User), (Namespaces.Mount, "mnt", rank.Mount), (Namespaces.Uts, "uts", 0)])
        {
            if (!wanted.HasFlag(kind))
                continue;
            if (LinuxFile.TryOpen(process, $"ns/{name}", OpenFlags.ReadOnly, 0, out SafeFileHandle? file) != Errno.None)
            {
                namespaces.Dispose();
                return null;
            }

            namespaces.Add(kind, file!);
            if (inode != 0 && LinuxFile.Status(file!).Inode != inode)
            {
                namespaces.Dispose();
                return null;
            }
        }

        return namespaces;
    }

    static ulong? Inode(int pid, string name) =>
        LinuxFile.TryStatus(null, $"/proc/{pid}/ns/{name}", follow: true, out FileStatus status) == Errno.None ? status.Inode : null;
}
