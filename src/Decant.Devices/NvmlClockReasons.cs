namespace Decant.Devices;

/// <summary>Why the clocks of a GPU are not higher (nvmlClocksEventReasons of nvml.h); other bits are settings.</summary>
[Flags]
public enum NvmlClockReasons : ulong
{
    None = 0,

    /// <summary>The power limit.</summary>
    PowerCap = 0x4,

    /// <summary>Temperature or power, by the hardware.</summary>
    HardwareSlowdown = 0x8,

    /// <summary>Temperature, by the driver.</summary>
    Thermal = 0x20,

    /// <summary>Temperature, by the hardware.</summary>
    HardwareThermal = 0x40,

    /// <summary>The board's power supply asks for less.</summary>
    PowerBrake = 0x80,

    /// <summary>All that is neither idleness nor a setting.</summary>
    Throttled = PowerCap | HardwareSlowdown | Thermal | HardwareThermal | PowerBrake,
}
