namespace Decant.Doctor;

/// <summary>What requirements are held against; null for what is unknown.</summary>
/// <param name="Cuda">That the driver has.</param>
/// <param name="Driver">Its version.</param>
/// <param name="Architecture">The compute capability of a GPU.</param>
/// <param name="Brand">Of a GPU, as NVML calls it.</param>
sealed record CudaFacts(Version? Cuda, Version? Driver, Version? Architecture, string? Brand);
