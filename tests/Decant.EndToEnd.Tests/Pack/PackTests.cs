using System.Text.Json;

namespace Decant.EndToEnd.Tests;

/// <summary>Programs of one system, packed there by decant and run elsewhere from nothing but what was packed.</summary>
public sealed class PackTests
{
    static readonly string[] asRoot = ["-e", "OMPI_ALLOW_RUN_AS_ROOT=1", "-e", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1"];

    // MPI by its binary interface: no header of any MPI is needed.
    const string Ranks = """
        #include <stdio.h>
        extern char ompi_mpi_comm_world[], ompi_mpi_int[], ompi_mpi_op_sum[];
        int MPI_Init(int *, char ***), MPI_Comm_rank(void *, int *), MPI_Finalize(void), MPI_Allreduce(void *, void *, int, void *, void *, void *);
        int main(int argc, char **argv) {
          int rank, sum;
          MPI_Init(&argc, &argv);
          MPI_Comm_rank(ompi_mpi_comm_world, &rank);
          MPI_Allreduce(&rank, &sum, 1, ompi_mpi_int, ompi_mpi_op_sum, ompi_mpi_comm_world);
          printf("rank %d, sum %d\n", rank, sum);
          return MPI_Finalize();
        }
        """;

    [Theory]
    [InlineData("bookworm")]
    [InlineData("trixie")]
    public void An_mpi_program_runs_with_its_launcher_and_all_the_plugins_that_open(string suite)
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            string place = Workplace.NewDirectory(user);
            File.WriteAllText($"{place}/ranks.c", Ranks);
            Shell.Run($"""
                cd {place} && tar -xf {TestImages.File($"{suite}.export.tar")} --wildcards --strip-components=3 '*libmpi.so.40*' &&
                cc -o ranks ranks.c -Wl,--unresolved-symbols=ignore-all libmpi.so.40 && rm libmpi* && chmod 755 ranks
                """).Expect(0);
            Pack(user, suite, place, "mpi", "mpirun", "/out/ranks").Expect(0);
            string image = TestImages.Pulled(user, $"mpi-{suite}", $"oci:{place}/mpi");
            ProgramResult run = DecantBinary.Run(user, ["run", .. asRoot, image, "mpirun", "--oversubscribe", "-np", "2", "/out/ranks"]).Expect(0);
            Assert.Equal(["rank 0, sum 1", "rank 1, sum 1"], run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
            if (suite == "bookworm")
                ComponentThatCannotBeOpened(user, image, place);
            // Whatever opens there opens here.
            string[] tell = ["ompi_info", "--parsable"];
            Pack(user, suite, place, "info", "ompi_info").Expect(0);
            string packed = TestImages.Pulled(user, $"info-{suite}", $"oci:{place}/info");
            TestImages.PulledAll(user);
            Assert.Equal(Components(DecantBinary.Run(user, ["run", suite, .. tell])), Components(DecantBinary.Run(user, ["run", packed, .. tell])));
        }
    }

    /// <summary>Without UCX's library its component cannot be opened: doctor says so before Open MPI does, and of what was not asked for only in passing.</summary>
    static void ComponentThatCannotBeOpened(User user, string image, string place)
    {
        string[] broken = ["-v", $"{place}/ranks.c:/usr/lib/x86_64-linux-gnu/libucp.so.0.0.0:ro", .. asRoot];
        JsonElement finding = Assert.Single(JsonDocument.Parse(DecantBinary.Run(user, ["doctor", "--json", .. broken, "-e", "OMPI_MCA_pml=ucx", image, "/out/ranks"]).Expect(1).Output).RootElement.GetProperty("findings").EnumerateArray());
        Assert.Equal(("plugin-unloadable", "error"), (finding.GetProperty("id").GetString(), finding.GetProperty("severity").GetString()));
        Assert.Contains("mca_pml_ucx", finding.GetProperty("cause").GetString());
        ProgramResult failed = DecantBinary.Run(user, ["run", .. broken, "-e", "OMPI_MCA_pml=ucx", image, "/out/ranks"]);
        Assert.NotEqual(0, failed.ExitCode);
        Assert.Contains("mca_pml_ucx", failed.Error);
        Assert.Contains("plugin-unloadable", DecantBinary.Run(user, ["doctor", .. broken, image, "/out/ranks"]).Expect(0).Output);
        Assert.Contains("rank 0", DecantBinary.Run(user, ["run", .. broken, image, "/out/ranks"]).Expect(0).Output);
    }

    [Fact]
    public void Interpreters_bring_their_own_modules_and_what_those_load()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            string place = Workplace.NewDirectory(user);
            File.WriteAllText($"{place}/tool", "#!/usr/bin/env perl\nuse POSIX; use List::Util qw(sum); print floor(2.5) + sum(1, 2), \"\\n\";\n");
            File.SetUnixFileMode($"{place}/tool", (UnixFileMode)0b111_101_101);
            Pack(user, "bookworm", place, "interpreters", "python3", "/out/tool", "sh").Expect(0);
            string image = TestImages.Pulled(user, "interpreters", $"oci:{place}/interpreters");
            DecantBinary.Run(user, "run", image, "python3", "-c", "import argparse, hashlib, pwd, subprocess, zlib; print(pwd.getpwuid(0).pw_name, subprocess.getoutput('echo $((6 * 7))'))").ExpectOutput("root 42\n");
            DecantBinary.Run(user, "run", image, "/out/tool").ExpectOutput("5\n");
        }
    }

    [Fact]
    public void A_virtual_environment_is_packed_whole()
    {
        string place = Workplace.NewDirectory(User.Root);
        TestImages.PulledAll(User.Root);
        // As python3 -m venv makes it, which a small image does not have.
        Shell.Run($"cd {place} && mkdir -p venv/bin venv/lib/python3.11/site-packages && ln -s /usr/bin/python3 venv/bin/python && echo 'home = /usr/bin' >venv/pyvenv.cfg && echo 'answer = 42' >venv/lib/python3.11/site-packages/mine.py").Expect(0);
        Pack(User.Root, "bookworm", place, "packed", "/out/venv/bin/python").Expect(0);
        string image = TestImages.Pulled(User.Root, "venv", $"oci:{place}/packed");
        DecantBinary.Run(User.Root, "run", image, "/out/venv/bin/python", "-c", "import mine, sys; print(mine.answer, sys.prefix)").ExpectOutput("42 /out/venv\n");
    }

    [Fact]
    public void The_same_programs_make_the_same_bytes()
    {
        string place = Workplace.NewDirectory(User.Root);
        foreach (string target in new[] { "one", "two" })
            DecantBinary.Run(User.Root, "pack", "ls", "-o", $"oci:{place}/{target}").Expect(0);
        Assert.Equal(File.ReadAllText($"{place}/one/index.json"), File.ReadAllText($"{place}/two/index.json"));
    }

    [Fact]
    public void What_would_be_packed_is_listed_with_its_reasons()
    {
        string list = DecantBinary.Run(User.Ordinary, "pack", "--list", "ls").Expect(0).Output;
        Assert.Matches("(?m)^/usr/bin/ls +asked for$", list);
        Assert.Matches("(?m)libc.so.6 +library of /usr/bin/ls$", list);
        JsonElement report = JsonDocument.Parse(DecantBinary.Run(User.Ordinary, "pack", "--list", "--json", "ls").Expect(0).Output).RootElement;
        Assert.Equal("decant.pack/1", report.GetProperty("schema").GetString());
        Assert.Contains(report.GetProperty("files").EnumerateArray(), file => file.GetProperty("path").GetString() == "/usr/bin/ls");
        Assert.Equal("ls", Assert.Single(report.GetProperty("cmd").EnumerateArray()).GetString());
    }

    [Fact]
    public void What_cannot_be_packed_is_refused_and_nothing_is_written()
    {
        string place = Workplace.NewDirectory(User.Root);
        DecantBinary.Run(User.Root, "pack", "ls").ExpectError(125, "no place for the image", "-o oci:DIR");
        DecantBinary.Run(User.Root, "pack", "no-such-program", "-o", $"oci:{place}/x").ExpectError(125, "no program of that name on PATH", "by its path");
        DecantBinary.Run(User.Root, "pack", "--list", "ls", "-o", $"oci:{place}/x").ExpectError(125, "--list writes no image", "leave one of them away");
        DecantBinary.Run(User.Root, "pack", "/no/such/file", "-o", $"oci:{place}/x").ExpectError(125, "/no/such/file", "No such file");
        DecantBinary.Run(User.Root, "pack", "/", "-o", $"oci:{place}/x").ExpectError(125, "whole host", "rootfs:/");
        DecantBinary.Run(User.Root, "pack", "/dev/null", "-o", $"oci:{place}/x").ExpectError(125, "neither a file nor a directory");
        DecantBinary.Run(User.Root, "pack", "ls", "-o", $"{place}/x").ExpectError(125, "is no place that an image can be written to", "oci:DIR");
        DecantBinary.Run(User.Root, "pack", "ls", "-e", "NO_SUCH_VARIABLE", "-o", $"oci:{place}/x").ExpectError(125, "NO_SUCH_VARIABLE", "=VALUE");
        Shell.Run($"cd {place} && echo 'int f(); int main() {{ return f(); }}' >m.c && echo 'int f() {{ return 0; }}' >f.c && cc -shared -fPIC -o libf.so f.c && cc -o m m.c ./libf.so -Wl,-soname,x && rm libf.so").Expect(0);
        DecantBinary.Run(User.Root, "pack", $"{place}/m", "-o", $"oci:{place}/x").ExpectError(125, "./libf.so", "LD_LIBRARY_PATH");
        Assert.False(Directory.Exists($"{place}/x"));
    }

    [Fact]
    public void A_compiler_builds_with_what_it_starts()
    {
        string place = Workplace.NewDirectory(User.Root);
        const string library = "/usr/lib/x86_64-linux-gnu";
        File.WriteAllText($"{place}/hello.c", "#include <stdio.h>\nint main(void) { puts(\"hello\"); return 0; }\n");
        string[] parts = [.. new[] { "Scrt1.o", "crti.o", "crtn.o", "libc.so", "libc_nonshared.a" }.Select(name => $"{library}/{name}")];
        DecantBinary.Run(User.Root, ["pack", "gcc", "/usr/include", .. parts, "-o", $"oci:{place}/gcc"]).Expect(0);
        string image = TestImages.Pulled(User.Root, "packed-gcc", $"oci:{place}/gcc");
        DecantBinary.Run(User.Root, "run", "-v", $"{place}:{place}", "-w", place, image, "gcc", "-O2", "-flto", "hello.c", "-o", "hello").Expect(0);
        Shell.Run($"{place}/hello").ExpectOutput("hello\n");
    }

    [Fact]
    public void Git_and_gdb_run_with_their_helpers_and_the_Python_inside()
    {
        Assert.SkipUnless(Shell.Run("command -v git && command -v gdb && ldd $(command -v gdb) | grep -q libpython3").ExitCode == 0, "there is no git, or no gdb with a Python inside");
        string place = Workplace.NewDirectory(User.Root);
        foreach (string program in new[] { "git", "gdb" })
            DecantBinary.Run(User.Root, "pack", program, "-o", $"oci:{place}/{program}").Expect(0);
        string git = TestImages.Pulled(User.Root, "packed-git", $"oci:{place}/git");
        foreach (string command in new[] { "init -q r", "-C r -c user.name=a -c user.email=a@b commit -q --allow-empty -m first", "-C r fsck" })
            DecantBinary.Run(User.Root, ["run", "-v", $"{place}:{place}", "-w", place, git, "git", .. command.Split(' ')]).Expect(0);
        Assert.Contains("Failed to connect", DecantBinary.Run(User.Root, "run", git, "git", "ls-remote", "https://localhost:1/x").Error);
        string gdb = TestImages.Pulled(User.Root, "packed-gdb", $"oci:{place}/gdb");
        DecantBinary.Run(User.Root, "run", gdb, "gdb", "-batch", "-nx", "-ex", "python import json, gdb.types; print(json.dumps([1]))").ExpectOutput("[1]\n");
    }

    [Fact]
    public void Nothing_is_left_where_the_reader_goes_or_a_signal_comes()
    {
        string place = Workplace.NewDirectory(User.Root);
        Shell.Run($"DECANT_ROOT={place}/store {Workplace.Decant} pack ls -o tar:- | head -c 1 >/dev/null; mkfifo {place}/pipe; DECANT_ROOT={place}/store timeout -s TERM 2 {Workplace.Decant} pack ls -o tar:{place}/pipe & sleep 1; exec 3<{place}/pipe; wait; ls -A {place}/store/tmp").ExpectOutput("");
    }

    static ProgramResult Pack(User user, string suite, string place, string name, params string[] paths)
    {
        TestImages.PulledAll(user);
        return InImage(user, suite, place, ["decant", "pack", .. paths, "-o", $"oci:/out/{name}:latest"]);
    }

    static ProgramResult InImage(User user, string suite, string place, params string[] command) =>
        DecantBinary.Run(user, ["run", "-v", $"{Workplace.Decant}:/usr/local/bin/decant:ro", "-v", $"{place}:/out", "-e", "DECANT_ROOT=/out/store", suite, .. command]);

    static string[] Components(ProgramResult result) =>
        [.. result.Expect(0).Output.Split('\n').Where(line => line.StartsWith("mca:", StringComparison.Ordinal) && line.Contains(":version:mca")).Order(StringComparer.Ordinal)];
}
