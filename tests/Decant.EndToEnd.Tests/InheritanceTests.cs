namespace Decant.EndToEnd.Tests;

/// <summary>What a program inherits through decant is what it inherits through a plain exec.</summary>
public sealed class InheritanceTests
{
    const string Probe = """
        grep -E "^(SigBlk|SigIgn|SigCgt|SigPnd|ShdPnd|Umask|Cpus_allowed_list)" /proc/self/status
        cat /proc/self/limits /proc/self/oom_score_adj /proc/self/autogroup 2>/dev/null
        cut -d" " -f 18,19,40,41 /proc/self/stat; umask
        """;

    [Theory]
    [InlineData("true")]
    [InlineData("trap '' PIPE")]
    [InlineData("trap '' INT TERM HUP QUIT USR1 CHLD")]
    [InlineData("ulimit -n 777")]
    [InlineData("ulimit -Sn 500")]
    [InlineData("ulimit -c 0; ulimit -Ss 4096; ulimit -v 90000000; ulimit -u 5000")]
    [InlineData("umask 027")]
    [InlineData("umask 0")]
    [InlineData("renice -n 5 -p $$ >/dev/null")]
    [InlineData("echo 500 >/proc/self/oom_score_adj")]
    [InlineData("taskset -p -c 1 $$ >/dev/null")]
    [InlineData("chrt -b -p 0 $$")]
    public void A_program_inherits_what_decant_was_given(string setting)
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            string busybox = HostileRoot.Busybox;
            TestImages.Pulled(user, "busybox");
            ProgramResult plain = DecantBinary.Script(user, $"{setting}; exec {busybox} sh -c '{Probe.Replace("grep", $"{busybox} grep").Replace("cat ", $"{busybox} cat ").Replace("cut", $"{busybox} cut")}'").Expect(0);
            ProgramResult decant = DecantBinary.Script(user, $"{setting}; exec \"$decant\" run busybox sh -c '{Probe}'").Expect(0);
            Assert.Equal(plain.Output, decant.Output);
        }
    }

    [Fact]
    public void Blocked_signals_stay_blocked()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            TestImages.Pulled(user, "busybox");
            const string block = """
                import os, signal
                signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1, signal.SIGTERM, signal.SIGRTMIN + 3])
                signal.signal(signal.SIGPIPE, signal.SIG_DFL)
                os.execv(os.environ["decant"], ["decant", "run", "busybox", "grep", "SigBlk", "/proc/self/status"])
                """;
            Assert.Contains("0000001000004200", DecantBinary.Script(user, $"python3 -c '{block}'").Expect(0).Output);
        }
    }

    [Fact]
    public void Nothing_of_the_hosts_environment_reaches_the_program()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            TestImages.Pulled(user, "busybox");
            string clean = DecantBinary.Script(user, "\"$decant\" run busybox env").Expect(0).Output;
            string dirty = DecantBinary.Script(user, """
                export LD_LIBRARY_PATH=/x PYTHONPATH=/x SLURM_JOB_ID=1 PMIX_RANK=0 OMPI_MCA_btl=x HTTP_PROXY=x TERM=xterm USER=x MAIL=x
                LD_PRELOAD=libno.so "$decant" run busybox env 2>/dev/null
                """).Expect(0).Output;
            Assert.Equal(clean, dirty);
            Assert.DoesNotContain("nonexistent", clean);
        }
    }

    [Fact]
    public void Inheritable_and_ambient_capabilities_end_with_decant()
    {
        TestImages.Pulled(User.Root, "busybox");
        string status = Shell.Execute(
            ["setpriv", "--inh-caps=+net_raw,+chown", "--ambient-caps=+net_raw,+chown", "--", Workplace.Decant, "run", "busybox", "cat", "/proc/self/status"],
            DecantBinary.Variables(User.Root)).Expect(0).Output;
        Assert.Contains("CapInh:\t0000000000000000", status);
        Assert.Contains("CapAmb:\t0000000000000000", status);
    }

    [Fact]
    public void An_ordinary_users_program_gains_no_privileges()
    {
        TestImages.Pulled(User.Ordinary, "busybox");
        string status = DecantBinary.Run(User.Ordinary, "run", "busybox", "cat", "/proc/self/status").Expect(0).Output;
        Assert.Contains("NoNewPrivs:\t1", status);
        Assert.Contains("CapEff:\t0000000000000000", status);
        Assert.Contains($"Uid:\t{User.Ordinary.Id}\t", status);
    }
}
