using System.Globalization;
using Decant.Devices;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>GPUs, and parts of divided ones (MIG), by the names that people and images give them.</summary>
/// <param name="option">What --gpus says, for messages.</param>
/// <param name="gpus">In the order in which they are counted.</param>
sealed class GpuNames(string option, IReadOnlyList<HostGpu> gpus)
{
    const string PartPrefix = "MIG-";

    /// <summary>What cannot be a number of GPUs.</summary>
    public static bool IsName(string text) => text.StartsWith("GPU-", StringComparison.Ordinal) || text.StartsWith(PartPrefix, StringComparison.Ordinal) || text.Contains(':');

    /// <returns>Null for all.</returns>
    /// <exception cref="DecantException">This host has none of that name.</exception>
    public IReadOnlyList<HostGpu>? Choose(string wanted)
    {
        if (wanted == "all")
            return null;
        if (option != "auto" && int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out int count))
            return count <= gpus.Count ? [.. gpus.Take(count)] : throw Unknown($"this host has {Number}");
        string list = wanted.StartsWith("device=", StringComparison.Ordinal) ? wanted["device=".Length..] : wanted;
        if (list == wanted && option != "auto")
            throw new DecantException($"--gpus {PathBytes.Printable(option)} is no choice of GPUs", "all, none, auto, a number of them, or device=0,1 with their numbers or UUIDs");
        return [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Find)];
    }

    HostGpu Find(string name)
    {
        if (name.StartsWith(PartPrefix, StringComparison.Ordinal))
            return PartByUuid(name);
        int colon = name.IndexOf(':');
        if (colon >= 0 && int.TryParse(name.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int place))
        {
            HostGpu divided = Find(name[..colon]);
            return place < divided.Parts.Count
                ? divided with { Parts = [divided.Parts[place]] }
                : throw Unknown($"there is no part {place} of GPU {PathBytes.Printable(name[..colon])}, which is {(divided.Parts.Count == 0 ? "not divided" : $"divided into {divided.Parts.Count}")} (MIG)");
        }

        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            return number < gpus.Count ? gpus[number] : throw Unknown($"there is no GPU {number}, as this host has {Number}");
        HostGpu[] found = [.. gpus.Where(gpu => gpu.Uuid is { } uuid && uuid.StartsWith(name, StringComparison.Ordinal))];
        return found.Length switch
        {
            1 => found[0],
            0 => throw Unknown($"this host has no GPU {PathBytes.Printable(name)}"),
            _ => throw Unknown($"{PathBytes.Printable(name)} is how the UUIDs of {found.Length} GPUs begin"),
        };
    }

    /// <summary>Only the driver's library knows these names.</summary>
    HostGpu PartByUuid(string uuid)
    {
        foreach (NvmlDevice device in Nvml.TryOpen(out _)?.Devices ?? [])
        {
            if (device.Parts.FirstOrDefault(part => part.Uuid == uuid) is not { } named)
                continue;
            foreach (HostGpu gpu in gpus)
            {
                if (gpu.Uuid == device.Uuid && gpu.Parts.FirstOrDefault(part => part.GpuInstance == named.GpuInstance && part.ComputeInstance == named.ComputeInstance) is { } part)
                    return gpu with { Parts = [part] };
            }
        }

        throw Unknown($"this host has no part of a GPU {PathBytes.Printable(uuid)}");
    }

    DecantException Unknown(string why) => new($"--gpus {PathBytes.Printable(option)}: {why}", "decant host");

    string Number => gpus.Count == 1 ? "1 GPU" : $"{gpus.Count} GPUs";
}
