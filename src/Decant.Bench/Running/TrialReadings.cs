namespace Decant.Bench;

/// <summary>Counters of the whole host right before or after a trial; what the trial did is the difference.</summary>
sealed record TrialReadings(PressureStall? Processor, PressureStall? Memory, PressureStall? Disk, EngineDaemons Daemons)
{
    /// <param name="daemons">Of the names of engines' daemons.</param>
    /// <param name="memory">Whether to read their memory too.</param>
    public static TrialReadings Read(IReadOnlyList<string> daemons, bool memory) => new(
        PressureStall.TryRead("/proc/pressure/cpu"), PressureStall.TryRead("/proc/pressure/memory"), PressureStall.TryRead("/proc/pressure/io"),
        EngineDaemons.Read(daemons, memory));
}
