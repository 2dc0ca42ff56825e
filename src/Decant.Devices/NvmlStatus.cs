namespace Decant.Devices;

/// <summary>What NVML returns, as far as decant acts on it (nvmlReturn_t); everything else is an error that only its text explains.</summary>
enum NvmlStatus
{
    Success = 0,

    /// <summary>This device does not tell this.</summary>
    NotSupported = 3,

    /// <summary>The array is too small; its count has become what it takes.</summary>
    InsufficientSize = 7,

    /// <summary>There is a library, and no kernel module: a host without GPUs.</summary>
    DriverNotLoaded = 9,
}
