namespace Decant.EndToEnd.Tests;

public sealed class SecurityOptionTests
{
    /// <summary>Calls by their numbers on x86-64, as root of a namespace where nothing else forbids them: allowed ones first, then those that docker's profile refuses.</summary>
    const string Calls = """
        import ctypes, errno, os, threading
        call = ctypes.CDLL(None, use_errno=True).syscall
        def result(*arguments):
            return "ok" if call(*arguments) >= 0 else errno.errorcode[ctypes.get_errno()]
        print("getpid", result(39), "personality", result(135, 0xffffffff), "socket", result(41, 1, 1, 0))
        thread = threading.Thread(target=lambda: print("a thread"))
        thread.start()
        thread.join()
        print("fork", os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)[1])
        print("unshare", result(272, 0), "setns", result(308, -1, 0), "keyctl", result(250, 0, -3, 0), "io_uring_setup", result(425, 1, 0))
        print("personality", result(135, 0x0400000), "vsock", result(41, 40, 1, 0), "clone3", result(435, 0, 0), "x32 getpid", result(0x40000027))
        """;

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void The_built_in_filter_refuses_what_dockers_profile_refuses_and_lets_programs_live(User user)
    {
        TestImages.Pulled(user, "bookworm");
        DecantBinary.Run(user, "run", "--root", "--security-opt", "seccomp=builtin", "bookworm", "python3", "-c", Calls).ExpectOutput("""
            getpid ok personality ok socket ok
            a thread
            fork 0
            unshare EPERM setns EPERM keyctl EPERM io_uring_setup EPERM
            personality EPERM vsock EPERM clone3 ENOSYS x32 getpid ENOSYS

            """);
    }

    [Fact]
    public void Dockers_own_default_gives_the_same_answers()
    {
        ProgramResult docker = DecantBinary.Script(User.Root, $"""
            export DOCKER_HOST=unix://{Dockerd.Socket}
            docker run --rm --network host bookworm python3 -c '{Calls.Replace("'", "'\\''")}'
            """).Expect(0);
        string[] lines = docker.Output.Split('\n');
        Assert.Equal("getpid ok personality ok socket ok", lines[0]);
        Assert.StartsWith("unshare EPERM setns EPERM keyctl EPERM", lines[3]);
        Assert.StartsWith("personality EPERM", lines[4]);
        Assert.Contains("clone3 ENOSYS", lines[4]);
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
