using Decant.Linux;

namespace Decant.Bench;

/// <summary>
/// A virtual machine may give its free pages back to the host, in batches that are in no counter of /proc/meminfo while they are on their way
/// (mm/free_page_reporting.rst): so much of the free memory may be missing at any look.
/// </summary>
static class FreePageReporting
{
    /// <summary>VIRTIO_BALLOON_F_PAGE_REPORTING (virtio 1.2, section 5.5.3).</summary>
    const int Feature = 5;

    /// <summary>Blocks of a batch: PAGE_REPORTING_CAPACITY (include/linux/page_reporting.h).</summary>
    const int Capacity = 32;

    /// <summary>In bytes; null where no balloon reports.</summary>
    public static long? BatchSize(string sys = "/sys")
    {
        const string Drivers = "/bus/virtio/drivers/virtio_balloon";
        if (!Directory.Exists(sys + Drivers) || !Directory.EnumerateDirectories(sys + Drivers, "virtio*").Any(Reports))
            return null;
        // A smaller order may have been set; what is larger than the kernel's blocks switches it off.
        return KernelText.TryReadNumber(sys + "/module/page_reporting/parameters/page_reporting_order") is >= 0 and < 32 and var order
            ? Capacity * (long)Environment.SystemPageSize << (int)order : null;
    }

    static bool Reports(string device) => KernelText.TryRead(device + "/features") is { Length: > Feature } features && features[Feature] == '1';
}
