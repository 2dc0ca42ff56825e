using System.Diagnostics;
using Decant.Launch.Running;

namespace Decant.Bench;

/// <summary>The values of one trial, from what was read before, while and after it.</summary>
sealed class TrialFigures
{
    /// <param name="work">The program's cgroup after its end; null without cgroups.</param>
    /// <param name="client">The cgroup of the engine's client; null where there is no client.</param>
    /// <param name="samples">In order; empty where none were taken.</param>
    /// <param name="moment">Which sample tells the host's memory.</param>
    public TrialFigures(
        long started, ProgramEnd end, TrialReadings before, TrialReadings after, CgroupReading? work, CgroupReading? client, IReadOnlyList<Sample> samples, SampleMoment moment)
    {
        Set("wall", Stopwatch.GetElapsedTime(started, end.Ended).TotalSeconds);
        Set("user", work?.User ?? end.User.TotalSeconds);
        Set("system", work?.System ?? end.System.TotalSeconds);
        Set("memory.peak", work?.Peak);
        Set("io.read", work?.Read);
        Set("io.written", work?.Written);
        Set("faults.major", work?.MajorFaults);
        Set("pressure.cpu", (after.Processor?.Total - before.Processor?.Total)?.TotalSeconds);
        Set("pressure.memory", (after.Memory?.Total - before.Memory?.Total)?.TotalSeconds);
        Set("pressure.io", (after.Disk?.Total - before.Disk?.Total)?.TotalSeconds);
        if (client is not null)
        {
            Set("engine.user_system", client.User + client.System + (after.Own.Processor - before.Own.Processor));
            Set("engine.client_memory", client.Peak);
            Set("engine.daemon_memory", after.Own.Memory);
        }

        if (samples.Count > 0)
        {
            told = moment == SampleMoment.End ? AtEnd(samples) : samples.MaxBy(sample => sample.Host.UsedFree)!;
            AddSamples(samples, told, after.Daemons.Memory, client is null ? null : after.Own.Memory);
        }
    }

    /// <summary>The sample that tells the host's memory; null where there is none.</summary>
    readonly Sample? told;

    /// <summary>By the metric's name.</summary>
    public SortedDictionary<string, double> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>The last one that the program was there for, by a margin: its memory goes in a moment, and other processes of the tree before it.</summary>
    static Sample AtEnd(IReadOnlyList<Sample> samples)
    {
        Sample last = samples.LastOrDefault(sample => sample.Running) ?? samples[^1];
        Sample before = samples.LastOrDefault(sample => sample.Seconds < last.Seconds) ?? last;
        return before.Work?.Anonymous > last.Work?.Anonymous ? before : last;
    }

    void AddSamples(IReadOnlyList<Sample> samples, Sample told, long? daemons, long? own)
    {
        Set("memory.anonymous", samples.Max(sample => sample.Work?.Anonymous));
        Set("memory.file", samples.Max(sample => sample.Work?.File));
        Set("memory.shared", samples.Max(sample => sample.Work?.Shared));
        Set("memory.kernel", samples.Max(sample => sample.Work?.Kernel));
        Set("memory.owned", samples.Max(sample => sample.Work is { Anonymous: { } anonymous } work
            ? anonymous + work.Shared.GetValueOrDefault() + work.Kernel.GetValueOrDefault() + (sample.Client?.Anonymous).GetValueOrDefault() + own.GetValueOrDefault() : null));
        // What was only seen in the first half says little of a program that was still growing.
        Sample? looked = samples.LastOrDefault(sample => sample.ProportionalSet is not null);
        if (looked?.Seconds >= Values["wall"] / 2)
            Set("memory.proportional", samples.Max(sample => sample.ProportionalSet));
        Set("host.program", told.Work?.Anonymous);
        Set("host.used_free", told.Host.UsedFree);
        Set("host.used_available", told.Host.UsedAvailable);
        Set("host.anonymous", told.Host.Anonymous);
        Set("host.engine", daemons.GetValueOrDefault() + (told.Client?.Anonymous).GetValueOrDefault());
        Set("host.file_cache", told.Host.FileCache);
        Set("host.shared", told.Host.Shared);
        Set("host.kernel", told.Host.Kernel);
        Set("host.processor_lists", told.Host.ProcessorLists);
        Set("host.residual", told.Host.Residual);
    }

    /// <summary>What looking cost, in CPU time.</summary>
    public void AddCost(TimeSpan cost) => Set("sampler", cost.TotalSeconds);

    /// <summary>Where the host has GPUs that tell.</summary>
    public void AddGpus(IReadOnlyList<Sample> samples, GpuCounters? before, GpuCounters? after)
    {
        foreach ((string name, double value) in GpuFigures.Of(samples, told, before, after))
            Set(name, value);
        if (Values.TryGetValue("memory.owned", out double owned) && Values.TryGetValue("gpu.process_memory", out double gpu))
            Set("memory.owned", owned + gpu);
    }

    /// <summary>How much of each class the page cache holds.</summary>
    public void AddFiles(IEnumerable<CachedClass> classes)
    {
        foreach (CachedClass files in classes)
            Set(BuiltInMetrics.OfFiles(files.Name).Name, files.Bytes);
    }

    void Set(string name, double? value)
    {
        if (value is { } known)
            Values[name] = known;
    }
}
