using Decant.Elf;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>The GPU code of a program or library.</summary>
sealed record LddDeviceCodeReport(string Path, IReadOnlyList<LddArchitectureReport> Code)
{
    /// <summary>Null for a file that has none.</summary>
    public static LddDeviceCodeReport? Of(LoadedObject loaded)
    {
        IReadOnlyList<DeviceCode> code = loaded.File.DeviceCode();
        return code.Count == 0 ? null : new LddDeviceCodeReport(PathBytes.Printable(loaded.Path), [.. code.Select(LddArchitectureReport.Of)]);
    }
}
