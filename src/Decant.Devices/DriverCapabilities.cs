namespace Decant.Devices;

/// <summary>For what an image wants the NVIDIA driver: NVIDIA_DRIVER_CAPABILITIES of NVIDIA's container toolkit.</summary>
[Flags]
public enum DriverCapabilities
{
    None = 0,

    /// <summary>CUDA and OpenCL.</summary>
    Compute = 1,

    /// <summary>nvidia-smi and NVML.</summary>
    Utility = 2,

    /// <summary>Encoding and decoding of video.</summary>
    Video = 4,

    /// <summary>OpenGL and Vulkan, with or without a display.</summary>
    Graphics = 8,

    All = Compute | Utility | Video | Graphics,
}
