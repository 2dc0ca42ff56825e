namespace Decant.EndToEnd.Tests;

public sealed class SignalTests
{
    public static TheoryData<User> Both => User.Both;

    static ProgramResult Script(User user, string script)
    {
        TestImages.Pulled(user, "busybox");
        return DecantBinary.Script(user, script);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    [InlineData("QUIT")]
    [InlineData("USR1")]
    [InlineData("USR2")]
    [InlineData("WINCH")]
    [InlineData("CONT")]
    public void A_signal_reaches_the_program(string signal)
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            // A shell starts its background jobs with SIGINT and SIGQUIT ignored, hence the launch by python.
            Script(user, $$"""
                cat >/tmp/$$.py <<'END'
                import os, signal, subprocess, sys
                program = "trap 'echo got it; exit 9' {{signal}}; echo ready; while :; do sleep 0.05; done"
                child = subprocess.Popen([os.environ["decant"], "run", "busybox", "sh", "-c", program], stdout=subprocess.PIPE, text=True)
                assert child.stdout.readline() == "ready\n"
                child.send_signal(signal.SIG{{signal}})
                print(child.stdout.read(), child.wait(), sep="")
                END
                python3 /tmp/$$.py; rm /tmp/$$.py
                """).ExpectOutput("got it\n9\n");
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_flood_of_signals_does_not_hide_the_programs_end(User user) =>
        Script(user, """
            cat >/tmp/$$.py <<'END'
            import os, signal, subprocess
            program = "trap : USR1; echo ready; i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; exit 3"
            child = subprocess.Popen([os.environ["decant"], "run", "busybox", "sh", "-c", program], stdout=subprocess.PIPE)
            assert child.stdout.readline() == b"ready\n"
            while child.poll() is None:
                for _ in range(1000):
                    try: os.kill(child.pid, signal.SIGUSR1)
                    except ProcessLookupError: break
            print(child.wait())
            END
            python3 /tmp/$$.py; rm /tmp/$$.py
            """).ExpectOutput("3\n");

    /// <summary>To the whole group, as a terminal and timeout(1) do: decant, its child and the program all get it at whatever they are.</summary>
    [Theory]
    [MemberData(nameof(Both))]
    public void A_signal_at_any_moment_of_a_launch_is_not_lost(User user) =>
        Script(user, """
            cat >/tmp/$$.py <<'END'
            import os, signal, subprocess, time
            for number in range(150):
                child = subprocess.Popen([os.environ["decant"], "run", "busybox", "sleep", "1000"], start_new_session=True)
                time.sleep(number * 0.0002)
                os.killpg(child.pid, signal.SIGTERM)
                assert child.wait(30) in (-15, 143), child.returncode
            print("all ended")
            END
            python3 /tmp/$$.py; rm /tmp/$$.py
            """).ExpectOutput("all ended\n");

    [Theory]
    [InlineData("KILL", 137)]
    [InlineData("TERM", 143)]
    [InlineData("ABRT", 134)]
    [InlineData("PIPE", 141)]
    [InlineData("SEGV", 139)]
    public void A_program_that_dies_of_a_signal_is_reported_as_a_shell_does(string signal, int status)
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
            Script(user, $"\"$decant\" run busybox sh -c 'kill -{signal} $$'; echo $?").ExpectOutput($"{status}\n");
    }

    [Fact]
    public void As_root_the_program_takes_decants_place() =>
        Script(User.Root, """
            "$decant" run busybox sh -c 'echo $$' >/tmp/e2e-$$ & wait $!
            [ $(cat /tmp/e2e-$$) = $! ] && echo same process; rm /tmp/e2e-$$
            """).ExpectOutput("same process\n");

    [Fact]
    public void As_an_ordinary_user_the_program_dies_with_decant() =>
        Script(User.Ordinary, """
            coproc "$decant" run busybox sh -c 'echo $$; sleep 100'
            launcher=$COPROC_PID
            read -r program <&"${COPROC[0]}"
            [ -d /proc/$program ] || exit 1
            kill -KILL $launcher
            for i in $(seq 100); do [ -d /proc/$program ] || break; sleep 0.05; done
            [ -d /proc/$program ] || echo gone
            """).ExpectOutput("gone\n");

    [Fact]
    public void A_waiting_decant_holds_less_than_sixteen_megabytes() =>
        Script(User.Ordinary, """
            coproc "$decant" run busybox sh -c 'echo $$; sleep 100'
            launcher=$COPROC_PID
            read -r program <&"${COPROC[0]}"
            peak=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' /proc/$launcher/status)
            kill -TERM $launcher
            [ "$peak" -lt 16384 ] && echo small || echo "$peak kB"
            """).ExpectOutput("small\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void Children_of_the_program_outlive_it_as_they_do_without_decant(User user) =>
        Script(user, """
            "$decant" run busybox sh -c '(sleep 0.3; echo late) & exit 0' | cat
            """).ExpectOutput("late\n");

    [Theory]
    [MemberData(nameof(Both))]
    public void A_stop_signal_stops_decant_with_the_program_until_it_is_continued(User user)
    {
        TestImages.Pulled(user, "busybox");
        DecantBinary.Script(user, """
            # Jobs of their own groups, as the kernel lets no terminal signal stop a group that no shell of its session watches.
            set -m
            state() { sed 's/.*) \(.\).*/\1/' /proc/$1/stat; }
            "$decant" run busybox sh -c 'echo up; sleep 3; exit 5' >out & pid=$!
            until [ -s out ]; do sleep 0.02; done
            kill -TSTP $pid
            for i in {1..100}; do [ "$(state $pid)" != T ] || break; sleep 0.02; done
            # As root the program is in decant's place, and its children are its own affair.
            child=$(cat /proc/$pid/task/$pid/children); [ $(id -u) != 0 ] || child=$pid
            echo "$(state $pid) $(state ${child%% *})"
            kill -CONT $pid; wait -f $pid; echo $?; rm out
            # One that does not stop keeps decant going too.
            "$decant" run busybox sh -c 'trap "" TSTP; echo up; sleep 1; exit 6' >out & pid=$!
            until [ -s out ]; do sleep 0.02; done
            kill -TSTP $pid; wait -f $pid; echo $?; rm out
            """.Replace("out", "/tmp/decant-stop-$$")).ExpectOutput("T T\n5\n6\n");
    }
}
