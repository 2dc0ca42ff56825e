using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>What decant measures of every trial, whatever the command prints.</summary>
public static class BuiltInMetrics
{
    /// <summary>In the order in which reports show them.</summary>
    public static ImmutableArray<Metric> All { get; } =
    [
        new("wall", "s", Direction.LowerIsBetter, "From right before execve(2) to the launched program's end, by the monotonic clock."),
        new("user", "s", Direction.LowerIsBetter, "CPU time in programs, of the trial's cgroup; without one, of the launched program and the children that it waited for."),
        new("system", "s", Direction.LowerIsBetter, "CPU time in the kernel, counted as user is."),
        new("memory.peak", "B", Direction.LowerIsBetter, "The most memory of the trial's cgroup at one time, page cache that it read first included."),
        new("memory.anonymous", "B", Direction.LowerIsBetter, "Programs' own pages in the trial's cgroup, without page cache and shared memory; the largest sample."),
        new("memory.owned", "B", Direction.LowerIsBetter, "What the environment costs whatever is cached: programs' own pages, shared memory and the kernel's in the trial's cgroup, its engine's client and daemons, and the GPU memory of its processes; the largest sample."),
        new("memory.file", "B", Direction.LowerIsBetter, "Page cache that the trial's cgroup was the first to read, the largest sample."),
        new("memory.shared", "B", Direction.LowerIsBetter, "Shared memory and tmpfs of the trial's cgroup, the largest sample."),
        new("memory.kernel", "B", Direction.LowerIsBetter, "Page tables, stacks and slabs of the trial's cgroup, the largest sample."),
        new("memory.proportional", "B", Direction.LowerIsBetter, "PSS of all processes of the trial, the largest sample; missing where none was taken in the second half of the trial."),
        new("teardown", "s", Direction.LowerIsBetter, "What removing the container took after the end of the program; it is not part of wall."),
        new("engine.user_system", "s", Direction.LowerIsBetter, "CPU time of the engine's client, monitor and daemons in the trial."),
        new("engine.client_memory", "B", Direction.LowerIsBetter, "The most memory of the engine's client and monitor at one time."),
        new("engine.daemon_memory", "B", Direction.LowerIsBetter, "PSS of the engine's daemons right after the program's end."),
        new("io.read", "B", Direction.LowerIsBetter, "Read from disks by the trial's cgroup."),
        new("io.written", "B", Direction.LowerIsBetter, "Written to disks by the trial's cgroup."),
        new("faults.major", "", Direction.LowerIsBetter, "Page faults in the trial's cgroup that waited for a disk."),
        new("pressure.cpu", "s", Direction.LowerIsBetter, "Time in which some task of the host waited for a CPU."),
        new("pressure.memory", "s", Direction.LowerIsBetter, "Time in which some task of the host waited for memory."),
        new("pressure.io", "s", Direction.LowerIsBetter, "Time in which some task of the host waited for a disk."),
        new("host.used_free", "B", Direction.LowerIsBetter, "MemTotal - MemFree of the host at one sample, the one with the most or the last: page cache counts as used, as cudaMemGetInfo counts where GPU and host share memory."),
        new("host.used_available", "B", Direction.LowerIsBetter, "MemTotal - MemAvailable of the host at that sample: what could not be had without swapping."),
        new("host.anonymous", "B", Direction.LowerIsBetter, "AnonPages of the host at that sample."),
        new("host.program", "B", Direction.LowerIsBetter, "Of host.anonymous, what the trial's cgroup had at that sample."),
        new("host.engine", "B", Direction.LowerIsBetter, "PSS of the daemons of all engines of the experiment, whoever ran, and this trial's client's own pages at that sample."),
        new("host.file_cache", "B", Direction.LowerIsBetter, "Page cache and buffers without shared memory, of the host at that sample."),
        new("host.shared", "B", Direction.LowerIsBetter, "Shared memory and tmpfs of the host at that sample."),
        new("host.kernel", "B", Direction.LowerIsBetter, "The kernel's slabs, page tables and stacks, of the host at that sample."),
        new("host.processor_lists", "B", Direction.LowerIsBetter, "Free pages that the kernel keeps in a list of each processor at that sample: MemFree does not count them."),
        new("host.residual", "B", Direction.LowerIsBetter, "Memory of the host that no counter explains at that sample: drivers' allocations."),
        new("host.gpu", "B", Direction.LowerIsBetter, "Of the host's memory, what processes allocated through GPUs that have none of their own, at that sample."),
        new("gpu.memory", "B", Direction.LowerIsBetter, "In use on the host's GPUs, whoever uses them; the largest sample. Where they have no memory of their own, what processes allocated through them."),
        new("gpu.process_memory", "B", Direction.LowerIsBetter, "Allocated on GPUs by the trial's processes, the largest sample: the CUDA context counts, the driver's own memory does not."),
        new("gpu.energy", "J", Direction.LowerIsBetter, "That the host's GPUs used from right before the start to right after the end, by their own counters."),
        new("gpu.power", "W", Direction.Neither, "Of the host's GPUs together, mean over the trial: energy by time, or of samples where no energy is counted."),
        new("gpu.utilisation", "%", Direction.Neither, "Time in which a kernel ran, mean over the trial and the host's GPUs."),
        new("gpu.clock", "MHz", Direction.Neither, "Clock of the multiprocessors, mean over the trial, weighted by utilisation: an idle GPU's does not count."),
        new("gpu.throttled", "s", Direction.LowerIsBetter, "Time in which power or heat kept the clock of a GPU down."),
        new("gpu.temperature_start", "°C", Direction.Neither, "Of the hottest GPU, right before the start."),
        new("gpu.temperature", "°C", Direction.Neither, "Of the hottest GPU, right after the end."),
        new("gpu.unified", "", Direction.Neither, "1 where a GPU of the host allocates from the host's memory."),
        new("sampler", "s", Direction.LowerIsBetter, "CPU time that looking at the trial cost."),
    ];

    /// <summary>A metric's name in a sentence.</summary>
    public static string Label(string name) => name switch
    {
        "wall" => "wall time",
        "user" => "CPU time in programs",
        "system" => "CPU time in the kernel",
        "memory.peak" => "peak memory",
        _ => name,
    };

    /// <summary>The page cache of a class of files, at the end of the trial.</summary>
    public static Metric OfFiles(string name) => new("files." + name, "B", Direction.LowerIsBetter, $"Page cache of the files of the class {name}, after the program's end.");

    /// <summary>The metric of that name, if it is one of these.</summary>
    public static Metric? Find(string name) =>
        name.StartsWith("files.", StringComparison.Ordinal) ? OfFiles(name["files.".Length..]) : All.FirstOrDefault(metric => metric.Name == name);
}
