using System.Diagnostics;
using Decant.Devices;
using Look = Decant.Bench.Sample;

namespace Decant.Bench.Tests;

public sealed class GpuFiguresTests
{
    const long GiB = 1L << 30;

    static readonly GpuReading Idle = new(GiB, GiB, 0, null, 0, 80, 40, 345, 0x1);

    static readonly GpuReading Busy = new(9 * GiB, 8 * GiB, 7 * GiB, null, 100, 690, 61, 1485, 0x4);

    static Look At(double seconds, params GpuReading[]? gpus) => new(seconds, new HostMemory(100, (long)(90 - seconds), 0, 0, 0, 0, 0, 0, 0), null, null, null, Running: true, gpus);

    static Dictionary<string, double> Figures(Look[] samples, GpuCounters? before = null, GpuCounters? after = null) =>
        new(GpuFigures.Of(samples, samples.MaxBy(sample => sample.Host.UsedFree), before, after));

    [Fact]
    public void A_host_without_GPUs_has_none_of_the_figures() => Assert.Empty(Figures([At(1, null), At(2, null)]));

    [Fact]
    public void Means_are_over_time_and_not_over_samples()
    {
        // Three looks in the first second, as the sampler begins, and one after it.
        Dictionary<string, double> figures = Figures([At(0.1, Idle), At(0.5, Idle), At(1, Idle), At(4, Busy)]);
        Assert.Equal(75, figures["gpu.utilisation"], 1e-9);
        Assert.Equal((80 + 3 * 690) / 4.0, figures["gpu.power"], 1e-9);
        Assert.Equal(3, figures["gpu.throttled"], 1e-9);
    }

    [Fact]
    public void An_idle_GPU_s_clock_does_not_count() => Assert.Equal(1485, Figures([At(1, Idle, Idle), At(2, Idle, Busy)])["gpu.clock"], 1e-9);

    [Fact]
    public void A_trial_that_leaves_the_GPUs_idle_has_no_clock() => Assert.DoesNotContain("gpu.clock", Figures([At(1, Idle)]).Keys);

    [Fact]
    public void A_divided_GPU_s_clock_counts_though_it_tells_no_utilisation() =>
        Assert.Equal(1000, Figures([At(1, Busy with { Utilisation = null, Clock = 500 }), At(2, Busy with { Utilisation = null, Clock = 1500 })])["gpu.clock"], 1e-9);

    [Fact]
    public void Memory_is_that_of_all_GPUs_at_the_sample_with_the_most()
    {
        Dictionary<string, double> figures = Figures([At(1, Busy, Idle), At(2, Busy, Busy), At(3, Idle, Busy)]);
        Assert.Equal((18.0 * GiB, 14.0 * GiB), (figures["gpu.memory"], figures["gpu.process_memory"]));
        Assert.DoesNotContain("gpu.unified", figures.Keys);
        Assert.DoesNotContain("host.gpu", figures.Keys);
    }

    [Fact]
    public void Power_is_energy_by_time_where_energy_is_counted()
    {
        long second = Stopwatch.Frequency;
        Dictionary<string, double> figures = Figures([At(1, Idle)], new GpuCounters(5 * second, 1000, 40), new GpuCounters(15 * second, 4000, 61));
        Assert.Equal((3000, 300, 40, 61), (figures["gpu.energy"], figures["gpu.power"], figures["gpu.temperature_start"], figures["gpu.temperature"]));
    }

    [Fact]
    public void Of_a_unified_memory_the_host_s_part_is_what_processes_had_at_the_host_s_peak()
    {
        GpuReading unified = new(null, 3 * GiB, 2 * GiB, true, 100, null, 50, 2000, 0);
        // The host's memory is fullest at 3 s, when the GPUs were not looked at.
        Dictionary<string, double> figures = Figures([At(1, unified with { Allocated = 9 * GiB }), At(2, unified), At(3, null)]);
        Assert.Equal((9.0 * GiB, 3.0 * GiB, 2.0 * GiB, 1), (figures["gpu.memory"], figures["host.gpu"], figures["gpu.process_memory"], figures["gpu.unified"]));
        Assert.DoesNotContain("gpu.power", figures.Keys);
    }

    [Fact]
    public void A_trial_s_memory_is_that_of_its_own_processes()
    {
        NvmlProcess[] users = [new(10, GiB), new(11, 2 * GiB), new(12, 4 * GiB)];
        Assert.Equal(6 * GiB, GpuReading.OwnMemory(users, [11, 12, 13], sameNumbers: true));
        Assert.Equal(0, GpuReading.OwnMemory(users, [13], sameNumbers: true));
        // In a container of its own decant sees other numbers than the driver: none found is not none used.
        Assert.Null(GpuReading.OwnMemory(users, [13], sameNumbers: false));
        Assert.Equal(0, GpuReading.OwnMemory([], [13], sameNumbers: false));
        Assert.Null(GpuReading.OwnMemory(null, [13], sameNumbers: true));
        Assert.Null(GpuReading.OwnMemory([new(10, null)], [10], sameNumbers: true));
    }

    [Fact]
    public void Every_figure_is_a_metric_that_reports_know()
    {
        GpuReading unified = Busy with { Memory = null, IsUnified = true };
        Dictionary<string, double> figures = Figures([At(1, unified)], new GpuCounters(0, 1, 1), new GpuCounters(1, 2, 2));
        Assert.Equal(11, figures.Count);
        Assert.All(figures.Keys, name => Assert.NotNull(BuiltInMetrics.Find(name)));
    }

    [Fact]
    public void GPUs_that_are_alike_are_told_once() =>
        Assert.Equal("2 × NVIDIA H100, NVIDIA A2", MachineFacts.GroupedText(["NVIDIA H100", "NVIDIA A2", null, "NVIDIA H100"]));
}
