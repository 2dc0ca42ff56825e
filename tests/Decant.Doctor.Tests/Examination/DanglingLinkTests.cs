namespace Decant.Doctor.Tests;

public sealed class DanglingLinkTests : IDisposable
{
    readonly ScratchRoot root = new();

    public DanglingLinkTests() => root.File("/usr/bin/none", "");

    public void Dispose() => root.Dispose();

    [Fact]
    public void A_program_that_is_a_link_to_nothing_is_told_with_its_target()
    {
        root.Link("/usr/bin/python3", "python3.13");
        foreach (string command in new[] { "python3", "/usr/bin/python3" })
        {
            Finding finding = root.Single(command);
            Assert.Equal("program-missing", finding.Id);
            Assert.Equal($"{command} is a link that leads nowhere: /usr/bin/python3 -> python3.13, which is not there", finding.Cause);
        }
    }

    [Theory]
    [InlineData("../../etc/alternatives/app", "/opt/app-1.2/app", "/usr/bin/app -> ../../etc/alternatives/app -> /opt/app-1.2/app, which is not there")]
    [InlineData("/etc/alternatives/app", "../../usr/bin/app", "/usr/bin/app -> /etc/alternatives/app -> ../../usr/bin/app, which leads in a circle")]
    [InlineData("/etc/alternatives/app", "/usr/bin/none/app", "/usr/bin/app -> /etc/alternatives/app -> /usr/bin/none/app, which leads through a file")]
    [InlineData("/opt/app/app", "x", "/usr/bin/app -> /opt/app/app, and /opt/app -> app-1.2, which is not there")]
    public void A_chain_is_told_to_its_end(string target, string next, string text)
    {
        root.Link("/usr/bin/app", target).Link("/etc/alternatives/app", next).Link("/opt/app", "app-1.2");
        Assert.EndsWith(text, root.Single("/usr/bin/app").Cause);
    }

    [Fact]
    public void Links_that_lead_somewhere_are_not_blamed()
    {
        root.Link("/bin", "usr/bin");
        Assert.Equal("there is no program /bin/gone in the image", root.Single("/bin/gone").Cause);
        Assert.Equal("there is no program gone in the image", root.Single("gone").Cause);
    }

    [Fact]
    public void The_interpreter_of_a_script_is_told_with_its_target()
    {
        root.File("/app", "#!/usr/bin/perl\n", executable: true).Link("/usr/bin/perl", "perl5.36");
        Finding finding = root.Single("/app");
        Assert.Equal("script-interpreter-missing", finding.Id);
        Assert.Equal("/app is a script for /usr/bin/perl, and /usr/bin/perl -> perl5.36, which is not there", finding.Cause);
        root.File("/app", "#!/usr/bin/env perl\n", executable: true).Program("/usr/bin/env", "/usr/bin/env");
        Assert.Equal("/app is a script for perl, and /usr/bin/perl -> perl5.36, which is not there", root.Single("/app").Cause);
    }

    [Fact]
    public void Loaders_and_libraries_are_told_with_their_targets()
    {
        const string loader = "/lib64/ld-linux-x86-64.so.2", libc = "/lib/x86_64-linux-gnu/libc.so.6";
        Assert.SkipUnless(File.Exists(loader), "this machine has another loader");
        root.Program("/usr/bin/app", "/usr/bin/true");
        Assert.Empty(Decant.Doctor.Examination.Examine(root.Command("app"), ScratchRoot.Host));
        File.Move(root.At(libc), root.At("/lib/x86_64-linux-gnu/libc-2.36.so"));
        root.Link(libc, "libc-2.31.so");
        Finding finding = root.Single("app");
        Assert.Equal(("library-missing", $"/usr/bin/app needs libc.so.6, and {libc} -> libc-2.31.so, which is not there"), (finding.Id, finding.Cause));
        Assert.DoesNotContain(finding.Evidence, line => line.Contains("damaged"));
        // A directory on the way is worth telling, and may not be the cause.
        File.Delete(root.At(libc));
        root.Link("/usr/local/cuda", "/etc/alternatives/cuda");
        finding = Assert.Single(Decant.Doctor.Examination.Examine(root.Command([("LD_LIBRARY_PATH", "/usr/local/cuda/lib64")], ["app"]), ScratchRoot.Host));
        Assert.EndsWith("which is nowhere in the image", finding.Cause);
        Assert.Contains("/usr/local/cuda -> /etc/alternatives/cuda, which is not there", finding.Evidence);

        File.Delete(root.At(loader));
        root.Link(loader, "../lib/ld-2.31.so");
        finding = root.Single("app");
        Assert.Equal(("loader-missing", $"/usr/bin/app wants the loader {loader}, and {loader} -> ../lib/ld-2.31.so, which is not there"), (finding.Id, finding.Cause));
        File.Delete(root.At(loader));
        root.Link(loader, "ld-linux-x86-64.so.2");
        finding = root.Single("app");
        Assert.Equal(("loader-unusable", $"/usr/bin/app wants the loader {loader}, and {loader} -> ld-linux-x86-64.so.2, which leads in a circle"), (finding.Id, finding.Cause));
    }

    [Fact]
    public void A_script_of_a_shell_and_one_of_Python_are_told_with_their_targets()
    {
        root.Program("/usr/bin/sh", "/usr/bin/dash").Link("/start.sh", "current/start.sh");
        Assert.Equal("the script /start.sh is not there: /start.sh -> current/start.sh, which is not there", root.Single("sh", "/start.sh").Cause);
    }

    [Theory]
    [InlineData("/dev/stdin", "sh", "/start")]
    [InlineData("dev/stdin", "sh", "start")]
    [InlineData("/proc/self/fd/0", "/start")]
    [InlineData("/devices/app", "/start")]
    public void Of_what_leads_to_proc_or_dev_nothing_is_told(string target, params string[] command)
    {
        root.Program("/usr/bin/sh", "/usr/bin/dash").Link("/start", target).Link("/devices", "/dev").Link("/dev/stdin", "/proc/self/fd/0").Link("/proc/self/fd/0", "pipe:[1]");
        Assert.Empty(Decant.Doctor.Examination.Examine(root.Command(command), ScratchRoot.Host));
    }

    [Fact]
    public void Of_a_script_of_Python_that_leads_to_dev_nothing_is_told()
    {
        Assert.SkipUnless(HostPython.All.Count > 0, "there is no Python");
        root.Link("/start.py", "/dev/stdin");
        string python = HostPython.All[0];
        Assert.DoesNotContain(HostPython.Examine(HostPython.Command("/", HostPython.Environment(), python, root.At("/start.py"))), finding => finding.Id == "python-script-missing");
    }

    [Fact]
    public void An_error_text_is_answered_with_the_link()
    {
        root.Link("/opt/lib/libucs.so.0", "libucs.so.0.0.0");
        Finding finding = Assert.Single(Explanation.Of(root.Command("true"), ScratchRoot.Host, "x: error while loading shared libraries: libucs.so.0: cannot open shared object file"));
        Assert.Equal("libucs.so.0 is only a link that leads nowhere: /opt/lib/libucs.so.0 -> libucs.so.0.0.0, which is not there", finding.Cause);
    }
}
