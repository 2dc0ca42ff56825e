namespace Decant.Bench;

/// <summary>Counters of the whole host right before or after a trial; what the trial did is the difference.</summary>
sealed record TrialReadings(PressureStall? Processor, PressureStall? Memory, PressureStall? Disk, EngineDaemons Daemons, EngineDaemons Own)
{
    /// <param name="daemons">Of the names of all engines' daemons.</param>
    /// <param name="own">Of those of the environment that is measured.</param>
    /// <param name="memory">Whether to read their memory too.</param>
    public static TrialReadings Read(IReadOnlyList<string> daemons, IReadOnlyList<string> own, bool memory) => new(
        PressureStall.TryRead("/proc/pressure/cpu"), PressureStall.TryRead("/proc/pressure/memory"), PressureStall.TryRead("/proc/pressure/io"),
        EngineDaemons.Read(daemons, memory), EngineDaemons.Read(own, memory));
}
