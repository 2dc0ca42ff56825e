using System.Net.Sockets;
using Decant.Linux;

namespace Decant.Launch.Tests;

public sealed class MpiJobTests
{
    static readonly (string, string)[] pmix = [("PMIX_NAMESPACE", "17"), ("PMIX_RANK", "0"), ("PMIX_SERVER_URI4", "17.0;tcp4://127.0.0.1:5"), ("PMIX_VERSION", "4.2.2")];

    static MpiJob Of(params (string, string)[] environment) => MpiJob.Of(environment);

    [Theory]
    [InlineData("PMIX_RANK", true)]
    [InlineData("PMI_SIZE", true)]
    [InlineData("OMPI_COMM_WORLD_RANK", true)]
    [InlineData("OMPI_MCA_pml", true)]
    [InlineData("PRTE_MCA_x", true)]
    [InlineData("SLURM_PROCID", true)]
    [InlineData("SLURMD_NODENAME", true)]
    [InlineData("MPI_LOCALRANKID", true)]
    [InlineData("PMIX_INSTALL_PREFIX", false)]
    [InlineData("OMPI_MCA_mca_base_component_path", false)]
    [InlineData("PMIX_MCA_mca_base_param_files", false)]
    [InlineData("SLURM_JWT", false)]
    [InlineData("LD_LIBRARY_PATH", false)]
    [InlineData("UCX_TLS", false)]
    [InlineData("MPICH_ROOT", false)]
    [InlineData("XPMIX_", false)]
    public void Variables_of_launchers_pass_and_no_others(string name, bool passes) =>
        Assert.Equal(passes, Of([.. pmix, (name, "v")]).Variables.Any(variable => variable.Name == name));

    [Fact]
    public void What_the_launcher_speaks_is_told_by_its_variables()
    {
        Assert.Equal((MpiProtocol.Pmix, "PMIx 4.2.2"), (Of(pmix).Protocol, Of(pmix).Describe()));
        Assert.Equal(MpiProtocol.Pmi, Of(("PMI_RANK", "0"), ("PMI_PORT", "host:1")).Protocol);
        MpiJob slurm = Of(("SLURM_PROCID", "0"), ("SLURM_STEP_ID", "0"), ("SLURM_JOB_ID", "7"));
        Assert.Equal(MpiProtocol.None, slurm.Protocol);
    }

    [Theory]
    [InlineData]
    [InlineData("PMIX_RANK")]
    [InlineData("SLURM_PROCID", "SLURM_JOB_ID")]
    [InlineData("OMPI_COMM_WORLD_RANK")]
    public void Without_a_launcher_it_is_refused_with_the_way_to_one(params string[] names)
    {
        DecantException e = Assert.Throws<DecantException>(() => Of([.. names.Select(name => (name, "0"))]));
        Assert.Contains("no launcher", e.Message);
        Assert.Contains("mpirun -np N decant run --mpi", e.Fix);
    }

    [Fact]
    public void Ranks_of_one_job_and_host_have_one_identity()
    {
        static string Identity(string rank, string server, string job) => Of(("PMIX_RANK", rank), ("PMIX_NAMESPACE", job), ("PMIX_SERVER_URI21", server)).Identity;
        Assert.Equal(Identity("0", "s;tcp4://h:1", "j"), Identity("1", "s;tcp4://h:1", "j"));
        Assert.NotEqual(Identity("0", "s;tcp4://h:1", "j"), Identity("0", "s;tcp4://h:2", "j"));
        Assert.NotEqual(Identity("0", "s;tcp4://h:1", "j"), Identity("0", "s;tcp4://h:1", "k"));
        static string Slurm(string node) => Of(("SLURM_PROCID", "0"), ("SLURM_STEP_ID", "0"), ("SLURM_JOB_ID", "7"), ("SLURMD_NODENAME", node)).Identity;
        Assert.NotEqual(Slurm("node1"), Slurm("node2"));
    }

    [Theory]
    [InlineData("987")]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("")]
    public void A_descriptor_that_is_not_open_is_refused(string descriptor) =>
        Assert.Contains("PMI_FD", Assert.Throws<DecantException>(() => Of(("PMI_RANK", "0"), ("PMI_FD", descriptor))).Message);

    [Fact]
    public void Of_launchers_within_each_other_the_one_whose_socket_is_open_is_taken()
    {
        (string, string)[] both = [.. pmix, ("PMI_RANK", "0"), ("PMI_SIZE", "2"), ("HYDI_CONTROL_FD", "x")];
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        MpiJob hydra = Of([.. both[..^1], ("PMI_FD", $"{socket.Handle}")]);
        Assert.Equal(MpiProtocol.Pmi, hydra.Protocol);
        Assert.Equal((int)socket.Handle, Assert.Single(hydra.Descriptors));
        Assert.Equal(MpiProtocol.Pmix, Of([.. pmix, ("PMI_FD", $"{socket.Handle}")]).Protocol);
        MpiJob closed = Of([.. both, ("PMI_FD", "987")]);
        Assert.Equal(MpiProtocol.Pmix, closed.Protocol);
        Assert.Empty(closed.Descriptors);
        Assert.DoesNotContain(closed.Variables, variable => variable.Name is "PMI_FD" or "HYDI_CONTROL_FD");
    }

    [Theory]
    [InlineData("1", null, true)]
    [InlineData(null, "1", true)]
    [InlineData("2", "1", false)]
    [InlineData("1", "8", true)]
    [InlineData(null, null, false)]
    public void A_step_of_one_task_is_told_by_its_number_of_tasks(string? step, string? job, bool hasOne)
    {
        List<(string, string)> environment = [("SLURM_PROCID", "0"), ("SLURM_STEP_ID", "0"), ("SLURM_JOB_ID", "7")];
        if (step is not null)
            environment.Add(("SLURM_STEP_NUM_TASKS", step));
        if (job is not null)
            environment.Add(("SLURM_NTASKS", job));
        Assert.Equal(hasOne, MpiJob.Of(environment).HasOneTask);
    }

    [Fact]
    public void A_link_of_the_name_of_Slurms_directory_is_not_followed()
    {
        string parent = Directory.CreateTempSubdirectory("decant-slurm-").FullName;
        try
        {
            Directory.CreateSymbolicLink($"{parent}/spmix_appdir_{Libc.GetEffectiveUserId()}_7.0", "/etc");
            string made = $"{parent}/spmix_appdir_7.0";
            Directory.CreateDirectory(made);
            MpiJob job = Of([.. pmix, ("SLURM_JOB_ID", "7"), ("SLURM_STEP_ID", "0"), ("SLURM_CONF", "/nonexistent"), ("TMPDIR", parent)]);
            Assert.Equal(made, Assert.Single(job.Mounts).Target);
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }

    [Fact]
    public void The_jobs_own_directories_come_along_and_the_hosts_do_not()
    {
        string job = Directory.CreateTempSubdirectory("decant-job-").FullName;
        try
        {
            Directory.CreateDirectory($"{job}/stores");
            MpiJob of = Of([.. pmix, ("PMIX_SERVER_TMPDIR", job), ("PMIX_DSTORE_ESH_BASE_PATH", $"{job}/stores"), ("PMIX_SYSTEM_TMPDIR", "/tmp"), ("PMIX_DSTORE_21_BASE_PATH", "/nonexistent")]);
            MountRequest mount = Assert.Single(of.Mounts);
            Assert.Equal((job, job), (mount.Source, mount.Target));
        }
        finally
        {
            Directory.Delete(job, recursive: true);
        }
    }
}
