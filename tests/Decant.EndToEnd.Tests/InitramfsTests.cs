namespace Decant.EndToEnd.Tests;

/// <summary>A caller who stands on the kernel's first root file system, as programs of an initramfs do, which pivot_root(2) cannot put away.</summary>
public sealed class InitramfsTests
{
    // Takes everything off the first root of a mount namespace of its own, puts the directories of the host back on it, and runs a
    // program there. In a container nothing lies below the root: there the program runs where it is.
    const string OnFirstRoot = """
        import ctypes, os, subprocess, sys
        libc = ctypes.CDLL(None, use_errno=True)
        def call(name, *words):
            result = getattr(libc, name)(*words)
            if result < 0:
                raise OSError(ctypes.get_errno(), name)
            return result
        open_tree, move_mount, namespace, everything = 428, 429, 0x20000, 0x4000
        call("unshare", namespace)
        call("mount", None, b"/", None, everything | 1 << 18, None)
        places = {d: call("syscall", open_tree, -100, b"/" + d.encode(), 1 | 0x8000) for d in ("usr", "proc", "sys", "dev", "var", "etc", "tmp")}
        mounts = os.open("/proc/self/ns/mnt", os.O_RDONLY)
        if libc.umount2(b"/", 2) < 0:
            sys.exit(subprocess.run(sys.argv[1:]).returncode)
        call("setns", mounts, namespace)
        made = []
        try:
            for name in (*places, "mnt"):
                if not os.path.exists("/" + name):
                    os.mkdir("/" + name)
                    made.append(name)
            for name in ("bin", "lib", "lib64", "sbin"):
                if not os.path.lexists("/" + name):
                    os.symlink("usr/" + name, "/" + name)
                    made.append(name)
            for name, tree in places.items():
                call("syscall", move_mount, tree, b"", -100, b"/" + name.encode(), 4)
            code = subprocess.run(sys.argv[1:]).returncode
        finally:
            for name in places:
                libc.umount2(b"/" + name.encode(), 2)
            for name in made:
                (os.unlink if os.path.islink("/" + name) else os.rmdir)("/" + name)
        sys.exit(code)
        """;

    static ProgramResult Run(params string[] arguments)
    {
        TestImages.Pulled(User.Root, "busybox");
        return Shell.Execute(["python3", "-c", OnFirstRoot, Workplace.Decant, "run", .. arguments], DecantBinary.Variables(User.Root));
    }

    [Fact]
    public void The_new_root_covers_the_first_one() =>
        Run("busybox", "sh", "-c", "grep -c ' / / ' /proc/self/mountinfo; ls -d /usr/share/dpkg 2>/dev/null; echo x >/new && cat /new").ExpectOutput("1\nx\n");

    [Fact]
    public void A_supervised_program_runs_there_too() =>
        Run("--pid", "private", "-v", "/usr:/host:ro", "busybox", "sh", "-c", "echo $$; ls -d /host/bin; cd ../../..; pwd").ExpectOutput("1\n/host/bin\n/\n");
}
