namespace Decant.EndToEnd.Tests;

public sealed class TerminalTests
{
    public static TheoryData<User> Both => User.Both;

    [Theory]
    [MemberData(nameof(Both))]
    public void The_program_has_a_terminal_of_its_own_of_the_callers_size(User user)
    {
        TestImages.Pulled(user, "busybox");
        Pty.Drive(user, """
            terminal = Terminal("run", "-it", "busybox", "sh", "-c", "tty; stty size; exit 5")
            terminal.expect(r"/dev/pts/\d+\r\n40 100\r\n")
            assert terminal.wait() == 5
            assert terminal.restored()
            """);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_resized_terminal_resizes_the_programs(User user)
    {
        TestImages.Pulled(user, "busybox");
        Pty.Drive(user, """
            terminal = Terminal("run", "-it", "busybox", "sh", "-c", "trap 'stty size' WINCH; echo ready; while :; do sleep 0.1; done")
            terminal.expect("ready")
            terminal.resize(33, 77)
            terminal.expect("33 77")
            terminal.send("\x03")
            assert terminal.wait() == 130
            assert terminal.restored()
            """);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_shell_on_a_terminal_has_job_control(User user)
    {
        TestImages.Pulled(user, "bookworm");
        Pty.Drive(user, """
            terminal = Terminal("run", "-it", "bookworm", "bash", "--norc", "-i")
            terminal.send("PS1=ready'> '\n")
            terminal.expect("ready> ")
            terminal.send("sleep 100\n")
            time.sleep(0.5)
            terminal.send("\x1a")
            terminal.expect("Stopped")
            terminal.send("bg\n")
            terminal.expect("sleep 100 &")
            terminal.send("jobs\n")
            terminal.expect("Running")
            terminal.send("kill %1; wait; echo ended-$?\n")
            terminal.expect(r"ended-\d+\r\n")
            terminal.expect("ready> ")
            terminal.send("cat\n")
            terminal.expect("cat\r\n")
            time.sleep(0.5)
            terminal.send("\x03")
            terminal.expect(r"\^C")
            terminal.expect("ready> ")
            terminal.send("exit 7\n")
            assert terminal.wait() == 7
            assert terminal.restored()
            """);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Without_t_a_shell_has_the_callers_terminal_and_job_control(User user)
    {
        TestImages.Pulled(user, "bookworm");
        Pty.Drive(user, """
            terminal = Terminal("run", "-i", "bookworm", "bash", "--norc", "-i")
            terminal.send("PS1=ready'> '\n")
            terminal.expect("ready> ")
            assert b"no job control" not in terminal.seen
            terminal.send("sleep 100\n")
            time.sleep(0.5)
            terminal.send("\x1a")
            terminal.expect("Stopped")
            terminal.send("kill -KILL %1; sleep 0.3; :\n")
            terminal.expect("Killed")
            terminal.send("exit 7\n")
            assert terminal.wait() == 7
            """);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void A_shell_stops_and_continues_decant_as_it_does_the_program(User user)
    {
        TestImages.Pulled(user, "busybox");
        string supervised = user == User.Root ? "--memory 64m" : "--ulimit core=0";
        foreach (string options in new[] { "", supervised, "--pid private" })
        {
            Pty.Drive(user, $$"""
                terminal = Terminal("--norc", "-i", program="/bin/bash")
                terminal.send("PS1=ready'> '\n")
                terminal.expect("ready> ")
                terminal.send("$decant run -i {{options}} busybox sh -c 'trap \"\" INT; echo up; sleep 2; sleep 0; exit 9'\n")
                terminal.expect("\r\nup")
                for turn in range({{(options == "--pid private" ? 0 : 3)}}):
                    terminal.send("\x1a")
                    terminal.expect("Stopped")
                    terminal.expect("ready> ")
                    time.sleep(0.2)
                    terminal.send(["fg\n", "bg; fg\n", "kill -CONT -- -$(jobs -p); fg\n"][turn])
                    terminal.expect("decant run")
                    time.sleep(0.2)
                terminal.expect("ready> ")
                terminal.send("echo code=$?\n")
                terminal.expect("code=9")
                terminal.send("exit 0\n")
                assert terminal.wait() == 0
                """);
        }
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    [InlineData("INT", 130)]
    public void The_terminal_is_restored_when_decant_is_told_to_end(string signal, int status)
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            TestImages.Pulled(user, "busybox");
            Pty.Drive(user, $$"""
                terminal = Terminal("run", "-it", "busybox", "sh", "-c", "echo ready; exec sleep 100")
                terminal.expect("ready")
                os.kill(terminal.pid, signal.SIG{{signal}})
                assert terminal.wait() in ({{status}}, -signal.SIG{{signal}})
                assert terminal.restored()
                """);
        }
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void The_terminal_is_restored_when_the_program_cannot_be_started(User user)
    {
        TestImages.Pulled(user, "busybox");
        Pty.Drive(user, """
            terminal = Terminal("run", "-it", "busybox", "/no/such/program")
            assert terminal.wait() == 127
            assert terminal.restored()
            """);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void All_output_arrives_before_the_end(User user)
    {
        TestImages.Pulled(user, "busybox");
        Pty.Drive(user, """
            terminal = Terminal("run", "-it", "busybox", "sh", "-c", "seq 20000; echo the end")
            terminal.expect("\n19999\r\n20000\r\nthe end\r\n")
            assert terminal.wait() == 0
            """);
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void Mpi_and_python_run_on_a_terminal(User user)
    {
        TestImages.Pulled(user, "bookworm");
        Pty.Drive(user, """
            terminal = Terminal("run", "-it", "bookworm", "mpirun", "--allow-run-as-root", "--oversubscribe", "-np", "2", "sh", "-c", "echo rank-$OMPI_COMM_WORLD_RANK")
            terminal.expect("rank-")
            terminal.expect("rank-")
            assert terminal.wait() == 0
            terminal = Terminal("run", "-it", "bookworm", "python3", "-q")
            terminal.expect(">>> ")
            terminal.send("6 * 7\n")
            terminal.expect("\n42\r\n")
            terminal.send("\x04")
            assert terminal.wait() == 0
            assert terminal.restored()
            """);
    }
}
