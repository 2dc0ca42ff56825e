namespace Decant.Bench;

/// <summary>What is read of all GPUs of the host right before and right after a trial.</summary>
/// <param name="Timestamp">By <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>, of this very reading.</param>
/// <param name="Energy">Since the driver was loaded, of those that count it; joules. Null where none does.</param>
/// <param name="Temperature">Of the hottest, in °C.</param>
sealed record GpuCounters(long Timestamp, double? Energy, int? Temperature);
