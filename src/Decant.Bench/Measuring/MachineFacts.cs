using System.Collections.Immutable;
using System.Globalization;
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
        Add("nvidia.driver", KernelText.TryRead("/sys/module/nvidia/version")?.Trim());
        return facts.ToImmutable();

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                facts[name] = value;
        }
    }

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
