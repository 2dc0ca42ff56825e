namespace Decant.Bench;

/// <summary>Counters of the whole host right before or after a trial; what the trial did is the difference.</summary>
sealed record TrialReadings(PressureStall? Processor, PressureStall? Memory, PressureStall? Disk, EngineDaemons Daemons)
{
    /// <param name="memory">Whether to read the daemons' memory too.</param>
    public static TrialReadings Read(BenchEnvironment arm, bool memory) => new(
        PressureStall.TryRead("/proc/pressure/cpu"), PressureStall.TryRead("/proc/pressure/memory"), PressureStall.TryRead("/proc/pressure/io"),
        EngineDaemons.Read(arm.Daemons, memory));
}
