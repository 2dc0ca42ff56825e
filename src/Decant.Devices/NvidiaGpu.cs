namespace Decant.Devices;

/// <summary>A GPU as the NVIDIA driver lists it in /proc/driver/nvidia/gpus/*/information.</summary>
/// <param name="Minor">The number of its node /dev/nvidiaN; null where the driver gives none.</param>
public sealed record NvidiaGpu(string Model, string? Uuid, string? BusLocation, int? Minor)
{
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
