using Decant.Linux;

namespace Decant.Bench;

/// <summary>
/// /proc/meminfo as a sum that adds up (proc_meminfo(5)): all memory is free, anonymous, file cache, shared, swap cache, the kernel's, huge pages, in
/// processors' lists, or <see cref="Residual"/>. Bytes.
/// </summary>
/// <param name="ProcessorLists">Free pages that the kernel keeps in a list of each processor, and that MemFree does not count: hundreds of MiB after much was freed,
/// since Linux 6.7 sizes these lists by need (/proc/zoneinfo, "pagesets").</param>
public sealed record HostMemory(
    long Total, long Free, long Available, long Anonymous, long FileCache, long Shared, long SwapCache, long Kernel, long HugePages, long ProcessorLists = 0)
{
    /// <summary>What no counter explains: drivers' allocations, such as those of a GPU that shares the host's memory, and the kernel's own unlisted pages.</summary>
    public long Residual => Total - Free - Anonymous - FileCache - Shared - SwapCache - Kernel - HugePages - ProcessorLists;

    /// <summary>All that is not free, page cache included: what cudaMemGetInfo calls used where GPU and host share memory.</summary>
    public long UsedFree => Total - Free;

    /// <summary>What could not be had without swapping.</summary>
    public long UsedAvailable => Total - Available;

    public static HostMemory Read() => Parse(
        KernelText.TryRead("/proc/meminfo") ?? throw new DecantException("/proc/meminfo cannot be read", "mount -t proc proc /proc"),
        KernelText.TryRead("/proc/zoneinfo") ?? "");

    /// <param name="text">Lines of "Name:   number kB".</param>
    /// <param name="zones">/proc/zoneinfo; each processor's list of each zone has a line "count: pages".</param>
    public static HostMemory Parse(string text, string zones = "")
    {
        Dictionary<string, long> values = [];
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            int colon = line.IndexOf(':');
            if (colon < 0)
                continue;
            ReadOnlySpan<char> rest = line[(colon + 1)..].Trim();
            bool kilobytes = rest.EndsWith(" kB", StringComparison.Ordinal);
            if (long.TryParse(kilobytes ? rest[..^3] : rest, out long value))
                values[line[..colon].ToString()] = kilobytes ? value << 10 : value;
        }

        long Of(string name) => values.GetValueOrDefault(name);
        long shared = Of("Shmem");
        // Cached counts shared memory and not the buffers; Mapped, KReclaimable and Unevictable overlap others and are never added.
        return new HostMemory(
            Of("MemTotal"), Of("MemFree"), Of("MemAvailable"), Of("AnonPages"), Of("Cached") + Of("Buffers") - shared, shared, Of("SwapCached"),
            Of("SReclaimable") + Of("SUnreclaim") + Of("KernelStack") + Of("PageTables") + Of("SecPageTables") + Of("Percpu"), Of("Hugetlb"), PagesOfLists(zones) * Environment.SystemPageSize);
    }

    static long PagesOfLists(string zones)
    {
        long pages = 0;
        foreach (ReadOnlySpan<char> line in zones.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> words = line.TrimStart();
            if (words.StartsWith("count:", StringComparison.Ordinal) && long.TryParse(words["count:".Length..], out long count))
                pages += count;
        }

        return pages;
    }
}
