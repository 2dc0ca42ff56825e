namespace Decant.Devices;

/// <summary>The text of /proc/driver/nvidia/version.</summary>
public static class NvidiaDriver
{
    /// <summary>
    /// The version of the loaded kernel module, such as 580.159.04; null where the text has none. The proprietary module writes
    /// "Kernel Module  535.104.05", the open one "Open Kernel Module for x86_64  580.159.04".
    /// </summary>
    public static string? ParseVersion(string text)
    {
        const string Marker = "Kernel Module";
        int at = text.IndexOf(Marker, StringComparison.Ordinal);
        if (at < 0)
            return null;
        string line = text[(at + Marker.Length)..].Split('\n')[0];
        foreach (string word in line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (Version.TryParse(word, out _))
                return word;
        }

        return null;
    }
}
