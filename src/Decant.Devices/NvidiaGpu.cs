using System.Text;
using Decant.Linux;

namespace Decant.Devices;

/// <summary>A GPU as the NVIDIA driver lists it in /proc/driver/nvidia/gpus/*/information.</summary>
/// <param name="Minor">The number of its node /dev/nvidiaN; null where the driver gives none.</param>
public sealed record NvidiaGpu(string Model, string? Uuid, string? BusLocation, int? Minor)
{
    const string List = "proc/driver/nvidia/gpus";

    /// <summary>Which machine code it runs: 9.0 of an H100. Null for a model that is not known here.</summary>
    public Version? ComputeCapability => NvidiaModels.ComputeCapability(Model);

    /// <summary>As NVML names the kind of product, in small letters (nvmlBrandType_t); null for a model that is not known here.</summary>
    public string? Brand =>
        Model.Contains("GeForce", StringComparison.Ordinal) ? "geforce"
        : Model.Contains("TITAN", StringComparison.Ordinal) ? "titan"
        : Model.Contains("Tesla", StringComparison.Ordinal) ? "tesla"
        : Model.Contains("Quadro RTX", StringComparison.Ordinal) ? "quadrortx"
        : Model.Contains("Quadro", StringComparison.Ordinal) ? "quadro"
        : Model.Contains("RTX", StringComparison.Ordinal) ? "nvidiartx"
        : ComputeCapability is null ? null : "nvidia";

    /// <summary>Those that the driver lists, by bus location; none where it lists none.</summary>
    /// <param name="root">Where / is: tests give a recorded tree.</param>
    public static IReadOnlyList<NvidiaGpu> ProbeAll(string root = "/")
    {
        string list = $"{root.TrimEnd('/')}/{List}";
        if (LinuxFile.TryOpen(null, list, OpenFlags.ReadOnly | OpenFlag.Directory, 0, out var handle) != Errno.None)
            return [];
        List<NvidiaGpu> gpus = [];
        using (handle)
        {
            foreach (string bus in LinuxFile.Names(handle!, list).Order(StringComparer.Ordinal))
            {
                if (LinuxFile.TryReadAll(null, $"{list}/{bus}/information", out byte[] information) == Errno.None)
                    gpus.Add(Parse(Encoding.UTF8.GetString(information)));
            }
        }

        return gpus;
    }

    public static NvidiaGpu Parse(string text)
    {
        string? model = null, uuid = null, bus = null;
        int? minor = null;
        foreach (string line in text.Split('\n'))
        {
            int colon = line.IndexOf(':');
            if (colon < 0)
                continue;
            string value = line[(colon + 1)..].Trim();
            switch (line[..colon].Trim())
            {
                case "Model": model = value; break;
                case "GPU UUID": uuid = value; break;
                case "Bus Location": bus = value; break;
                case "Device Minor": minor = int.TryParse(value, out int number) ? number : null; break;
            }
        }

        return new NvidiaGpu(model ?? "NVIDIA GPU of unknown model", uuid, bus, minor);
    }
}
