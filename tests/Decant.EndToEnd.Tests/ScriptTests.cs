namespace Decant.EndToEnd.Tests;

/// <summary>"decant script" prints the launch as a shell script that runs without decant.</summary>
public sealed class ScriptTests
{
    public static TheoryData<string, string> Launches => new()
    {
        { "busybox", "sh -c 'echo out; echo err >&2; exit 7'" },
        { "busybox", "sh -c 'id -u; pwd; env | sort'" },
        { "-e 'ODD=two  words \"q\" $HOME `x` \\ '\\'' end' busybox", "sh -c 'echo \"$ODD\"'" },
        { "-w /made/there busybox", "sh -c 'pwd; echo x >file; cat file'" },
        { "-v /etc/os-release:/deep/new/file:ro busybox", "sh -c 'cat /deep/new/file; echo x >/deep/new/file'" },
        { "-v /usr/share:/s --tmpfs /t busybox", "sh -c 'ls /s | wc -l; touch /t/x; ls /t'" },
        { "--read-only busybox", "touch /x" },
        { "--hostname other busybox", "hostname" },
        { "--shm-size 4m busybox", "sh -c 'grep -c size=4096k /proc/mounts'" },
        { "--ulimit nofile=99 busybox", "sh -c 'ulimit -n'" },
        { "layers", "cat /a/link/new /a/gone/again" },
        { "entrypoint", "more" },
        { "bookworm", "python3 -c 'print(6 * 7)'" },
        { "busybox", "sh -c 'cat /proc/self/comm; echo x >/dev/null; ls -d /dev/shm /sys/class'" },
        { "busybox", "/no/such/program" },
        { "busybox", "sh -c 'kill -TERM $$'" },
    };

    [Theory]
    [MemberData(nameof(Launches))]
    public void A_script_does_what_the_launch_does_and_leaves_nothing(string options, string command)
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            TestImages.PulledAll(user);
            QuietRoom.Run(user, $$"""
                "$decant" run {{options}} {{command}} >/tmp/want 2>/tmp/want-error; want=$?
                "$decant" script {{options}} -- {{command}} >/tmp/script || exit 2
                env -u decant -u DECANT_ROOT dash /tmp/script >/tmp/got 2>/tmp/got-error; got=$?
                diff /tmp/want /tmp/got >&2 || { cat /tmp/got-error >&2; exit 3; }
                [ $want = $got ] || { echo "status $got instead of $want" >&2; cat /tmp/got-error >&2; exit 4; }
                rm /tmp/script /tmp/want /tmp/got /tmp/want-error /tmp/got-error
                """).Expect(0);
        }
    }

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void A_script_that_cannot_mount_says_so_and_leaves_nothing(User user)
    {
        TestImages.Pulled(user, "busybox");
        QuietRoom.Run(user, """
            mkdir /tmp/source
            "$decant" script -v /tmp/source:/data busybox -- true >/tmp/script || exit 2
            rmdir /tmp/source
            dash /tmp/script 2>/tmp/error; status=$?
            [ -s /tmp/error ] || exit 3
            rm /tmp/script /tmp/error
            [ $status != 0 ]
            """).Expect(0);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("KILL")]
    public void A_script_that_is_told_to_end_leaves_nothing(string signal)
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            TestImages.Pulled(user, "busybox");
            QuietRoom.Run(user, $$"""
                "$decant" script busybox -- sh -c 'echo ready; i=0; while [ $i -lt 30 ]; do i=$((i + 1)); sleep 0.1; done' >/tmp/script || exit 2
                python3 - <<'END' || exit 3
                import os, signal, subprocess
                child = subprocess.Popen(["dash", "/tmp/script"], stdout=subprocess.PIPE, start_new_session=True)
                assert child.stdout.readline() == b"ready\n"
                os.killpg(child.pid, signal.SIG{{signal}})
                child.wait()
                END
                rm /tmp/script
                """).Expect(0);
        }
    }

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void A_dry_run_explains_every_step_and_runs_nothing(User user)
    {
        TestImages.Pulled(user, "busybox");
        string host = Workplace.NewDirectory(user);
        ProgramResult explained = DecantBinary.Run(user, "run", "--dry-run", "-v", $"{host}:/data/here:ro", "-e", "NAMED=value", "--tmpfs", "/scratch", "busybox", "touch", "/data/here/x").Expect(0);
        foreach (string word in new[] { host, "/data/here", "NAMED", "/scratch", "/proc", "/dev", "touch" })
            Assert.Contains(word, explained.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(host));
    }

    [Theory]
    [MemberData(nameof(User.Both), MemberType = typeof(User))]
    public void Each_variable_is_explained_with_its_origin(User user)
    {
        TestImages.Pulled(user, "user");
        ProgramResult explained = DecantBinary.Run(user, "env", "user").Expect(0);
        foreach (string word in new[] { "GREETING", "hello there", "EQUALS", "a=b", "PATH", "image" })
            Assert.Contains(word, explained.Output);
    }
}
