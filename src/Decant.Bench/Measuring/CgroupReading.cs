namespace Decant.Bench;

/// <summary>The counters of one cgroup and all below it. Null is what the kernel does not count. Bytes and seconds.</summary>
/// <param name="Peak">The most memory at one time.</param>
/// <param name="Current">Memory now.</param>
/// <param name="Anonymous">Of programs' own pages, now.</param>
/// <param name="File">Of the page cache without shared memory, charged to whoever read the page first.</param>
/// <param name="Shared">tmpfs and shared memory.</param>
/// <param name="Kernel">Page tables, stacks, slabs.</param>
/// <param name="Read">From disks.</param>
/// <param name="Written">To disks.</param>
/// <param name="OutOfMemoryKills">Processes ended at a limit of memory.</param>
public sealed record CgroupReading(
    long? Peak, long? Current, long? Anonymous, long? File, long? Shared, long? Kernel, double? User, double? System, long? Read, long? Written,
    long? MajorFaults, long? OutOfMemoryKills);
