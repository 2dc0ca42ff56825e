using Decant.Devices;

namespace Decant.Bench;

/// <summary>One look at one GPU, as NVML tells. Null is what this GPU does not tell.</summary>
/// <param name="Memory">In use of its own memory, whoever uses it; bytes.</param>
/// <param name="Allocated">By all processes with a compute context, each for itself; bytes.</param>
/// <param name="Own">Of <paramref name="Allocated"/>, by the trial's processes; bytes.</param>
/// <param name="IsUnified">True where it allocates from the host's memory.</param>
/// <param name="Utilisation">Percent of the driver's last sample in which a kernel ran.</param>
/// <param name="Power">W.</param>
/// <param name="Temperature">°C.</param>
/// <param name="Clock">Of the multiprocessors, MHz.</param>
/// <param name="ClockReasons">Why it is not higher: the bits of nvmlClocksEventReasons.</param>
public sealed record GpuReading(
    long? Memory, long? Allocated, long? Own, bool? IsUnified, int? Utilisation, double? Power, int? Temperature, int? Clock, ulong? ClockReasons)
{
    /// <summary>What is in use on it. In memory that it shares with the host that is what processes allocated: as a NUMA node it holds the host's page cache too.</summary>
    internal long? InUse => IsUnified == true ? Allocated : Memory;

    internal bool? IsThrottled => ClockReasons is { } bits ? ((NvmlClockReasons)bits & NvmlClockReasons.Throttled) != 0 : null;

    /// <summary>Null where there is no list, or one entry has no number.</summary>
    internal static long? Sum(IReadOnlyList<NvmlProcess>? users)
    {
        long? sum = users is null ? null : 0;
        foreach (NvmlProcess user in users ?? [])
            sum += user.Memory;
        return sum;
    }

    /// <summary>The part of the trial's processes.</summary>
    /// <param name="users">Of the GPU.</param>
    /// <param name="processes">Of the trial, as this process sees them.</param>
    /// <param name="sameNumbers">Whether the driver's numbers of processes are those that this process sees. Else that none is found means nothing.</param>
    internal static long? OwnMemory(IReadOnlyList<NvmlProcess>? users, IReadOnlyCollection<int> processes, bool sameNumbers)
    {
        List<NvmlProcess>? own = users?.Where(user => processes.Contains(user.Pid)).ToList();
        return own is { Count: 0 } && !sameNumbers && users is { Count: > 0 } ? null : Sum(own);
    }

    /// <summary>Of those that are known; null where none is.</summary>
    internal static double? Sum(IEnumerable<double?> values)
    {
        double? sum = null;
        foreach (double? value in values)
            sum = value is { } known ? (sum ?? 0) + known : sum;
        return sum;
    }
}
