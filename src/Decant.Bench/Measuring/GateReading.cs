using System.Globalization;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>The present value of a gate's condition.</summary>
static class GateReading
{
    /// <summary>Null where this machine does not tell.</summary>
    public static double? Of(string condition) => condition switch
    {
        "cpu.pressure" => PressureStall.TryRead("/proc/pressure/cpu")?.Average10,
        "memory.pressure" => PressureStall.TryRead("/proc/pressure/memory")?.Average10,
        "io.pressure" => PressureStall.TryRead("/proc/pressure/io")?.Average10,
        "cpu.temperature" => Hottest(),
        "cpu.clock" => Slowest(),
        "gpu.temperature" => HostGpus.Devices.Max(device => device.Temperature),
        "gpu.utilisation" => HostGpus.Devices.Max(device => device.Utilisation),
        "gpu.memory" => GpuReading.Sum(HostGpus.Read([])?.Select(gpu => (double?)gpu.InUse) ?? []) / (1 << 20),
        "gpu.clock" => HostGpus.Devices.Min(device => device.Clock),
        "memory.available" => HostMemory.Read().Available / (double)(1 << 20),
        "load" => Running(),
        _ => null,
    };

    /// <summary>Of /sys/class/thermal, in °C.</summary>
    static double? Hottest()
    {
        double? most = null;
        foreach (string zone in Directory.Exists("/sys/class/thermal") ? Directory.EnumerateDirectories("/sys/class/thermal", "thermal_zone*") : [])
        {
            if (KernelText.TryReadNumber(zone + "/temp") is { } thousandths && thousandths / 1000.0 is var degrees && !(degrees <= most))
                most = degrees;
        }

        return most;
    }

    /// <summary>In MHz, of the processor that is slowest now (cpufreq's scaling_cur_freq, in kHz; proc_cpuinfo(5)).</summary>
    static double? Slowest()
    {
        double? least = null;
        void Take(double clock) => least = least <= clock ? least : clock;
        foreach (string processor in Directory.Exists("/sys/devices/system/cpu") ? Directory.EnumerateDirectories("/sys/devices/system/cpu", "cpu*") : [])
        {
            if (KernelText.TryReadNumber(processor + "/cpufreq/scaling_cur_freq") is { } thousands)
                Take(thousands / 1000.0);
        }

        if (least is not null)
            return least;
        foreach (string line in (KernelText.TryRead("/proc/cpuinfo") ?? "").Split('\n'))
        {
            if (line.StartsWith("cpu MHz", StringComparison.Ordinal) && double.TryParse(line[(line.IndexOf(':') + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out double clock))
                Take(clock);
        }

        return least;
    }

    /// <summary>The fourth field of /proc/loadavg, runnable/all, less the one that reads it.</summary>
    static double? Running() =>
        KernelText.TryRead("/proc/loadavg")?.Split(' ') is [_, _, _, var tasks, ..] && int.TryParse(tasks.Split('/')[0], CultureInfo.InvariantCulture, out int runnable)
            ? Math.Max(0, runnable - 1)
            : null;
}
