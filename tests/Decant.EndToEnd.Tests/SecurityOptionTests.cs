namespace Decant.EndToEnd.Tests;

public sealed class SecurityOptionTests
{
    /// <summary>Calls by their numbers on x86-64, as root inside, where nothing else forbids most of them: allowed ones first, then those that docker's profile refuses.</summary>
    const string Calls = """
        my %names = (1 => "EPERM", 38 => "ENOSYS");
        sub result { my ($name, $number, @arguments) = @_; my $value = syscall($number, @arguments); print $name, " ", $value >= 0 ? "ok" : $names{$! + 0} // $! + 0, "\n" }
        result("getpid", 39);
        result("personality?", 135, 0xffffffff);
        result("socket", 41, 1, 1, 0);
        print "fork ", system("/bin/true"), "\n";
        result("unshare", 272, 0);
        result("setns", 308, -1, 0);
        result("keyctl", 250, 0, -3, 0);
        result("personality", 135, 0x0400000);
        result("clone3", 435, 0, 0);
        result("vsock", 41, 40, 1, 0);
        result("io_uring_setup", 425, 1, 0);
        """;

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void The_built_in_filter_refuses_what_dockers_profile_refuses_and_lets_programs_live(User user)
    {
        TestImages.Pulled(user, "bookworm");
        DecantBinary.Run(user, "run", "--root", "--security-opt", "seccomp=builtin", "bookworm", "perl", "-e", Calls).ExpectOutput("""
            getpid ok
            personality? ok
            socket ok
            fork 0
            unshare EPERM
            setns EPERM
            keyctl EPERM
            personality EPERM
            clone3 ENOSYS
            vsock EPERM
            io_uring_setup EPERM

            """);
    }

    /// <summary>Older dockers let io_uring and the sockets of virtual machines through.</summary>
    [Fact]
    public void Dockers_own_default_gives_the_same_answers()
    {
        TestImages.Pulled(User.Root, "bookworm");
        string docker = DecantBinary.Script(User.Root, $"""
            export DOCKER_HOST=unix://{Dockerd.Socket}
            docker run --rm --network host bookworm perl -e '{Calls}'
            """).Expect(0).Output;
        string decant = DecantBinary.Run(User.Root, "run", "--security-opt", "seccomp=builtin", "bookworm", "perl", "-e", Calls).Expect(0).Output;
        Assert.Equal(docker.Split('\n').Take(9), decant.Split('\n').Take(9));
    }

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void Without_the_option_no_filter_is_set(User user)
    {
        TestImages.Pulled(user, "busybox");
        string own = DecantBinary.Script(user, "grep ^Seccomp: /proc/self/status").Output;
        Assert.Equal(own, DecantBinary.Run(user, "run", "--security-opt", "seccomp=unconfined", "busybox", "grep", "^Seccomp:", "/proc/self/status").Expect(0).Output);
    }

    [Fact]
    public void Root_can_give_up_new_privileges()
    {
        TestImages.Pulled(User.Root, "busybox");
        DecantBinary.Run(User.Root, "run", "--security-opt", "no-new-privileges", "busybox", "grep", "NoNewPrivs", "/proc/self/status").ExpectOutput("NoNewPrivs:\t1\n");
    }

    [Fact]
    public void A_script_says_that_it_cannot_set_a_filter()
    {
        TestImages.Pulled(User.Root, "busybox");
        DecantBinary.Run(User.Root, "script", "--security-opt", "seccomp=builtin", "busybox", "true").ExpectError(125, "a script cannot set a seccomp filter");
    }
}
