namespace Decant.Devices;

public enum GpuVendor
{
    Nvidia,
    Amd,
    Intel,
}
