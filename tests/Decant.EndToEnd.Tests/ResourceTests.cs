namespace Decant.EndToEnd.Tests;

public sealed class ResourceTests
{
    // Runs a launch in the background, and then looks at the cgroup of the program from outside.
    const string Watch = """
        coproc "$decant" run $options bookworm sh -c 'echo $$; exec sleep 100'
        read -r program <&"${COPROC[0]}"
        value() {
          for line in $(cat /proc/$program/cgroup); do
            IFS=: read -r _ controllers path <<<"$line"
            case ,$controllers, in
              *,$1,*) cat "/sys/fs/cgroup/$1$path/$2"; return ;;
              ,,) [ ! -e "/sys/fs/cgroup$path/$3" ] || { cat "/sys/fs/cgroup$path/$3"; return; } ;;
            esac
          done
        }
        """;

    static ProgramResult Room(User user, string options, string script)
    {
        TestImages.Pulled(user, "bookworm");
        return QuietRoom.Run(user, $"options='{options}'\n{script}");
    }

    [Fact]
    public void Memory_is_limited_in_a_cgroup_that_goes_with_the_program() =>
        Room(User.Root, "--memory 64m", $$"""
            {{Watch}}
            value memory memory.limit_in_bytes memory.max
            kill -TERM $COPROC_PID
            wait $COPROC_PID 2>/dev/null
            echo $?
            """).ExpectOutput("67108864\n143\n");

    [Fact]
    public void Processor_time_is_limited_in_a_cgroup_that_goes_with_the_program() =>
        Room(User.Root, "--cpus 0.5", $$"""
            {{Watch}}
            set -- $(value cpu cpu.cfs_quota_us cpu.max) $(value cpu cpu.cfs_period_us cpu.nothing)
            echo $(($1 * 10 / $2))
            kill -TERM $COPROC_PID
            wait $COPROC_PID 2>/dev/null
            echo $?
            """).ExpectOutput("5\n143\n");

    [Fact]
    public void A_program_that_takes_more_memory_than_it_may_is_killed() =>
        Room(User.Root, "", """
            "$decant" run --memory 64m bookworm python3 -c 'x = b"x" * 300_000_000; print("survived")'; echo $?
            "$decant" run --memory 640m bookworm python3 -c 'x = b"x" * 300_000_000; print("survived")'; echo $?
            """).ExpectOutput("137\nsurvived\n0\n");

    [Fact]
    public void A_user_without_a_cgroup_of_his_own_is_told_so()
    {
        TestImages.Pulled(User.Ordinary, "busybox");
        DecantBinary.Run(User.Ordinary, "run", "--memory", "64m", "busybox", "true").ExpectError(125, "cgroup");
    }

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void Limits_reach_the_program_and_end_with_it(User user)
    {
        TestImages.Pulled(user, "busybox");
        DecantBinary.Script(user, """
            "$decant" run --ulimit nofile=128 --ulimit nproc=1000:2000 --ulimit fsize=512:1024 busybox sh -c 'ulimit -n; ulimit -Su; ulimit -Hu; ulimit -f'
            ulimit -n | grep -q -x 128 || echo untouched
            """).ExpectOutput("128\n1000\n2000\n1\nuntouched\n");
    }

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void A_limit_above_the_callers_own_is_refused_with_the_reason(User user)
    {
        TestImages.Pulled(user, "busybox");
        DecantBinary.Script(user, "ulimit -n 500; \"$decant\" run --ulimit nofile=1000 busybox true").ExpectError(user == User.Root ? CanRaiseLimits ? 0 : 125 : 125);
    }

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void Shared_memory_is_the_hosts_unless_a_size_is_asked_for(User user)
    {
        TestImages.Pulled(user, "busybox");
        DecantBinary.Script(user, """
            name=/dev/shm/decant-e2e-$$
            "$decant" run busybox touch $name && ls $name | wc -l
            "$decant" run --shm-size 1m busybox sh -c "ls $name 2>&1 | grep -c 'No such'; dd if=/dev/zero of=/dev/shm/x bs=1024 count=2048 2>&1 | grep -c 'No space'; stat -c %a /dev/shm"
            rm $name
            """).ExpectOutput("1\n1\n1\n1777\n");
    }

    // CAP_SYS_RESOURCE, which a root in a virtual machine or a container may lack.
    static bool CanRaiseLimits => Shell.Run("ulimit -n 500 && ulimit -n 600").ExitCode == 0;

    [Theory]
    [InlineData("1")]
    [InlineData("4k")]
    [InlineData("6143k")]
    public void A_limit_that_no_program_starts_within_is_refused(string limit)
    {
        TestImages.Pulled(User.Root, "busybox");
        DecantBinary.Run(User.Root, "run", "--memory", limit, "busybox", "true").ExpectError(125, "bytes of memory", "--memory 6m");
        DecantBinary.Run(User.Root, "run", "--memory", "6m", "busybox", "true").Expect(0);
    }

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void A_limit_of_address_space_leaves_room_for_decant(User user)
    {
        TestImages.Pulled(user, "busybox");
        DecantBinary.Script(user, """
            ulimit -v 2000000
            "$decant" run busybox sh -c 'ulimit -v'
            """).ExpectOutput("2000000\n");
    }
}
