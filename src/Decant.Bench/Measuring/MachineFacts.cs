using System.Collections.Immutable;
using System.Globalization;
using Decant.Devices;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>What a reader must know of the machine to judge a result.</summary>
static class MachineFacts
{
    public static ImmutableSortedDictionary<string, string> Read()
    {
        ImmutableSortedDictionary<string, string>.Builder facts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        string processor = KernelText.TryRead("/proc/cpuinfo") ?? "";
        Add("cpu", Field(processor, "model name") ?? Field(processor, "CPU part"));
        Add("cpus", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture));
        Add("memory", $"{HostMemory.Read().Total / (double)(1L << 30):F1} GiB");
        Add("kernel", KernelText.TryRead("/proc/sys/kernel/osrelease")?.Trim());
        Add("system", Field(KernelText.TryRead("/etc/os-release") ?? "", "PRETTY_NAME", '=')?.Trim('"'));
        Add("frequency.governor", KernelText.TryRead("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")?.Trim());
        Add("swap", Field(KernelText.TryRead("/proc/meminfo") ?? "", "SwapTotal"));
        Add("transparent_hugepage", KernelText.TryRead("/sys/kernel/mm/transparent_hugepage/enabled")?.Trim());
        Add("free_page_reporting", FreePageReporting.BatchSize() is { } bytes ? $"{bytes >> 20} MiB at a time" : null);
        Add("nvidia.driver", KernelText.TryRead("/sys/module/nvidia/version")?.Trim() ?? HostGpus.Library?.DriverVersion);
        if (HostGpus.Devices.Count > 0)
            AddGpus();
        return facts.ToImmutable();

        void AddGpus()
        {
            Add("nvidia.cuda", HostGpus.Library?.CudaVersion?.ToString());
            Add("gpu", Each(device => device.Name));
            Add("gpu.uuid", Each(device => device.Uuid));
            Add("gpu.memory", Each(device => device.SharesHostMemory ? "the host's" : device.MemoryTotal is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):F1} GiB") : null));
            Add("gpu.power_limit", Each(device => device.PowerLimit is { } watts ? string.Create(CultureInfo.InvariantCulture, $"{watts:F0} W") : null));
            Add("gpu.persistence_mode", Each(device => OnOff(device.IsPersistent)));
            Add("gpu.ecc", Each(device => OnOff(device.HasEcc)));
            Add("gpu.mig", Each(device => OnOff(device.IsDivided)));
        }

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                facts[name] = value;
        }
    }

    /// <summary>Of all GPUs: 4 × NVIDIA H100 80GB HBM3. Empty where none tells.</summary>
    static string Each(Func<NvmlDevice, string?> fact) => GroupedText(HostGpus.Devices.Select(fact));

    /// <summary>What is alike is told once, with its number.</summary>
    internal static string GroupedText(IEnumerable<string?> values) =>
        string.Join(", ", values.OfType<string>().GroupBy(value => value).Select(group => group.Count() == 1 ? group.Key : $"{group.Count()} × {group.Key}"));

    static string? OnOff(bool? mode) => mode is { } on ? on ? "on" : "off" : null;

    static string? Field(string text, string name, char separator = ':')
    {
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.IndexOf(separator) is > 0 and var at)
                return line[(at + 1)..].Trim();
        }

        return null;
    }
}
