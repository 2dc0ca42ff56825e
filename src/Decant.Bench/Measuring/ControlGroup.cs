using System.Collections.Immutable;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>One cgroup: a directory of the version 2 hierarchy, or one for each controller of version 1.</summary>
/// <param name="Directories">By controller: memory, cpuacct, blkio, io, cpu, pids. Version 2 has one directory for all of its controllers.</param>
/// <param name="IsVersion2">Of the memory controller.</param>
public sealed record ControlGroup(ImmutableSortedDictionary<string, string> Directories, bool IsVersion2)
{
    /// <summary>Each once, to be joined.</summary>
    public IReadOnlyList<string> Paths => [.. Directories.Values.Distinct()];

    /// <summary>The cgroup of that name below this one.</summary>
    public ControlGroup Below(string name) => this with { Directories = Directories.ToImmutableSortedDictionary(pair => pair.Key, pair => $"{pair.Value}/{name}") };

    /// <summary>Makes the directories.</summary>
    /// <param name="parent">Whether cgroups below it are to have the controllers; no process may then be in it itself (cgroup-v2.rst).</param>
    public void Make(bool parent)
    {
        foreach (string path in Paths)
            LinuxFile.MakeDirectory(null, path, 0x1ED /* 0755 */);
        if (IsVersion2 && parent)
            Delegate();
    }

    /// <summary>Hands the controllers to the cgroups below.</summary>
    public void Delegate()
    {
        foreach (IGrouping<string, string> directory in Directories.GroupBy(pair => pair.Value, pair => pair.Key))
            Write(directory.Key + "/cgroup.subtree_control", string.Join(' ', directory.Select(controller => "+" + controller)));
    }

    static void Write(string path, string value)
    {
        using var file = LinuxFile.Open(path, OpenFlags.WriteOnly);
        Errno errno = LinuxFile.TryWrite(file, System.Text.Encoding.ASCII.GetBytes(value));
        if (errno != Errno.None)
            throw new LinuxException($"write {value} to", path, errno);
    }

    public CgroupReading Read()
    {
        string? memory = Directories.GetValueOrDefault("memory");
        Dictionary<string, long> stat = memory is null ? [] : MemoryOf(memory);
        return IsVersion2 ? ReadVersion2(memory, stat) : ReadVersion1(memory, stat);
    }

    /// <summary>
    /// memory.stat of a directory and all below it. The sums of a parent may lag behind its children's by seconds, as the kernel hands changes up only when there are many, so the
    /// children's own are added up.
    /// </summary>
    Dictionary<string, long> MemoryOf(string directory)
    {
        Dictionary<string, long> own = KernelText.Pairs(KernelText.TryRead(directory + "/memory.stat"));
        Dictionary<string, long>[] below = [.. Children(directory).Select(MemoryOf)];
        if (below.Length == 0)
            return own;
        foreach ((string name, long value) in own.ToArray())
        {
            // Version 1 tells local figures and the sums apart, and limits, which do not add up; in version 2 what is the parent's alone is what children that are gone left to it.
            bool isSum = name.StartsWith("total_", StringComparison.Ordinal);
            if (!IsVersion2 && !isSum)
                continue;
            long sum = below.Sum(stat => stat.GetValueOrDefault(name));
            own[name] = IsVersion2 ? Math.Max(value, sum) : sum + own.GetValueOrDefault(name["total_".Length..]);
        }

        return own;
    }

    static string[] Children(string directory)
    {
        try
        {
            return Directory.GetDirectories(directory);
        }
        catch (IOException)
        {
            // An engine has removed its own cgroup meanwhile.
            return [];
        }
    }

    CgroupReading ReadVersion2(string? memory, Dictionary<string, long> stat)
    {
        Dictionary<string, long> cpu = KernelText.Pairs(KernelText.TryRead(Directories.GetValueOrDefault("cpu", "") + "/cpu.stat"));
        (long? read, long? written) = IoStat(KernelText.TryRead(Directories.GetValueOrDefault("io", "") + "/io.stat"));
        long? shared = Of(stat, "shmem");
        return new CgroupReading(
            Number(memory, "memory.peak"), Number(memory, "memory.current"), Of(stat, "anon"), Of(stat, "file") - shared, shared, Of(stat, "kernel"),
            Of(cpu, "user_usec") / 1e6, Of(cpu, "system_usec") / 1e6, read, written, Of(stat, "pgmajfault"),
            memory is null ? null : Of(KernelText.Pairs(KernelText.TryRead(memory + "/memory.events")), "oom_kill"));
    }

    CgroupReading ReadVersion1(string? memory, Dictionary<string, long> stat)
    {
        string? cpu = Directories.GetValueOrDefault("cpuacct");
        (long? read, long? written) = BlkioStat(KernelText.TryRead(Directories.GetValueOrDefault("blkio", "") + "/blkio.throttle.io_service_bytes_recursive"));
        // The sum is exact; its parts are counted in clock ticks, and scaled as the kernel does for times(2).
        double? total = Number(cpu, "cpuacct.usage") / 1e9;
        double ticks = Number(cpu, "cpuacct.usage_user").GetValueOrDefault();
        double system = Number(cpu, "cpuacct.usage_sys").GetValueOrDefault();
        double? user = total * (ticks + system == 0 ? 1 : ticks / (ticks + system));
        long? shared = Of(stat, "total_shmem");
        return new CgroupReading(
            Number(memory, "memory.max_usage_in_bytes"), Number(memory, "memory.usage_in_bytes"), Of(stat, "total_rss"), Of(stat, "total_cache") - shared, shared,
            Number(memory, "memory.kmem.usage_in_bytes"), user, total - user, read, written,
            Of(stat, "total_pgmajfault"), memory is null ? null : Of(KernelText.Pairs(KernelText.TryRead(memory + "/memory.oom_control")), "oom_kill"));
    }

    static long? Of(Dictionary<string, long> pairs, string name) => pairs.TryGetValue(name, out long value) ? value : null;

    static long? Number(string? directory, string file) => directory is null ? null : KernelText.TryReadNumber($"{directory}/{file}");

    /// <param name="text">8:0 rbytes=1 wbytes=2 rios=…, a line for each disk.</param>
    static (long? Read, long? Written) IoStat(string? text)
    {
        if (text is null)
            return (null, null);
        long read = 0;
        long written = 0;
        foreach (string field in text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (field.StartsWith("rbytes=", StringComparison.Ordinal) && long.TryParse(field.AsSpan(7), out long one))
                read += one;
            else if (field.StartsWith("wbytes=", StringComparison.Ordinal) && long.TryParse(field.AsSpan(7), out long other))
                written += other;
        }

        return (read, written);
    }

    /// <param name="text">8:0 Read 1, 8:0 Write 2, … and a line Total.</param>
    static (long? Read, long? Written) BlkioStat(string? text)
    {
        if (text is null)
            return (null, null);
        long read = 0;
        long written = 0;
        bool any = false;
        foreach (string line in text.Split('\n'))
        {
            if (line.Split(' ') is not [_, var kind, var number] || !long.TryParse(number, out long bytes))
                continue;
            any = true;
            read += kind == "Read" ? bytes : 0;
            written += kind == "Write" ? bytes : 0;
        }

        // Without a line of a disk: nothing was read or written, or this kernel does not count it; that is not told apart.
        return any ? (read, written) : (null, null);
    }

    /// <summary>All processes in it and below.</summary>
    public List<int> Processes()
    {
        List<int> processes = [];
        if (Directories.Count > 0)
            AddProcesses(Directories.GetValueOrDefault("memory") ?? Directories.Values.First(), processes);
        return processes;
    }

    static void AddProcesses(string directory, List<int> processes)
    {
        foreach (ReadOnlySpan<char> line in (KernelText.TryRead(directory + "/cgroup.procs") ?? "").AsSpan().EnumerateLines())
        {
            if (int.TryParse(line, out int pid))
                processes.Add(pid);
        }

        foreach (string below in Children(directory))
            AddProcesses(below, processes);
    }

    /// <summary>Ends all processes in it and below with SIGKILL, and removes the directories as soon as they are empty.</summary>
    /// <returns>False where something in it could not be ended within a second.</returns>
    public bool Remove()
    {
        for (int attempt = 0; attempt < 500; attempt++)
        {
            List<int> processes = [];
            foreach (string path in Paths)
                AddProcesses(path, processes);
            foreach (int pid in processes)
                Libc.Syscall(SyscallNumber.Kill, pid, Signals.Kill);
            if (Paths.Select(TryRemove).ToArray().All(removed => removed))
                return true;
            Thread.Sleep(2);
        }

        return false;
    }

    static bool TryRemove(string directory)
    {
        Errno errno = LinuxFile.TryRemoveDirectory(null, directory);
        if (errno is Errno.None or Errno.ENOENT)
            return true;
        try
        {
            foreach (string below in Directory.EnumerateDirectories(directory))
                TryRemove(below);
        }
        catch (IOException)
        {
            // It is gone, or its engine is removing it: the next attempt tells.
        }

        return LinuxFile.TryRemoveDirectory(null, directory) is Errno.None or Errno.ENOENT;
    }
}
