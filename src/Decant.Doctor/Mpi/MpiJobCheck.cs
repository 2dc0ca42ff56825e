using Decant.Launch;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Whether the MPI of a rank understands the launcher of the host that has started it.</summary>
public static class MpiJobCheck
{
    /// <summary>Of the finding that each rank would be alone.</summary>
    public const string Foreign = "mpi-job-foreign";

    /// <param name="job">Of the launcher.</param>
    /// <param name="one">What it has started, or what that has.</param>
    internal static Finding? Examine(MpiJob job, LoadedCommand one)
    {
        if (job.HasOneTask)
            return null;
        MpiPart? library = MpiPart.Library(one.Process) ?? one.Opened.Select(MpiPart.Library).FirstOrDefault(part => part is not null);
        if (library is null || Speaks(job.Protocol, library, one))
            return null;
        bool isOpenMpi = library.Family == MpiFamily.OpenMpi;
        string mpi = library.Describe(one.Command);
        string program = PathBytes.Printable(one.Process.Program.Path);
        string launcher = job.Protocol switch
        {
            MpiProtocol.Pmix => $"the launcher speaks {job.Describe()}, as Open MPI's mpirun and srun --mpi=pmix do",
            MpiProtocol.Pmi => "the launcher speaks PMI, as MPICH's mpiexec and srun --mpi=pmi2 do",
            _ => "srun was not told by what its tasks find each other",
        };
        string own = isOpenMpi ? "mpirun of Open MPI" : "mpiexec of MPICH";
        return new Finding
        {
            Id = Foreign,
            Severity = FindingSeverity.Error,
            Cause = $"{launcher}, and {program} binds {mpi}, which does not understand it: the ranks do not find each other",
            Message = isOpenMpi && job.Protocol != MpiProtocol.Pmix ? null : "rank 0 of 1",
            Evidence = [$"{program} binds {PathBytes.Printable(library.Path)}: {mpi}"],
            Fix = $"start it by {own}, or by srun --mpi={(isOpenMpi ? "pmix" : "pmi2")}; or all of it from the image: decant run IMAGE {(isOpenMpi ? "mpirun" : "mpiexec")} -n N {program}",
        };
    }

    /// <summary>
    /// Open MPI has PMIx from 2.0 on; PMI where its components s1 and s2 were built (opal/mca/pmix of Open MPI 2 to 4). MPICH has PMI built in,
    /// unless it was configured with a library in its place, such as PMIx's.
    /// </summary>
    static bool Speaks(MpiProtocol protocol, MpiPart library, LoadedCommand one)
    {
        if (library.Family == MpiFamily.OpenMpi)
            return protocol == MpiProtocol.Pmix || (protocol == MpiProtocol.Pmi && MpiComponents.Of("pmix", one) is var components && (components.Contains("s1") || components.Contains("s2")));
        bool hasPmix = one.Process.Objects.Concat(one.Opened.SelectMany(opened => opened.Objects)).Any(part => LinuxPath.Name(part.Path).StartsWith("libpmix.so", StringComparison.Ordinal));
        return protocol == (hasPmix ? MpiProtocol.Pmix : MpiProtocol.Pmi);
    }
}
