namespace Decant.Doctor;

/// <summary>Implementations of MPI whose launchers and libraries belong together.</summary>
enum MpiFamily
{
    OpenMpi,

    /// <summary>MPICH and those of its ABI initiative: Intel MPI, MVAPICH2, Cray MPICH.</summary>
    Mpich,
}
