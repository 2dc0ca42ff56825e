using System.Text.Json;

namespace Decant.EndToEnd.Tests;

/// <summary>
/// The failures that cost the story's author hours, made from real packages (make-story.sh): doctor tells each of them before anything runs,
/// a chroot made by hand fails in the words that doctor predicted, and decant run works.
/// </summary>
public sealed class DoctorStoryTests
{
    const string HpcX = "LD_LIBRARY_PATH=/opt/hpcx/ucx/lib:/opt/hpcx/ompi/lib";

    static readonly string[] asRoot = ["OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1"];
    static readonly Lazy<string> directory = new(Make);

    /// <summary>Environment, command, the finding, what decant run prints.</summary>
    public static TheoryData<string, string[], string[], string> Failures { get; } = new()
    {
        { "library-missing", [], ["/app/ranks"], "rank 0 of 1\n" },
        { "library-missing", ["LD_LIBRARY_PATH=/opt/hpcx/ompi/lib"], ["/app/ranks"], "rank 0 of 1\n" },
        { "symbol-missing", ["LD_LIBRARY_PATH=/host/lib:/opt/hpcx/ucx/lib:/opt/hpcx/ompi/lib"], ["/app/ranks"], "rank 0 of 1\n" },
        { "mpi-launcher-foreign", [HpcX], ["mpirun", "-np", "2", "/app/ranks"], "rank 0 of 2\nrank 1 of 2\n" },
        { "mpi-prefix-wrong", [HpcX, "PATH=/opt/hpcx/ompi/bin:/usr/bin:/bin"], ["mpirun", "-np", "2", "/app/ranks"], "rank 0 of 2\nrank 1 of 2\n" },
        { "library-missing", ["LD_LIBRARY_PATH=/usr/local/cuda/lib64"], ["/app/kernel"], "CUDA 12090\n" },
        { "python-module-missing", [], ["python3", "/app/benchmark.py"], "TensorRT-LLM 1.0\n" },
        { "python-module-shadowed", [], ["python3", "/app/shadow/search.py"], "found at 1\n" },
        {
            "triton-cuda-unknown", ["PYTHONPATH=/opt/python/lib/python3.13/site-packages", "TRITON_PTXAS_PATH=/usr/local/cuda/bin/ptxas"],
            ["python3", "/app/triton_kernel.py"], "PTX 89\n"
        },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void A_failure_is_told_before_it_happens_happens_as_told_and_is_mended(string id, string[] environment, string[] command, string output)
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            string image = TestImages.Pulled(user, "story", $"tar:{directory.Value}/story.tar");
            string[] options = [.. asRoot.Concat(environment).SelectMany(variable => (string[])["-e", variable])];
            JsonElement report = JsonDocument.Parse(DecantBinary.Run(user, ["doctor", "--json", .. options, image, .. command]).Expect(1).Output).RootElement;
            JsonElement finding = report.GetProperty("findings").EnumerateArray().First(one => one.GetProperty("id").GetString() == id);
            Assert.Equal("error", finding.GetProperty("severity").GetString());
            Assert.NotEmpty(report.GetProperty("prescription").EnumerateArray());

            ProgramResult naive = Chroot([.. asRoot, .. environment], command);
            Assert.Contains(finding.GetProperty("message").GetString()!, naive.Output + naive.Error);

            ProgramResult run = DecantBinary.Run(user, ["run", .. options, image, .. command]).Expect(0);
            Assert.Equal(output, string.Concat(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).Select(line => line + "\n")));
            Assert.StartsWith("decant: so that it works, with ", run.Error);
            // The second time the answer is there already.
            Assert.Equal(run.Error.Split('\n')[0], DecantBinary.Run(user, ["run", .. options, image, .. command]).Expect(0).Error.Split('\n')[0]);
            ProgramResult unmended = DecantBinary.Run(user, ["run", "--no-fix", .. options, image, .. command]);
            Assert.Contains(finding.GetProperty("message").GetString()!, unmended.Output + unmended.Error);
        }
    }

    [Fact]
    public void Where_nothing_mends_it_the_finding_stands_under_the_programs_last_words()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            string image = TestImages.Pulled(user, "story", $"tar:{directory.Value}/story.tar");
            ProgramResult result = DecantBinary.Run(user, "run", "--mount", "type=tmpfs,dst=/opt/hpcx/ucx", image, "/opt/hpcx/ompi/bin/ompi_info").Expect(127);
            string[] lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Contains("error while loading shared libraries", lines[0]);
            Assert.Contains("which is nowhere in the image", result.Error);
            Assert.Equal(0, DecantBinary.Run(user, "run", "--mount", "type=tmpfs,dst=/opt/hpcx/ucx", image, "true").Expect(0).Error.Length);
        }
    }

    [Fact]
    public void No_answer_is_remembered_of_what_has_changed_since()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            string image = TestImages.Pulled(user, "story", $"tar:{directory.Value}/story.tar");
            string app = Workplace.NewDirectory(user);
            File.WriteAllText($"{app}/bisect.py", "answer = 42\n");
            File.WriteAllText($"{app}/helper.py", "");
            File.WriteAllText($"{app}/main.py", "from bisect import bisect_left\nprint('found')\n");
            string[] command = ["run", "-v", $"{app}:/srv/app", image, "python3", "-W", "ignore", "/srv/app/main.py"];
            Assert.Contains("PYTHONSAFEPATH=1", DecantBinary.Run(user, command).ExpectOutput("found\n").Error);
            File.WriteAllText($"{app}/main.py", "import helper\nprint('helped')\n");
            Assert.Empty(DecantBinary.Run(user, command).ExpectOutput("helped\n").Error);
            // Once the files have not changed for a while it is, and their next change is seen all the same.
            string answers = $"{TestImages.Store(user)}/answers";
            int before = Directory.GetFiles(answers).Length;
            Assert.True(SpinWait.SpinUntil(() => DecantBinary.Run(user, command).ExpectOutput("helped\n").Error.Length == 0 && Directory.GetFiles(answers).Length > before, TimeSpan.FromSeconds(60)));
            File.WriteAllText($"{app}/main.py", "from bisect import bisect_left\nprint('found')\n");
            Assert.Contains("PYTHONSAFEPATH=1", DecantBinary.Run(user, command).ExpectOutput("found\n").Error);
            // Of one script nothing is said to another.
            Assert.Contains("PYTHONSAFEPATH=1", DecantBinary.Run(user, "run", image, "python3", "-W", "ignore", "/app/shadow/search.py").Expect(0).Error);
            Assert.Empty(DecantBinary.Run(user, "run", image, "python3", "-W", "ignore", "-c", "print(1)").ExpectOutput("1\n").Error);
        }
    }

    [Fact]
    public void An_Open_MPI_without_ssh_starts_its_ranks_all_the_same()
    {
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            TestImages.PulledAll(user);
            string[] command = ["run", "-v", "/dev/null:/usr/bin/ssh", "-e", asRoot[0], "-e", asRoot[1], "bookworm", "mpirun", "-np", "1", "echo", "rank"];
            ProgramResult run = DecantBinary.Run(user, command).ExpectOutput("rank\n");
            Assert.Contains("OMPI_MCA_plm=isolated", run.Error);
            ProgramResult naive = DecantBinary.Run(user, ["run", "--no-fix", .. command[1..]]);
            Assert.Contains("The value of the MCA parameter \"plm_rsh_agent\" was set to a path", naive.Output + naive.Error);
        }
    }

    [Fact]
    public void An_error_text_is_answered_from_the_image()
    {
        string image = TestImages.Pulled(User.Root, "story", $"tar:{directory.Value}/story.tar");
        byte[] text = "noise\nModuleNotFoundError: No module named 'tensorrt_llm'\nMPI Error: undefined symbol: ucs_config_doc_nop\n"u8.ToArray();
        string output = DecantBinary.RunWithInput(User.Root, text, "doctor", "--explain", "-", image).Expect(1).Output;
        Assert.Contains("tensorrt_llm is in /opt/python/lib/python3.13/site-packages", output);
        Assert.Contains("/opt/hpcx/ucx/lib/libucs.so.0.0.0 exports ucs_config_doc_nop", output);
        DecantBinary.RunWithInput(User.Root, "all is well\n"u8.ToArray(), "doctor", "--explain", "-", image).ExpectError(125, "no error message that decant knows", "decant doctor IMAGE");
        DecantBinary.Run(User.Root, "doctor", "--explain", "/no/such/file", image).ExpectError(125, "/no/such/file", "No such file");
    }

    [Fact]
    public void A_page_shows_the_findings_and_what_the_program_binds()
    {
        string image = TestImages.Pulled(User.Root, "story", $"tar:{directory.Value}/story.tar");
        string page = $"{Workplace.NewDirectory(User.Root)}/report.html";
        DecantBinary.Run(User.Root, "doctor", "--html", page, "-e", "LD_LIBRARY_PATH=/opt/hpcx/ompi/lib", image, "/app/ranks").Expect(1);
        string html = File.ReadAllText(page);
        Assert.StartsWith("<!DOCTYPE html>", html);
        Assert.Contains("LD_LIBRARY_PATH=/opt/hpcx/ucx/lib:$LD_LIBRARY_PATH", html);
        Assert.Contains("<g class=\"missing\"><title>libucp.so.0:", html);
    }

    [Fact]
    public void A_whole_image_is_examined_where_no_command_is_given()
    {
        TestImages.PulledAll(User.Root);
        JsonElement report = JsonDocument.Parse(DecantBinary.Run(User.Root, "doctor", "--json", "bookworm").Expect(0).Output).RootElement;
        Assert.InRange(report.GetProperty("programs").GetInt32(), 200, 1000);
        Assert.InRange(report.GetProperty("libraries").GetInt32(), 200, 2000);
        Assert.DoesNotContain(report.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("severity").GetString() == "error");
    }

    [Fact]
    public void Healthy_commands_of_real_images_have_no_findings()
    {
        TestImages.PulledAll(User.Root);
        foreach (string command in new[] { "python3 -c 1", "mpirun -np 2 hostname", "ompi_info", "sh -c ls", "env A=b perl -v", "timeout 5 ps ax" })
        {
            foreach (string suite in new[] { "bookworm", "trixie" })
            {
                JsonElement report = JsonDocument.Parse(DecantBinary.Run(User.Root, ["doctor", "--json", "-e", asRoot[0], "-e", asRoot[1], suite, "--", .. command.Split(' ')]).Expect(0).Output).RootElement;
                Assert.True(report.GetProperty("healthy").GetBoolean());
                Assert.Empty(report.GetProperty("findings").EnumerateArray());
            }
        }
    }

    [Fact]
    public void Open_MPI_that_refuses_root_is_told_and_allowed_with_a_word_of_it()
    {
        string[] command = ["mpirun", "-np", "1", "echo", "ran"];
        foreach (User user in new[] { User.Root, User.Ordinary })
        {
            TestImages.PulledAll(user);
            foreach (string suite in new[] { "bookworm", "trixie" })
            {
                // An ordinary user stays himself, unless he asks to be root.
                string[] asked = user == User.Root ? [] : ["--root"];
                JsonElement report = JsonDocument.Parse(DecantBinary.Run(user, ["doctor", "--json", .. asked, suite, "--", .. command]).Expect(1).Output).RootElement;
                JsonElement finding = Assert.Single(report.GetProperty("findings").EnumerateArray());
                Assert.Equal("mpi-run-as-root", finding.GetProperty("id").GetString());
                ProgramResult unmended = DecantBinary.Run(user, ["run", "--no-fix", .. asked, suite, .. command]);
                Assert.Contains(finding.GetProperty("message").GetString()!, unmended.Output + unmended.Error);
                Assert.Contains(string.Join(' ', asRoot), DecantBinary.Run(user, ["run", .. asked, suite, .. command]).ExpectOutput("ran\n").Error);
                if (user == User.Ordinary)
                    DecantBinary.Run(user, ["doctor", suite, "--", .. command]).Expect(0);
            }
        }
    }

    static string Make()
    {
        string place = Workplace.NewDirectory(User.Root);
        Shell.Execute(
            [Workplace.Existing("tests/Decant.EndToEnd.Tests/Story/make-story.sh", "git checkout"), TestImages.File("bookworm.export.tar"), TestImages.File("trixie.export.tar"), place],
            limit: TimeSpan.FromMinutes(3)).Expect(0);
        return place;
    }

    /// <summary>As one does it by hand: /proc and /dev, and nothing but the variables that the image would have.</summary>
    static ProgramResult Chroot(string[] environment, string[] command)
    {
        string script = "mount -t proc proc \"$0/proc\" && mount --bind /dev \"$0/dev\" && mount --rbind /sys \"$0/sys\" && exec chroot \"$0\" env -i \"$@\"";
        string[] variables = Array.Exists(environment, variable => variable.StartsWith("PATH=", StringComparison.Ordinal))
            ? environment
            : ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", .. environment];
        return Shell.Execute(["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script, $"{directory.Value}/root", .. variables, "HOME=/root", .. command]);
    }
}
