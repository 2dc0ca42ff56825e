using Decant.Linux;

namespace Decant.Devices;

/// <summary>Reads <see cref="DriverCapabilities"/>.</summary>
public static class DriverCapabilityText
{
    /// <param name="text">A list such as "compute,utility", or "all"; null and nothing are both of these two.</param>
    /// <exception cref="DecantException">A word is none of them.</exception>
    public static DriverCapabilities Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return DriverCapabilities.Compute | DriverCapabilities.Utility;
        DriverCapabilities all = DriverCapabilities.None;
        foreach (string word in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            all |= word switch
            {
                "all" => DriverCapabilities.All,
                "compute" or "compat32" => DriverCapabilities.Compute,
                "utility" => DriverCapabilities.Utility,
                "video" => DriverCapabilities.Video,
                "graphics" or "display" or "ngx" => DriverCapabilities.Graphics,
                _ => throw new DecantException($"NVIDIA_DRIVER_CAPABILITIES has {PathBytes.Printable(word)}", "all, or of compute, utility, video, graphics, display, ngx, compat32"),
            };
        }

        return all;
    }
}
