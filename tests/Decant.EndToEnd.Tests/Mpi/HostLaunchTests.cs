namespace Decant.EndToEnd.Tests;

/// <summary>mpirun decant run --mpi IMAGE ...: the launcher is the host's.</summary>
public sealed class HostLaunchTests
{
    public static TheoryData<string, string> Launchers { get; } = new()
    {
        { "mpirun.openmpi", "bookworm" },
        { "mpirun.openmpi", "trixie" },
        { "mpirun.mpich", "mpich" },
    };

    [Theory]
    [MemberData(nameof(Launchers))]
    public void The_hosts_launcher_starts_ranks_that_share_memory_and_files(string launcher, string image)
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            MpiPrograms.Image(user, image);
            ProgramResult run = Launch(user, [launcher, "-np", "4", Workplace.Decant, "run", "--mpi", .. MpiPrograms.Mounted, image, MpiPrograms.Program(image)]);
            Assert.Equal(MpiPrograms.Whole(4), MpiPrograms.Sorted(run.Expect(0).Output));
            Assert.Empty(run.Error);
            Assert.False(Directory.Exists($"/tmp/decant-{user.Id}"), "what the ranks shared is left");
        }
    }

    [Fact]
    public void Without_the_option_each_rank_is_alone()
    {
        MpiPrograms.Image(User.Root, "mpich");
        ProgramResult run = Launch(User.Root, ["mpirun.mpich", "-np", "2", Workplace.Decant, "run", .. MpiPrograms.Mounted, "mpich", "/app/ranks-mpich"]);
        Assert.Equal(["rank 0 of 1: ring ok, cma ok, file ok", "rank 0 of 1: ring ok, cma ok, file ok"], MpiPrograms.Sorted(run.Expect(0).Output));
    }

    [Fact]
    public void Of_the_host_only_what_the_launcher_offers_reaches_a_rank()
    {
        TestImages.Pulled(User.Ordinary, "busybox");
        string[] names = [.. MpiPrograms.Sorted(Script(User.Ordinary, """
            export SECRET=x PYTHONPATH=/x UCX_TLS=x
            mpirun.openmpi -np 1 env SLURM_JWT=x PMIX_INSTALL_PREFIX=/usr OMPI_MCA_mca_base_component_path=/usr/lib "$decant" run --mpi busybox sh -c 'env; ls /tmp'
            """).Expect(0).Output).Select(line => line.Split('=')[0])];
        Assert.Contains("PMIX_RANK", names);
        Assert.Contains("OMPI_COMM_WORLD_SIZE", names);
        Assert.All(names, name => Assert.Matches("^(PMIX_|OMPI_|PRTE_|PATH|HOME|PWD|SHLVL|TERM|ompi\\.)", name));
        Assert.DoesNotContain("PMIX_INSTALL_PREFIX", names);
        Assert.DoesNotContain("OMPI_MCA_mca_base_component_path", names);
        // In its /tmp is the job's directory alone.
        Assert.Single(names, name => name.StartsWith("ompi.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_rank_enters_what_any_other_has_made_and_makes_its_own_where_none_is_left()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            TestImages.Pulled(user, "busybox");
            string meeting = Workplace.NewDirectory(user);
            // Rank 1 comes when rank 0 is in, rank 2 when rank 0 has ended, and the last when all others have.
            string[] places = MpiPrograms.Sorted(Script(user, $$"""
                cd {{meeting}}
                cat >rank <<'RANK'
                await() { for file; do until [ -e $file ]; do sleep 0.05; done; done; }
                rank=$OMPI_COMM_WORLD_RANK
                case $rank in 0) first= then=in-1 ;; 1) first=in-0 then=in-2 ;; 2) first='in-1 out-0' then= ;; 3) first='out-1 out-2' then= ;; esac
                await $first
                "$decant" run --mpi -v $PWD:/meeting busybox sh -c "touch /tmp/of-$rank /meeting/in-$rank; echo $rank sees \$(cd /tmp; ls -d of-*)
                  for file in $then; do until [ -e /meeting/\$file ]; do sleep 0.05; done; done"
                touch out-$rank
                RANK
                mpirun.openmpi -np 4 bash rank
                """).Expect(0).Output);
            Assert.Equal(["0 sees of-0", "1 sees of-0 of-1", "2 sees of-0 of-1 of-2", "3 sees of-3"], places);
            Assert.False(Directory.Exists($"/tmp/decant-{user.Id}"), "what the ranks shared is left");
        }
    }

    [Fact]
    public void Programs_with_other_roots_share_the_user_namespace()
    {
        TestImages.Pulled(User.Ordinary, "busybox");
        TestImages.Pulled(User.Ordinary, "layers");
        string[][] places = [.. MpiPrograms.Sorted(Script(User.Ordinary, """
            mpirun.openmpi -np 1 "$decant" run --mpi busybox sh -c 'echo 0 $(readlink /proc/self/ns/user) $(readlink /proc/self/ns/mnt); sleep 1' :\
              -np 1 "$decant" run --mpi layers sh -c 'echo 1 $(readlink /proc/self/ns/user) $(readlink /proc/self/ns/mnt); cat /a/link/new; sleep 1'
            """).Expect(0).Output).Select(line => line.Split(' '))];
        Assert.Equal("2", Assert.Single(places, line => line.Length == 1)[0]);
        string[][] ranks = [.. places.Where(line => line.Length == 3)];
        Assert.Equal(ranks[0][1], ranks[1][1]);
        Assert.NotEqual(ranks[0][2], ranks[1][2]);
    }

    [Fact]
    public void Ranks_that_are_killed_leave_nothing_that_the_next_job_stumbles_over()
    {
        TestImages.Pulled(User.Ordinary, "busybox");
        ProgramResult run = Script(User.Ordinary, """
            mpirun.openmpi -np 2 "$decant" run --mpi busybox sleep 60 & job=$!
            until [ "$(pgrep -c -P $job -f "run --mpi")" = 2 ] && [ "$(cat /tmp/decant-*/* 2>/dev/null | wc -l)" = 2 ]; do sleep 0.1; done
            pkill -KILL -P $job -f "run --mpi"
            wait $job
            ls /tmp/decant-$(id -u) | wc -l
            mpirun.openmpi -np 2 "$decant" run --mpi busybox sh -c 'echo ran' && ls -d /tmp/decant-$(id -u)
            """);
        Assert.Equal("1\nran\nran\n", run.Output);
    }

    [Fact]
    public void Sixteen_ranks_at_once_unpack_an_image_once()
    {
        string source = $"docker-archive:{TestImages.File("bookworm.docker.tar")}";
        User user = User.Ordinary with { Name = "a user with many ranks" };
        ProgramResult run = Launch(user, ["mpirun.openmpi", "-np", "16", Workplace.Decant, "run", "--mpi", source, "sh", "-c", "echo $OMPI_COMM_WORLD_RANK of $OMPI_COMM_WORLD_SIZE"]);
        Assert.Equal([.. Enumerable.Range(0, 16).Select(rank => $"{rank} of 16").Order(StringComparer.Ordinal)], MpiPrograms.Sorted(run.Expect(0).Output));
        Assert.Single(Directory.GetDirectories($"{TestImages.Store(user)}/layers"));
        Assert.Single(run.Error.Split('\n'), line => line.Contains("unpack", StringComparison.Ordinal));
    }

    [Fact]
    public void A_launcher_that_the_images_MPI_does_not_understand_is_named_before_ranks_are_alone()
    {
        foreach ((string launcher, string image, string words) in new[] { ("mpirun.openmpi", "mpich", "binds MPICH"), ("mpirun.mpich", "bookworm", "binds Open MPI 4.1") })
        {
            MpiPrograms.Image(User.Root, image);
            string[] command = [.. MpiPrograms.Mounted, image, MpiPrograms.Program(image)];
            ProgramResult run = Launch(User.Root, [launcher, "-np", "2", Workplace.Decant, "run", "--mpi", .. command]);
            Assert.NotEqual(0, run.ExitCode);
            Assert.Contains(words, run.Error);
            Assert.Contains("the ranks do not find each other", run.Error);
            // As it said.
            ProgramResult all = Launch(User.Root, [launcher, "-np", "2", Workplace.Decant, "run", "--no-fix", "--mpi", .. command]);
            Assert.Equal(["rank 0 of 1: ring ok, cma ok, file ok", "rank 0 of 1: ring ok, cma ok, file ok"], MpiPrograms.Sorted(all.Output));
        }
    }

    [Fact]
    public void Outside_of_a_launcher_and_with_what_parts_ranks_it_is_refused()
    {
        TestImages.Pulled(User.Ordinary, "busybox");
        DecantBinary.Run(User.Ordinary, "run", "--mpi", "busybox", "true").ExpectError(125, "no launcher has started this decant", "mpirun -np N decant run --mpi");
        DecantBinary.Run(User.Ordinary, "script", "--mpi", "busybox", "true").ExpectError(125, "a script cannot be a rank");
        foreach (string option in new[] { "--root", "--user=7", "--pid=private", "--ipc=private", "--network=none", "--name=kept" })
            Assert.Contains("--mpi", Launch(User.Ordinary, ["mpirun.mpich", "-np", "1", Workplace.Decant, "run", "--mpi", option, "busybox", "true"]).ExpectError(125).Error);
        Assert.Contains("descriptor", Script(User.Ordinary, "mpirun.mpich -np 1 bash -c 'eval \"exec $PMI_FD>&-\"; \"$decant\" run --mpi busybox true'").ExpectError(125, "PMI_FD").Error);
    }

    static ProgramResult Launch(User user, string[] command) => Shell.Execute([.. user.Prefix, .. command], Variables(user));

    static ProgramResult Script(User user, string script) => Shell.Run(user, script, Variables(user));

    static Dictionary<string, string> Variables(User user)
    {
        Dictionary<string, string> variables = DecantBinary.Variables(user);
        foreach ((string name, string value) in MpiPrograms.Variables)
            variables[name] = value;
        return variables;
    }
}
