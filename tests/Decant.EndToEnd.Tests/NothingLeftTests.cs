namespace Decant.EndToEnd.Tests;

/// <summary>However a launch ends, nothing of it stays: see QuietRoom for what is compared.</summary>
public sealed class NothingLeftTests
{
    public static TheoryData<User> Both => User.Both;

    static void Room(User user, string script)
    {
        TestImages.Pulled(user, "busybox");
        QuietRoom.Run(user, script).Expect(0);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_thousand_launches_in_sequence(User user) =>
        Room(user, "for i in {1..1000}; do \"$decant\" run busybox true || { echo launch $i: $?; exit 1; }; done");

    [Theory]
    [MemberData(nameof(Both))]
    public void Two_hundred_launches_at_once(User user) =>
        Room(user, """
            for i in {1..200}; do "$decant" run busybox sh -c 'echo $1 >/file; sleep 0.2; [ $(cat /file) = $1 ]' - $i & jobs[i]=$!; done
            for i in {1..200}; do wait ${jobs[i]} || { echo launch $i: $?; exit 1; }; done
            """);

    [Theory]
    [MemberData(nameof(Both))]
    public void Decant_killed_at_random_moments(User user) =>
        Room(user, """
            for i in {1..150}; do
              "$decant" run busybox sleep 30 2>/dev/null & pid=$!
              sleep 0.0$((RANDOM % 3))$((RANDOM % 10))
              kill -KILL $pid; wait $pid 2>/dev/null
              [ $? = 137 ] || exit 1
            done
            """);

    [Theory]
    [MemberData(nameof(Both))]
    public void The_program_killed_at_random_moments(User user) =>
        Room(user, """
            for i in {1..150}; do
              "$decant" run busybox sleep 30 2>/dev/null & pid=$!
              sleep 0.0$((RANDOM % 3))$((RANDOM % 10))
              child=$(cat /proc/$pid/task/$pid/children)
              kill -KILL ${child:-$pid}; wait $pid 2>/dev/null
              case $? in 137|125) ;; *) exit 1 ;; esac
            done
            """);

    [Theory]
    [MemberData(nameof(Both))]
    public void A_program_that_removes_and_writes_all_it_can(User user) =>
        Room(user, """
            "$decant" run busybox sh -c 'echo 1 >/new; mkdir /etc/more; chmod 700 /home; echo 2 >>/etc/passwd; mv /home /away; ln /etc/group /group
              touch /tmp/t; rm -rf /etc /root; exit 12'
            [ $? = 12 ]
            """);

    [Theory]
    [InlineData("run -v /etc/passwd:/no/such/target:ro busybox true", 0)]
    [InlineData("run --tmpfs /a/b/c busybox true", 0)]
    [InlineData("run --read-only busybox true", 0)]
    [InlineData("run --shm-size 1m busybox true", 0)]
    [InlineData("run busybox /no/such/program", 127)]
    [InlineData("run busybox /etc/passwd", 126)]
    [InlineData("run --mount type=bind,source=/no/such,target=/x busybox true", 125)]
    [InlineData("run -u nobody-knows busybox true", 125)]
    [InlineData("run -w /proc/self/fd/3 busybox true", -1)]
    [InlineData("run --pid private busybox true", -1)]
    [InlineData("run --ipc private busybox true", 0)]
    [InlineData("run --network none busybox true", 0)]
    [InlineData("run --hostname x busybox true", 0)]
    [InlineData("run no-such-image true", 125)]
    [InlineData("run --dry-run busybox true", 0)]
    [InlineData("script busybox -- true", 0)]
    [InlineData("env busybox", 0)]
    [InlineData("run --name kept-briefly --rm busybox touch /x", 0)]
    public void Every_way_to_launch_or_to_fail(string arguments, int status)
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
            Room(user, $"\"$decant\" {arguments} >/dev/null 2>&1; status=$?; [ {status} -lt 0 ] || [ $status = {status} ] || {{ echo status $status; exit 1; }}");
    }

    [Fact]
    public void Mounts_do_not_reach_a_host_whose_root_is_shared()
    {
        TestImages.Pulled(User.Root, "busybox");
        QuietRoom.Run(User.Root, """
            mount --make-rshared /
            before=$(sort /proc/self/mountinfo)
            "$decant" run -v /etc:/host/etc --tmpfs /t busybox sh -c 'mount -t tmpfs x /tmp && grep -c . /proc/mounts >/dev/null' || exit 1
            [ "$before" = "$(sort /proc/self/mountinfo)" ] || exit 2
            mount --make-rprivate /
            """).Expect(0);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void The_demo_leaves_nothing(User user)
    {
        ProgramResult demo = QuietRoom.Run(user, "\"$decant\" demo").Expect(0);
        Assert.NotEmpty(demo.Output + demo.Error);
    }
}
