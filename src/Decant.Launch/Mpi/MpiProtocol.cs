namespace Decant.Launch;

/// <summary>How a launcher and its ranks find each other.</summary>
public enum MpiProtocol
{
    /// <summary>Over a socket of the launcher's: Open MPI's mpirun, srun --mpi=pmix.</summary>
    Pmix,

    /// <summary>PMI-1 and PMI-2, over a descriptor that the launcher hands on: MPICH's mpiexec, srun --mpi=pmi2.</summary>
    Pmi,

    /// <summary>srun without any: tasks know their numbers, and MPI does not know them.</summary>
    None,
}
