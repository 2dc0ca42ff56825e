using System.Globalization;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>CPUs' worth of time, such as 1.5; 0 is no limit, as with docker.</summary>
static class CpuCount
{
    public static double? Parse(string text)
    {
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal cpus))
            throw new DecantException($"{PathBytes.Printable(text)} is not a number of CPUs", "write a number such as 2 or 0.5");
        if (cpus == 0)
            return null;
        // The kernel counts in microseconds of a period of 100 ms and takes no quota below 1 ms.
        return cpus >= 0.01m ? (double)cpus : throw new DecantException("less than 0.01 CPUs, the least that the kernel can give");
    }
}
