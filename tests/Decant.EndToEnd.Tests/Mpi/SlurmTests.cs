namespace Decant.EndToEnd.Tests;

/// <summary>srun decant run --mpi IMAGE ..., on two nodes of a Slurm of the tests' own.</summary>
public sealed class SlurmTests : IDisposable
{
    /// <summary>Slurm asks for the names of its users.</summary>
    static readonly User nobody = new("nobody, of Slurm", 65534);

    readonly string directory = Workplace.NewDirectory(User.Root);

    public SlurmTests() => Cluster("start");

    public void Dispose() => Cluster("stop");

    [Fact]
    public void Ranks_of_two_nodes_find_each_other_and_those_of_one_share_memory_and_files()
    {
        foreach (User user in new[] { User.Root, nobody })
        {
            MpiPrograms.Image(user, "bookworm");
            ProgramResult run = Srun(user, ["-N2", "-n4", "--mpi=pmix", Workplace.Decant, "run", "--mpi", .. MpiPrograms.Mounted, "bookworm", "/app/ranks"]);
            string[] ranks = MpiPrograms.Sorted(run.Expect(0).Output);
            Assert.Equal(["rank 0 of 4: ring ok", "rank 1 of 4: ring ok", "rank 2 of 4: ring ok", "rank 3 of 4: ring ok"], ranks.Select(line => line.Split(',')[0]));
            // Rank 1 has rank 0 beside it and rank 3 rank 2; what rank 0 wrote is on its node only.
            Assert.EndsWith("cma ok, file ok", ranks[1]);
            Assert.EndsWith("cma ok, file missing", ranks[3]);
        }
    }

    /// <summary>On one node: UCX, by which Debian's MPICH goes, takes two nodes of one machine for one, with or without decant.</summary>
    [Fact]
    public void MPICH_is_started_by_the_older_interface()
    {
        foreach (User user in new[] { User.Root, nobody })
        {
            MpiPrograms.Image(user, "mpich");
            ProgramResult run = Srun(user, ["-N1", "-n4", "--mpi=pmi2", Workplace.Decant, "run", "--mpi", .. MpiPrograms.Mounted, "mpich", "/app/ranks-mpich"]);
            Assert.Equal(MpiPrograms.Whole(4), MpiPrograms.Sorted(run.Expect(0).Output));
        }
    }

    [Fact]
    public void Exit_codes_and_the_tasks_own_numbers_pass()
    {
        TestImages.Pulled(User.Root, "busybox");
        string[] tasks = MpiPrograms.Sorted(Srun(User.Root, ["-N2", "-n2", "--mpi=none", Workplace.Decant, "run", "--mpi", "busybox", "sh", "-c", "echo $SLURM_PROCID $SLURMD_NODENAME"]).Expect(0).Output);
        Assert.Equal(["0 node1", "1 node2"], tasks);
        Srun(User.Root, ["-n1", Workplace.Decant, "run", "--mpi", "busybox", "sh", "-c", "exit 7"]).Expect(7);
    }

    ProgramResult Srun(User user, string[] arguments)
    {
        Dictionary<string, string> variables = DecantBinary.Variables(user);
        variables["SLURM_CONF"] = $"{directory}/slurm.conf";
        variables["OMPI_MCA_btl_tcp_if_include"] = "lo";
        return Shell.Execute([.. user.Prefix, "srun", .. arguments], variables);
    }

    void Cluster(string what) =>
        Shell.Execute([Workplace.Existing("tests/Decant.EndToEnd.Tests/Mpi/slurm.sh", "git checkout"), what, directory]).Expect(0);
}
