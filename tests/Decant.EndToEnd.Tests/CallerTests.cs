namespace Decant.EndToEnd.Tests;

/// <summary>Callers that leave decant in an unusual state, and images whose environment is aimed at the host.</summary>
public sealed class CallerTests
{
    public static TheoryData<User> Both => User.Both;

    static ProgramResult Script(User user, string script)
    {
        TestImages.Pulled(user, "busybox");
        return DecantBinary.Script(user, script);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_caller_that_ignores_its_children_gets_the_exit_code(User user) =>
        Script(user, """env --ignore-signal=CHLD timeout -s KILL 20 "$decant" run --pid private busybox sh -c 'exit 7'; echo $?""").ExpectOutput("7\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void Bytes_of_the_environment_that_are_no_text_stay_as_they_are(User user) =>
        Script(user, """
            odd=$'\xfe\x80' "$decant" run -e odd busybox sh -c 'printf %s "$odd"' | od -An -tx1
            place=$(mktemp -d); DECANT_ROOT=$place/$'\xff' "$decant" pull rootfs:$place x >/dev/null 2>&1; ls $place | od -An -tx1
            """).ExpectOutput(" fe 80\n ff 0a\n");

    [Fact]
    public void A_pull_does_with_the_threads_that_the_system_allows_or_says_that_they_are_too_few()
    {
        // The limit counts all processes of a user: this one has no others.
        User lonely = new("a user with few threads", 61236);
        string place = Workplace.NewDirectory(lonely);
        Shell.Run($"cd {place} && mkdir d && seq 3000 | split -l 1 -a 4 - d/ && tar -czf t.tar.gz d").Expect(0);
        string output = Shell.Run($$"""
            for limit in 2 3 4 5 6 7 8; do
              DECANT_ROOT={{place}}/$limit {{string.Join(' ', lonely.Prefix)}} bash -c "ulimit -u $limit; exec {{Workplace.Decant}} pull tar:{{place}}/t.tar.gz x" 2>&1 |
                grep -o -e '^x$' -e 'no more threads' -e 'ulimit -u' -e 'a defect'
            done
            """).Expect(0).Output;
        Assert.StartsWith("no more threads\nulimit -u\n", output);
        Assert.EndsWith("x\nx\nx\n", output);
        Assert.DoesNotContain("defect", output);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Closed_standard_streams_read_as_empty(User user) =>
        Script(user, """
            "$decant" run -i busybox cat <&-; echo $?
            "$decant" run busybox sh -c 'if [ /proc/$$/fd/1 -ef /dev/null ]; then echo null >&2; fi' 2>&1 >&-
            """).ExpectOutput("0\nnull\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void A_terminals_output_that_nobody_can_take_ends_the_program(User user) =>
        Script(user, """timeout -s KILL 20 "$decant" run -t busybox sh -c 'while :; do echo line; done' >/dev/full; echo $?""").ExpectOutput("129\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void A_slow_reader_of_a_terminals_output_gets_all_of_it(User user) =>
        Script(user, """
            cat >/tmp/$$.py <<'END'
            import os, subprocess, time
            reader, writer = os.pipe()
            os.set_blocking(writer, False)
            child = subprocess.Popen([os.environ["decant"], "run", "-t", "busybox", "sh", "-c", "head -c 300000 /dev/zero"], stdout=writer)
            os.close(writer)
            time.sleep(0.5)
            count = 0
            while chunk := os.read(reader, 65536):
                count += len(chunk)
            print(count, child.wait())
            END
            timeout -s KILL 30 python3 /tmp/$$.py; rm /tmp/$$.py
            """).ExpectOutput("300000 0\n");

    [Fact]
    public void Input_that_is_no_terminal_is_refused_for_a_terminal() =>
        Assert.Contains("need a terminal", Script(User.Root, """echo x | "$decant" run -it busybox cat""").Expect(125).Error);

    [Theory]
    [MemberData(nameof(Both))]
    public void A_dry_run_makes_nothing_on_the_host(User user) =>
        Script(user, """
            d=$(mktemp -d)
            "$decant" run --dry-run -v $d/new:/x busybox true >/dev/null; ls $d
            "$decant" script -v $d/new:/x busybox -- true >/dev/null; ls $d
            "$decant" run -v $d/new:/x busybox touch /x/made; ls $d/new; rm -r $d
            """).ExpectOutput("made\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void An_images_environment_runs_nothing_on_the_host_through_a_script(User user) =>
        Script(user, """
            d=$(mktemp -d)
            "$decant" script -e "-S/bin/sh -c \"touch $d/planted\" x=1" -e LD_PRELOAD=/no/such.so -e LD_DEBUG=files -e A=kept busybox -- \
              sh -c 'echo $A $LD_PRELOAD' >$d/script || exit 3
            sh $d/script 2>$d/errors
            # The host's loader would have answered LD_DEBUG and the missing library.
            grep -c -e 'no/such.so' -e 'calling init' $d/errors
            ls $d; rm -r $d
            """).ExpectOutput("kept /no/such.so\n0\nerrors\nscript\n");

    [Fact]
    public void A_script_of_a_kept_run_is_refused() =>
        Assert.Contains("a script cannot keep", Script(User.Root, """
            "$decant" run --name for-script busybox true; "$decant" script --name for-script busybox -- true; code=$?
            "$decant" rm for-script; exit $code
            """).Expect(125).Error);

    [Fact]
    public void A_script_that_is_refused_for_its_name_makes_no_kept_run() =>
        Script(User.Root, """
            "$decant" script --name never-made busybox -- true 2>/dev/null; echo $?
            "$decant" images --runs -q | grep -c '^never-made$'
            "$decant" script --rm --name never-made busybox -- true >/dev/null; echo $?
            """).ExpectOutput("125\n0\n0\n");

    [Fact]
    public void A_directory_that_the_caller_may_not_make_for_a_volume_is_named_with_the_cause() =>
        Script(User.Ordinary, "\"$decant\" run -v /etc/decant-test/below:/x busybox true")
            .ExpectError(125, "mkdir /etc/decant-test: Permission denied", "fix: ");

    [Theory]
    [InlineData("run -v ./x:/x busybox true")]
    [InlineData("run rootfs:x true")]
    [InlineData("export busybox tar:x")]
    public void A_relative_path_from_a_removed_working_directory_is_explained(string command) =>
        Script(User.Ordinary, $$"""
            d=$(mktemp -d); cd $d; rmdir $d
            "$decant" {{command}}
            """).ExpectError(125, "the working directory has no path: it has been removed", "fix: ");

    [Fact]
    public void A_removed_working_directory_does_not_matter_where_no_path_is_relative() =>
        Script(User.Ordinary, """
            d=$(mktemp -d); cd $d; rmdir $d
            "$decant" run -v /etc:/x busybox pwd
            """).ExpectOutput("/\n");

    [Theory]
    [InlineData("rm")]
    [InlineData("run")]
    [InlineData("script")]
    [InlineData("env")]
    [InlineData("inspect")]
    public void An_empty_name_is_refused_as_one(string command) =>
        Script(User.Ordinary, $"\"$decant\" {command} ''").ExpectError(125, "decant: the name of the image is empty", "fix: ");

    [Theory]
    [MemberData(nameof(Both))]
    public void A_program_that_stops_itself_stops_decant_for_the_shell_that_waits(User user) =>
        Script(user, """
            cat >/tmp/$$.py <<'END'
            import os, signal
            pid = os.fork()
            if pid == 0:
                os.setpgid(0, 0)
                os.execvp(os.environ["decant"], [os.environ["decant"], "run", "busybox", "sh", "-c", "kill -STOP $$; exit 5"])
            _, status = os.waitpid(pid, os.WUNTRACED)
            print(os.WIFSTOPPED(status))
            os.killpg(pid, signal.SIGCONT)
            _, status = os.waitpid(pid, 0)
            print(os.waitstatus_to_exitcode(status))
            END
            timeout -s KILL 30 python3 /tmp/$$.py; rm /tmp/$$.py
            """).ExpectOutput("True\n5\n");
}
