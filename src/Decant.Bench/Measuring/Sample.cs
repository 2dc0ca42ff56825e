namespace Decant.Bench;

/// <summary>One look at a running trial. Bytes.</summary>
/// <param name="Seconds">Since the trial's start.</param>
/// <param name="Host">All memory of the machine.</param>
/// <param name="Work">The cgroup of the program; null without cgroups.</param>
/// <param name="Client">The cgroup of the engine's client; null where there is no client.</param>
/// <param name="ProportionalSet">PSS of all processes of the trial, each shared page divided among its users; null where it was not read this time.</param>
/// <param name="Running">Whether the program still had its memory when all this had been read.</param>
/// <param name="Gpus">Each of the host; null where there is none, or they were not looked at this time.</param>
public sealed record Sample(
    double Seconds, HostMemory Host, CgroupReading? Work, CgroupReading? Client, long? ProportionalSet, bool Running, IReadOnlyList<GpuReading>? Gpus = null);
