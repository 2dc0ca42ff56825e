using Decant.Devices;

namespace Decant.Doctor;

/// <summary>A release of the CUDA toolkit and the driver that came with it, which is the oldest that has all that the release may ask of it.</summary>
/// <param name="Toolkit">Major and minor.</param>
/// <param name="Driver">For Linux.</param>
sealed record CudaRelease(Version Toolkit, Version Driver)
{
    /// <summary>By the names of NVIDIA's installers (cuda_12.4.0_550.54.14_linux.run), from 12.7 on where there is none by the driver's branch.</summary>
    static readonly CudaRelease[] Table =
    [
        new(new Version(9, 0), new Version(384, 81)), new(new Version(9, 1), new Version(387, 26)), new(new Version(9, 2), new Version(396, 26)),
        new(new Version(10, 0), new Version(410, 48)), new(new Version(10, 1), new Version(418, 39)), new(new Version(10, 2), new Version(440, 33, 1)),
        new(new Version(11, 0), new Version(450, 51, 5)), new(new Version(11, 1), new Version(455, 23, 5)), new(new Version(11, 2), new Version(460, 27, 4)),
        new(new Version(11, 3), new Version(465, 19, 1)), new(new Version(11, 4), new Version(470, 42, 1)), new(new Version(11, 5), new Version(495, 29, 5)),
        new(new Version(11, 6), new Version(510, 39, 1)), new(new Version(11, 7), new Version(515, 43, 4)), new(new Version(11, 8), new Version(520, 61, 5)),
        new(new Version(12, 0), new Version(525, 60, 13)), new(new Version(12, 1), new Version(530, 30, 2)), new(new Version(12, 2), new Version(535, 54, 3)),
        new(new Version(12, 3), new Version(545, 23, 6)), new(new Version(12, 4), new Version(550, 54, 14)), new(new Version(12, 5), new Version(555, 42, 2)),
        new(new Version(12, 6), new Version(560, 28, 3)), new(new Version(12, 7), new Version(565, 0)), new(new Version(12, 8), new Version(570, 86, 10)),
        new(new Version(12, 9), new Version(575, 51, 3)), new(new Version(13, 0), new Version(580, 65, 6)), new(new Version(13, 1), new Version(590, 44, 1)),
        new(new Version(13, 2), new Version(595, 0)), new(new Version(13, 3), new Version(610, 0)),
    ];

    /// <summary>The newest CUDA whose driver a driver is as new as: what nvidia-smi shows. Null for one older than all that is known here.</summary>
    public static Version? Of(Version driver) => Table.LastOrDefault(release => release.Driver.Major <= driver.Major)?.Toolkit;

    /// <summary>Null for a release that is not known here.</summary>
    public static CudaRelease? Find(Version toolkit) => Array.Find(Table, release => release.Toolkit == toolkit);

    /// <summary>
    /// The oldest driver on which programs of any minor release run, as long as they need no newer feature and no PTX compiled (CUDA compatibility guide,
    /// "Minor version compatibility"); null where there is none.
    /// </summary>
    public static string? Floor(int major) => major switch
    {
        11 => "450.80.02",
        12 => "525.60.13",
        13 => "580.65.06",
        _ => null,
    };

    /// <summary>Whether programs of a toolkit run on a driver, its user-mode part being of the same version.</summary>
    /// <param name="toolkit">Of which at least the major version is right.</param>
    public static CudaSupport Judge(Version toolkit, NvidiaDriver driver)
    {
        // Within a branch NVIDIA's release notes allow older drivers than the installers bring.
        if (Find(toolkit) is { } release && driver.Version.Major >= release.Driver.Major)
            return CudaSupport.Full;
        // Newer drivers run whatever is older, known here or not.
        if (Of(driver.Version) is { } own && (own.Major > toolkit.Major || own >= toolkit))
            return CudaSupport.Full;
        if (Floor(toolkit.Major) is { } floor)
            return driver.Version >= Version.Parse(floor) || (toolkit.Major == 13 && driver.Version.Major >= 580) ? CudaSupport.WithoutCompiling : CudaSupport.None;
        return Find(toolkit) is null ? CudaSupport.Full : CudaSupport.None;
    }
}
