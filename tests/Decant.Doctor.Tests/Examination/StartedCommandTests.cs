namespace Decant.Doctor.Tests;

/// <summary>Commands that start others, each held against running it.</summary>
public sealed class StartedCommandTests : IDisposable
{
    readonly ScratchRoot root = new();

    public StartedCommandTests()
    {
        root.Program("/bin/sh", "/bin/dash").Program("/bin/bash", "/bin/bash").Program("/usr/bin/env", "/usr/bin/env").Program("/usr/bin/nice", "/usr/bin/nice");
        root.Program("/usr/bin/timeout", "/usr/bin/timeout").Program("/usr/bin/xargs", "/usr/bin/xargs").Program("/opt/bin/there", "/bin/true");
        root.File("/usr/bin/text", "text").File("/data/x", "");
    }

    public void Dispose() => root.Dispose();

    Finding? Error(string[] command) => Decant.Doctor.Examination.Examine(root.Command(command), ScratchRoot.Host).SingleOrDefault(finding => finding.Severity == FindingSeverity.Error);

    [Theory]
    [InlineData("program-missing", "env", "nosuch")]
    [InlineData("program-missing", "env", "-i", "there")]
    [InlineData("program-missing", "env", "-S", "-i nosuch x")]
    [InlineData("program-missing", "env", "PATH=/nowhere", "sh")]
    [InlineData("program-missing", "nice", "-n", "1", "nosuch")]
    [InlineData("program-missing", "timeout", "-k", "1", "5", "nosuch")]
    [InlineData("program-missing", "xargs", "-n1", "nosuch")]
    [InlineData("program-missing", "sh", "-c", "FOO=1 nosuch")]
    [InlineData("program-missing", "bash", "-c", "FOO=1 exec /nosuch && echo x")]
    [InlineData("program-missing", "bash", "-c", "cd /data && ./nosuch")]
    [InlineData("program-missing", "bash", "-c", "nosuch 'a b'")]
    [InlineData("program-not-executable", "env", "text")]
    [InlineData("program-not-executable", "sh", "-c", "/usr/bin/text")]
    [InlineData("program-not-executable", "bash", "-c", "text")]
    [InlineData("program-no-file", "env", "/data")]
    [InlineData("program-no-file", "/")]
    [InlineData("program-missing", "/data/x/y")]
    [InlineData("directory-missing", "env", "-C", "/nosuch", "sh")]
    [InlineData("directory-missing", "bash", "-c", "cd /nosuch && sh")]
    [InlineData("script-missing", "sh", "/nosuch.sh")]
    [InlineData("script-missing", "bash", "-e", "nosuch.sh", "x")]
    [InlineData("script-missing", "/bin/bash", "-o", "pipefail", "/data/x/y")]
    public void What_fails_is_told_in_the_words_of_who_starts_it(string id, params string[] command)
    {
        Finding finding = Assert.IsType<Finding>(Error(command));
        Assert.Equal(id, finding.Id);
        AssertSays(finding.Message!, command);
    }

    [Theory]
    [InlineData("env", "-i", "sh", "-c", "exit 0")]
    [InlineData("env", "PATH=/opt/bin", "there")]
    [InlineData("env", "-C", "/opt", "bin/there")]
    [InlineData("env", "-S", "PATH=/opt/bin there \\c x")]
    [InlineData("sh", "-c", "PATH=/opt/bin there")]
    [InlineData("sh", "-c", "cd /opt/bin && ./there && exit 0")]
    [InlineData("env", "-i", "bash", "-c", "nice env")]
    [InlineData("sh", "-ec", "exec env")]
    [InlineData("bash", "-c", "echo nosuch")]
    [InlineData("sh", "-c", "nosuch; exit 0")]
    [InlineData("sh", "-c", "nosuch || exit 0")]
    public void What_runs_is_not_called_broken(params string[] command)
    {
        Assert.Null(Error(command));
        if (!Environment.IsPrivilegedProcess)
            return;
        (int exit, string errors) = root.RunAs(0, command);
        Assert.True(exit == 0, errors);
    }

    [Theory]
    [InlineData("#!/usr/bin/env nosuch", "script-interpreter-missing")]
    [InlineData("#!/usr/bin/env nosuch -x", "script-interpreter-missing")]
    [InlineData("#!/usr/bin/env -i nosuch", "script-interpreter-missing")]
    [InlineData("#!/usr/bin/env -S -i nosuch", "script-interpreter-missing")]
    [InlineData("#!/usr/bin/env -S PATH=/nowhere sh", "script-interpreter-missing")]
    [InlineData("#!/usr/bin/env there", "script-interpreter-missing")]
    [InlineData("#!/usr/bin/env -S PATH=/opt/bin there", null)]
    [InlineData("#!/usr/bin/env -S -i sh -e", null)]
    [InlineData("#!/usr/bin/env sh", null)]
    [InlineData("#!/data/x", "program-not-executable")]
    [InlineData("#!/data", "program-no-file")]
    [InlineData("#!/nosuch/env sh", "script-interpreter-missing")]
    public void The_first_line_of_a_script_is_followed_as_the_kernel_and_env_do(string line, string? id)
    {
        root.File("/bin/script", line + "\n", executable: true);
        Finding? finding = Error(["script"]);
        Assert.Equal(id, finding?.Id);
        AssertSays(finding?.Message, ["script"]);
    }

    [Fact]
    public void A_script_whose_env_is_missing_says_so()
    {
        root.File("/bin/script", "#!/usr/bin/env sh\n", executable: true);
        File.Delete(root.At("/usr/bin/env"));
        Finding finding = Assert.IsType<Finding>(Error(["/bin/script"]));
        Assert.Equal(("script-interpreter-missing", "No such file or directory"), (finding.Id, finding.Message));
        Assert.Contains("a script for /usr/bin/env,", finding.Cause, StringComparison.Ordinal);
        AssertSays(finding.Message, ["/bin/script"]);
    }

    [Fact]
    public void A_program_that_is_elsewhere_is_found_through_env()
    {
        root.File("/bin/script", "#!/usr/bin/env there\n", executable: true);
        Assert.Equal("PATH=/opt/bin:$PATH", Diagnosis.Of(root.Command("script"), ScratchRoot.Host).Prescription!.Changes[0].Describe("/usr/bin:/bin"));
        // What env clears no variable of the run brings back.
        Assert.Null(Diagnosis.Of(root.Command("env", "-i", "there"), ScratchRoot.Host).Prescription);
    }

    [Theory]
    [InlineData("", "Input/output error")]
    [InlineData("text that is longer than the header of an ELF file, of which there are sixty-four bytes", "Accessing a corrupted shared library")]
    [InlineData("text", "Input/output error")]
    public void A_loader_that_is_damaged_is_told_as_the_kernel_does(string content, string message)
    {
        root.File("/lib64/ld-linux-x86-64.so.2", content, executable: true);
        Finding finding = Assert.IsType<Finding>(Error(["/bin/sh"]));
        Assert.Equal(("loader-unusable", message), (finding.Id, finding.Message));
        AssertSays(message, ["/bin/sh"]);
        root.Mode("/lib64/ld-linux-x86-64.so.2", 0b110_100_100);
        AssertSays(Assert.IsType<Finding>(Error(["/bin/sh"])).Message, ["/bin/sh"]);
        File.Delete(root.At("/lib64/ld-linux-x86-64.so.2"));
        Directory.CreateDirectory(root.At("/lib64/ld-linux-x86-64.so.2"));
        AssertSays(Assert.IsType<Finding>(Error(["/bin/sh"])).Message, ["/bin/sh"]);
    }

    [Fact]
    public void A_loader_that_is_cut_off_in_its_headers_or_for_another_machine_is_told()
    {
        byte[] loader = File.ReadAllBytes("/lib64/ld-linux-x86-64.so.2");
        File.WriteAllBytes(root.At("/lib64/ld-linux-x86-64.so.2"), loader[..100]);
        AssertSays(Assert.IsType<Finding>(Error(["/bin/sh"])).Message, ["/bin/sh"]);
        loader[18] = 43;
        File.WriteAllBytes(root.At("/lib64/ld-linux-x86-64.so.2"), loader);
        AssertSays(Assert.IsType<Finding>(Error(["/bin/sh"])).Message, ["/bin/sh"]);
    }

    void AssertSays(string? message, string[] command)
    {
        if (!Environment.IsPrivilegedProcess)
            return;
        (int exit, string errors) = root.RunAs(0, command);
        Assert.Equal(message is null, exit == 0);
        // decant's own words where it starts the program itself.
        if (message?.EndsWith(": command not found", StringComparison.Ordinal) != true || errors.Contains("bash", StringComparison.Ordinal))
            Assert.Contains(message ?? "", errors, StringComparison.Ordinal);
    }
}
