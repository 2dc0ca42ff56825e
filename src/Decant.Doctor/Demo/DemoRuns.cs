using System.Globalization;
using Decant.Linux;

namespace Decant.Doctor;

/// <summary>The runs of one user: each command is typed as a user would type it, to a decant process of its own.</summary>
sealed class DemoRuns(DemoScreen screen, DemoUser user, string decant, string work, bool python)
{
    const int Launches = 20;

    readonly Dictionary<string, string?> environment = new()
    {
        ["DECANT_ROOT"] = user.Store,
        ["TMPDIR"] = user.Temporary,
        // An empty home: the user's own configuration could add volumes.
        ["HOME"] = user.Home,
        ["XDG_CONFIG_HOME"] = null,
        ["XDG_DATA_HOME"] = null,
    };

    /// <param name="image">The OCI layout.</param>
    public void Run(string image)
    {
        screen.Heading(user.Title);
        DemoProcess pull = Decant("pull", $"oci:{image}", "demo");
        screen.Check(pull.ExitCode == 0, $"pulled; the store holds {Megabytes(Usage(user.Store))}");
        if (pull.ExitCode != 0)
            return;

        if (!Expect("its root is the image", 0, "decant demo image", "run", "demo", "sh", "-c", ". /etc/os-release; echo \"$PRETTY_NAME, kernel $(uname -r), $(ls /usr/bin | wc -l) programs\""))
            return;
        Expect("the user inside is the user outside", 0, $"uid={user.Id}", "run", "demo", "id");
        if (python)
            Expect("Python finds its libraries", 0, "sha256", "run", "demo", "python3", "-c", "import sys, hashlib, math; h = hashlib.sha256(b'decant'); print(sys.version.split()[0], h.name, h.hexdigest()[:16])");

        Expect("a run may write", 0, "changed", "run", "demo", "sh", "-c", "echo changed > /etc/motd; cat /etc/motd");
        Expect("and the image is as before", 0, DemoImage.Motd, "run", "demo", "cat", "/etc/motd");
        string data = work + "/data";
        Expect("a directory of the host is there when asked for", 0, "from the host", "run", "-v", $"{data}:/data:ro", "demo", "cat", "/data/greeting");
        Expect("the exit code is the program's", 7, "", "run", "demo", "sh", "-c", "exit 7");
        Held();
        Cost();
    }

    DemoProcess Decant(params string[] arguments)
    {
        DemoProcess done = DemoProcess.Run(decant, arguments, user.Name, environment);
        Show(done, arguments);
        return done;
    }

    bool Expect(string claim, int exitCode, string output, params string[] arguments)
    {
        DemoProcess done = Decant(arguments);
        bool good = done.ExitCode == exitCode && done.Output.Contains(output, StringComparison.Ordinal);
        screen.Check(good, done.ExitCode == exitCode ? claim : $"{claim} (exit code {done.ExitCode} where {exitCode} was expected)");
        return good;
    }

    void Show(DemoProcess done, string[] arguments)
    {
        screen.Command(user.Prompt, "decant " + string.Join(' ', arguments.Select(Quoted)), Milliseconds(done.Milliseconds));
        screen.Output(done.Output);
        screen.Output(done.Errors);
    }

    /// <summary>What stays of decant while a program runs: nothing for root, a small process that waits for others.</summary>
    void Held()
    {
        string[] arguments = ["run", "demo", "sleep", "0.5"];
        string name = "", memory = "";
        DemoProcess done = DemoProcess.Run(decant, arguments, user.Name, environment, process =>
        {
            Thread.Sleep(300);
            if (LinuxFile.TryReadAll(null, $"/proc/{process.Id}/status", out byte[] bytes) != Errno.None)
                return;
            foreach (string line in PathBytes.Decode(bytes).Split('\n'))
            {
                if (line.StartsWith("Name:", StringComparison.Ordinal))
                    name = line[5..].Trim();
                if (line.StartsWith("VmHWM:", StringComparison.Ordinal) && double.TryParse(line[6..].Trim().Split(' ')[0], CultureInfo.InvariantCulture, out double kibibytes))
                    memory = Megabytes((long)(kibibytes * 1024));
            }
        });
        Show(done, arguments);
        screen.Check(done.ExitCode == 0 && name.Length > 0, name switch
        {
            "" => "the program could not be seen while it ran",
            "sleep" => "decant became the program: no process of decant's own stays beside it",
            _ => $"decant waits beside the program, and at its peak held {memory}",
        });
    }

    /// <summary>The median of launches, beside starting the host's own program.</summary>
    void Cost()
    {
        double? run = Median(decant, "run", "demo", "true");
        double? plain = Median(HostProgram.Find("true") ?? "/bin/true");
        screen.Command(user.Prompt, "decant run demo true", run is double median ? $"median of {Launches}: {Milliseconds(median)}" : "");
        screen.Check(run is not null && plain is not null, run is double ours && plain is double others
            ? $"the host's own true takes {Milliseconds(others)} to start the same way: the image adds {Milliseconds(Math.Max(0, ours - others))}"
            : $"one of {Launches} launches failed");
    }

    double? Median(string program, params string[] arguments)
    {
        double[] times = new double[Launches];
        for (int i = 0; i < Launches; i++)
        {
            DemoProcess done = DemoProcess.Run(program, arguments, user.Name, environment);
            if (done.ExitCode != 0)
                return null;
            times[i] = done.Milliseconds;
        }

        Array.Sort(times);
        return (times[(Launches - 1) / 2] + times[Launches / 2]) / 2;
    }

    static long Usage(string directory)
    {
        long bytes = 0;
        foreach (string file in Directory.EnumerateFiles(directory, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true }))
            bytes += LinuxFile.TryStatus(null, file, follow: false, out FileStatus status) == Errno.None ? status.Blocks * 512 : 0;
        return bytes;
    }

    /// <summary>As a shell needs it typed.</summary>
    internal static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=@%+,".Contains(c)) ? word : $"'{word.Replace("'", "'\\''")}'";

    internal static string Megabytes(long bytes) => $"{bytes / 1e6:F1} MB";

    internal static string Milliseconds(double milliseconds) => milliseconds < 100 ? $"{milliseconds:F1} ms" : $"{milliseconds:F0} ms";
}
