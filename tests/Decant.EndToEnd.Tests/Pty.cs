namespace Decant.EndToEnd.Tests;

/// <summary>Runs decant on a terminal: a python program drives the other side.</summary>
public static class Pty
{
    // Functions for the drivers; "decant" starts the binary on a fresh terminal of 40 rows and 100 columns.
    const string Prelude = """
        import fcntl, os, pty, re, select, signal, struct, sys, termios, time

        class Terminal:
            def __init__(self, *arguments, program=None):
                self.master, self.slave = pty.openpty()
                self.resize(40, 100)
                self.before = termios.tcgetattr(self.slave)
                self.seen = b""
                self.pid = os.fork()
                if self.pid == 0:
                    os.setsid()
                    fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
                    for fd in range(3):
                        os.dup2(self.slave, fd)
                    os.closerange(3, 100)
                    program = program or os.environ["decant"]
                    os.execv(program, [program, *arguments])

            def resize(self, rows, columns):
                fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

            def send(self, text):
                os.write(self.master, text.encode())

            def expect(self, pattern, seconds=15):
                end = time.monotonic() + seconds
                while not (match := re.search(pattern.encode(), self.seen)):
                    if not select.select([self.master], [], [], max(0, end - time.monotonic()))[0]:
                        sys.exit(f"waited for {pattern!r}, saw {self.seen!r}")
                    self.seen += os.read(self.master, 65536)
                self.seen = self.seen[match.end():]
                return match

            def wait(self):
                end = time.monotonic() + 15
                while time.monotonic() < end:
                    if select.select([self.master], [], [], 0.02)[0]:
                        self.seen += os.read(self.master, 65536)
                    pid, status = os.waitpid(self.pid, os.WNOHANG)
                    if pid:
                        return os.waitstatus_to_exitcode(status)
                sys.exit(f"did not end, saw {self.seen!r}")

            def restored(self):
                return termios.tcgetattr(self.slave) == self.before

        """;

    /// <summary>Runs a driver as the user; it must exit with 0.</summary>
    public static ProgramResult Drive(User user, string driver) =>
        Shell.Execute([.. user.Prefix, "/usr/bin/python3", "-c", Prelude + driver], DecantBinary.Variables(user)).Expect(0);
}
