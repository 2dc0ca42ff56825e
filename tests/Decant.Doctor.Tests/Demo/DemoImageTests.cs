using System.Diagnostics;

namespace Decant.Doctor.Tests;

public sealed class DemoImageTests : IDisposable
{
    readonly string work = Directory.CreateTempSubdirectory("decant-demotest-").FullName;

    public void Dispose() => Directory.Delete(work, recursive: true);

    [Fact]
    public void Its_programs_run_from_nothing_but_the_image()
    {
        DemoImage files = new();
        Assert.InRange(files.Write(work + "/image", work), 1, files.Content);

        // Read by other tools: skopeo checks digests, sizes and diff IDs on the way.
        Assert.Contains("PATH=/usr/local/sbin:/usr/local/bin", Tool("skopeo", "inspect", "--config", $"oci:{work}/image:latest"));
        Tool("skopeo", "copy", "-q", "--dest-decompress", $"oci:{work}/image:latest", $"dir:{work}/copy");
        string layer = Assert.Single(Directory.GetFiles(work + "/copy"), file => new FileInfo(file).Length > 1_000_000);
        Directory.CreateDirectory(work + "/root");
        Tool("tar", "xf", layer, "-C", work + "/root");

        Assert.Equal("decant demo image\n", Tool("chroot", work + "/root", "/bin/sh", "-c", ". /etc/os-release; echo \"$PRETTY_NAME\""));
        foreach (string program in files.Programs.Except(["sh", "yes", "sleep", "false"]))
            Tool("chroot", work + "/root", "/bin/sh", "-c", $"exec /bin/{program} --version >/dev/null");
        Assert.Equal("uid=0(root) gid=0(root)", Tool("chroot", work + "/root", "/bin/id").Split(" groups")[0].Trim());
        Assert.NotNull(files.Python);
        string modules = Tool("chroot", work + "/root", files.Python!.Executable, "-c", "import ssl, sqlite3, hashlib, ctypes, zlib, json, asyncio; print(hashlib.sha256(b'decant').hexdigest())");
        Assert.Equal(64, modules.Trim().Length);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "''")]
    [InlineData("a b", "'a b'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$(x)", "'$(x)'")]
    public void A_command_line_is_printed_as_a_shell_needs_it(string word, string typed)
    {
        Assert.Equal(typed, DemoRuns.Quoted(word));
        Assert.Equal(word, Tool("sh", "-c", $"printf %s {typed}"));
    }

    [Fact]
    public void What_a_program_prints_does_not_reach_the_terminal_as_control()
    {
        StringWriter page = new();
        DemoScreen screen = new(page, colours: false);
        screen.Output("a\e[2Jb\n\nc\n");
        screen.Check(false, "claim");
        Assert.Equal("    a?[2Jb\n    c\n    FAILED claim\n", page.ToString());
        Assert.Equal(1, screen.Failures);
    }

    [Fact]
    public void Traces_are_found()
    {
        DemoTraces before = new();
        DemoUser user = new("", null, 0, "#", work + "/user");
        Directory.CreateDirectory(user.Temporary);
        Assert.Empty(DemoTraces.Files(user));
        File.WriteAllText(user.Temporary + "/left", "");
        Assert.Equal([user.Temporary + "/left"], DemoTraces.Files(user));
        using Process sleeper = Process.Start(new ProcessStartInfo("sleep", "60") { WorkingDirectory = work })!;
        try
        {
            Assert.Contains(sleeper.Id.ToString(), DemoTraces.Processes(work));
        }
        finally
        {
            sleeper.Kill();
            sleeper.WaitForExit();
        }

        Assert.Empty(DemoTraces.Processes(work));

        string point = Directory.CreateDirectory(work + "/point").FullName;
        Tool("mount", "-t", "tmpfs", "tmpfs", point);
        try
        {
            Assert.Equal([point], before.NewMounts(work));
        }
        finally
        {
            Tool("umount", point);
        }

        Assert.Empty(before.NewMounts(work));
    }

    static string Tool(string program, params string[] arguments)
    {
        DemoProcess done = DemoProcess.Run(program, arguments, null, new Dictionary<string, string?>());
        Assert.True(done.ExitCode == 0, $"{program} {string.Join(' ', arguments)} (install coreutils, mount, tar, skopeo): {done.ExitCode} {done.Errors}");
        return done.Output;
    }
}
