using System.Diagnostics;

namespace Decant.Bench;

/// <summary>
/// The GPUs' figures of one trial, of all GPUs of the host together. Means are over time, as a trial's first samples lie close together: each reading stands
/// for the time since the one before it.
/// </summary>
static class GpuFigures
{
    /// <param name="samples">In order; those without a look at the GPUs are passed over.</param>
    /// <param name="before">Null where there are no GPUs.</param>
    /// <param name="peak">The sample whose figures of the host count; null where there is none.</param>
    /// <returns>By the metric's name; what the GPUs do not tell is left out.</returns>
    public static IEnumerable<KeyValuePair<string, double>> Of(IReadOnlyList<Sample> samples, Sample? peak, GpuCounters? before, GpuCounters? after)
    {
        Sample[] looks = [.. samples.Where(sample => sample.Gpus is not null)];
        double? joules = after?.Energy - before?.Energy;
        (string Name, double? Value)[] figures =
        [
            ("gpu.memory", Most(looks, gpu => gpu.InUse)),
            ("gpu.process_memory", Most(looks, gpu => gpu.Own)),
            ("gpu.utilisation", Mean(looks, gpus => gpus.Average(gpu => gpu.Utilisation))),
            ("gpu.energy", joules),
            ("gpu.power", joules / Stopwatch.GetElapsedTime(before?.Timestamp ?? 0, after?.Timestamp ?? 0).TotalSeconds ?? Mean(looks, gpus => GpuReading.Sum(gpus.Select(gpu => gpu.Power)))),
            ("gpu.temperature_start", before?.Temperature),
            ("gpu.temperature", after?.Temperature),
            ("gpu.clock", Clock(looks)),
            ("gpu.throttled", Throttled(looks)),
            ("gpu.unified", looks.Any(look => look.Gpus!.Any(gpu => gpu.IsUnified == true)) ? 1 : null),
            ("host.gpu", OfHost(looks, peak)),
        ];
        return figures.Where(figure => figure.Value is not null).Select(figure => KeyValuePair.Create(figure.Name, figure.Value!.Value));
    }

    static double? Most(Sample[] looks, Func<GpuReading, long?> value) => looks.Max(look => GpuReading.Sum(look.Gpus!.Select(gpu => (double?)value(gpu))));

    /// <summary>Of the host's memory, what GPUs have at the peak, or were last seen to have before it.</summary>
    static double? OfHost(Sample[] looks, Sample? peak)
    {
        Sample? look = peak is null ? null : looks.LastOrDefault(look => look.Seconds <= peak.Seconds);
        return look is null ? null : GpuReading.Sum(look.Gpus!.Where(gpu => gpu.IsUnified == true).Select(gpu => (double?)gpu.Allocated));
    }

    static IEnumerable<(double Seconds, IReadOnlyList<GpuReading> Gpus)> Weighted(Sample[] looks)
    {
        double last = 0;
        foreach (Sample look in looks)
        {
            yield return (look.Seconds - last, look.Gpus!);
            last = look.Seconds;
        }
    }

    static double? Mean(Sample[] looks, Func<IReadOnlyList<GpuReading>, double?> value)
    {
        double sum = 0;
        double weights = 0;
        foreach ((double seconds, IReadOnlyList<GpuReading> gpus) in Weighted(looks))
        {
            if (value(gpus) is not { } known)
                continue;
            sum += seconds * known;
            weights += seconds;
        }

        return weights > 0 ? sum / weights : null;
    }

    /// <summary>Of GPUs at work: an idle one's clock says nothing of the program. Of all where utilisation is not told, as that of a divided GPU.</summary>
    static double? Clock(Sample[] looks)
    {
        double sum = 0;
        double weights = 0;
        foreach ((double seconds, IReadOnlyList<GpuReading> gpus) in Weighted(looks))
        {
            foreach (GpuReading gpu in gpus)
            {
                if (gpu.Clock is not { } clock)
                    continue;
                double weight = seconds * (gpu.Utilisation ?? 100);
                sum += weight * clock;
                weights += weight;
            }
        }

        return weights > 0 ? sum / weights : null;
    }

    static double? Throttled(Sample[] looks) =>
        looks.Any(look => look.Gpus!.Any(gpu => gpu.IsThrottled is not null))
            ? Weighted(looks).Where(look => look.Gpus.Any(gpu => gpu.IsThrottled == true)).Sum(look => look.Seconds)
            : null;
}
