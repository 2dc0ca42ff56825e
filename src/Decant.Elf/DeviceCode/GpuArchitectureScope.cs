namespace Decant.Elf;

/// <summary>On which GPUs code for an architecture runs beside its own (CUDA C++ programming guide, "Compute capability and streaming multiprocessor versions").</summary>
public enum GpuArchitectureScope
{
    /// <summary>sm_90: later ones too.</summary>
    Portable,

    /// <summary>sm_90a: this one alone, whose special instructions the code may have.</summary>
    Exact,

    /// <summary>sm_100f: those of the same family.</summary>
    Family,
}
