using Decant.Elf;

namespace Decant.Cli;

/// <summary>GPU code for one architecture.</summary>
/// <param name="Architecture">sm_90a; of PTX compute_90.</param>
/// <param name="Kind">"cubin": machine code; "ptx": what the driver compiles.</param>
/// <param name="Count">How many there are.</param>
sealed record LddArchitectureReport(string Architecture, string Kind, int Count)
{
    public static LddArchitectureReport Of(DeviceCode code) => new(code.ToString(), code.IsPtx ? "ptx" : "cubin", code.Count);
}
