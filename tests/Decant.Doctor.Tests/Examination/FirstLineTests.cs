namespace Decant.Doctor.Tests;

/// <summary>Scripts whose first line the kernel does not read as it was meant. What is predicted is what a chroot shows, whose own execvp(3) is that of glibc.</summary>
public sealed class FirstLineTests : IDisposable
{
    readonly ScratchRoot root = new();

    public FirstLineTests()
    {
        foreach (string program in new[] { "/usr/bin/dash", "/usr/bin/bash", "/usr/bin/env" })
            root.Program(program, program);
        root.Link("/bin/sh", "../usr/bin/dash");
    }

    public void Dispose() => root.Dispose();

    IReadOnlyList<Finding> Examine(string text, string command)
    {
        root.File("/app", text, executable: true);
        return Decant.Doctor.Examination.Examine(root.Command(command.Split(' ')), ScratchRoot.Host);
    }

    [Theory]
    [InlineData("#!/bin/sh\r\necho ran\r\n")]
    [InlineData("#! /bin/sh\r\n")]
    [InlineData("#!/bin/sh\r")]
    [InlineData("#!/bin/sh -e\r\n")]
    [InlineData("#!/usr/bin/bash -e\r\n")]
    [InlineData("#!/usr/bin/bash --norc\r\n")]
    [InlineData("#!/usr/bin/env dash\r\n")]
    [InlineData("#!/not/there\r\n")]
    public void A_carriage_return_in_the_first_line_is_told_with_what_takes_it_away(string text)
    {
        foreach (string command in new[] { "/app", "env /app" })
        {
            Finding finding = Assert.Single(Examine(text, command));
            Assert.Equal(("script-carriage-return", FindingSeverity.Error), (finding.Id, finding.Severity));
            Assert.Equal("sed -i 's/\\r$//' /app", finding.Fix);
            if (!Environment.IsPrivilegedProcess)
                continue;
            (int exit, string errors) = root.RunAs(0, command.Split(' '));
            Assert.NotEqual(0, exit);
            Assert.Contains(finding.Message!, errors);
        }
    }

    [Theory]
    [InlineData("#!/bin/sh\n:\r\n")]
    [InlineData("#!/usr/bin/env -S dash\r\nexit 0\n")]
    [InlineData("#!/usr/bin/env -S dash -e\r\nexit 0\n")]
    [InlineData("#!/bin/sh -e \n")]
    public void A_carriage_return_that_nobody_minds_is_not_told(string text)
    {
        Assert.Empty(Examine(text, "/app"));
        if (Environment.IsPrivilegedProcess && !text.Contains(":\r"))
            Assert.Equal((0, ""), root.RunAs(0, "/app"));
    }

    [Fact]
    public void What_is_there_without_the_carriage_return_is_told()
    {
        Assert.Contains("without the carriage return it is /usr/bin/dash", Assert.Single(Examine("#!/usr/bin/env dash\r\n", "/app")).Evidence);
        Assert.Contains("/not/there is not there either", Assert.Single(Examine("#!/not/there\r\n", "/app")).Evidence);
    }

    [Fact]
    public void A_byte_order_mark_hides_the_first_line_from_the_kernel()
    {
        const string text = "\ufeff#!/usr/bin/bash\nexit 0\n";
        Finding finding = Assert.Single(Examine(text, "/app"));
        Assert.Equal(("byte-order-mark", FindingSeverity.Error, "Exec format error"), (finding.Id, finding.Severity, finding.Message));
        Assert.Contains("its first line, #!/usr/bin/bash,", finding.Cause);
        // Who hands it to a shell gets a message and goes on.
        foreach (string command in new[] { "env /app", "sh -c /app", "bash -c /app" })
        {
            Assert.Equal(FindingSeverity.Warning, Assert.Single(Examine(text, command)).Severity);
            if (!Environment.IsPrivilegedProcess)
                continue;
            (int exit, string errors) = root.RunAs(0, command.Split(' '));
            Assert.Equal(0, exit);
            Assert.Contains("#!/usr/bin/bash", errors);
        }

        using System.Diagnostics.Process sed = System.Diagnostics.Process.Start("sh", ["-c", finding.Fix!.Split(',')[0].Replace("/app", root.At("/app"), StringComparison.Ordinal)]);
        sed.WaitForExit();
        Assert.Equal(text[1..], File.ReadAllText(root.At("/app")));
    }

    [Theory]
    [InlineData("exit 0\n")]
    [InlineData("")]
    public void Text_without_a_first_line_is_run_by_whoever_hands_it_to_a_shell(string text)
    {
        Assert.Equal("program-no-executable-format", Assert.Single(Examine(text, "/app")).Id);
        foreach (string command in new[] { "env /app", "sh -c /app", "bash -c /app", "env A=b env /app" })
        {
            Assert.Empty(Examine(text, command));
            if (Environment.IsPrivilegedProcess)
                Assert.Equal((0, ""), root.RunAs(0, command.Split(' ')));
        }
    }

    [Theory]
    [InlineData("env /app")]
    [InlineData("sh -c /app")]
    public void A_program_that_was_cut_off_is_run_by_nobody(string command)
    {
        Assert.Equal("program-no-executable-format", Assert.Single(Examine("\u007fELF broken", command)).Id);
        if (Environment.IsPrivilegedProcess)
            Assert.NotEqual(0, root.RunAs(0, command.Split(' ')).ExitCode);
    }
}
