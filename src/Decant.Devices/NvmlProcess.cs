namespace Decant.Devices;

/// <summary>A process with a compute context on a GPU.</summary>
/// <param name="Pid">As the driver numbers processes: in the host's own PID namespace.</param>
/// <param name="Memory">Of the GPU, in bytes; null where the driver does not tell.</param>
public readonly record struct NvmlProcess(int Pid, long? Memory);
