namespace Decant.Doctor;

/// <summary>How far a driver runs the programs of a toolkit.</summary>
enum CudaSupport
{
    /// <summary>The driver is older than the major release.</summary>
    None,

    /// <summary>Machine code runs, but the driver does not know the PTX of so new a compiler.</summary>
    WithoutCompiling,

    Full,
}
