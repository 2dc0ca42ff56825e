using Decant.Linux;

namespace Decant.Doctor.Tests;

/// <summary>What permissions keep from a user, each held against running it as that user.</summary>
public sealed class PermissionTests : IDisposable
{
    readonly ScratchRoot root = new();

    public PermissionTests() => root.Program("/usr/bin/true", "/bin/true").Program("/bin/sh", "/bin/dash").Program("/usr/bin/env", "/usr/bin/env");

    public void Dispose() => root.Dispose();

    /// <summary>What is predicted for the stranger is what he sees; root runs it.</summary>
    void AssertDenied(string id, params string[] command)
    {
        Finding finding = Assert.Single(Examine(command), finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal(id, finding.Id);
        Assert.NotNull(finding.Fix);
        Assert.Contains($"user {ScratchRoot.Stranger}", finding.Cause, StringComparison.Ordinal);
        if (!Environment.IsPrivilegedProcess)
            return;
        (int exit, string errors) = root.RunAs(ScratchRoot.Stranger, command);
        Assert.NotEqual(0, exit);
        Assert.Contains(finding.Message!, errors, StringComparison.Ordinal);
        (exit, errors) = root.RunAs(0, command);
        Assert.True(exit == 0, errors);
    }

    void AssertRuns(params string[] command)
    {
        Assert.DoesNotContain(Examine(command), finding => finding.Severity == FindingSeverity.Error);
        if (!Environment.IsPrivilegedProcess)
            return;
        (int exit, string errors) = root.RunAs(ScratchRoot.Stranger, command);
        Assert.True(exit == 0, errors);
    }

    IReadOnlyList<Finding> Examine(string[] command) => Decant.Doctor.Examination.Examine(root.StrangersCommand(command), ScratchRoot.Host);

    [Fact]
    public void A_program_that_only_its_owner_may_execute_is_told()
    {
        AssertRuns("true");
        root.Mode("/usr/bin/true", 0b111_000_000);
        AssertDenied("program-not-executable", "/usr/bin/true");
        AssertDenied("program-not-executable", "true");
        AssertDenied("program-not-executable", "env", "true");
        AssertDenied("program-not-executable", "/bin/sh", "-c", "A=1 exec /usr/bin/true; ");
    }

    [Fact]
    public void A_program_that_may_be_executed_and_not_be_read_runs()
    {
        root.Mode("/usr/bin/true", 0b111_001_001).Mode("/lib64/ld-linux-x86-64.so.2", 0b111_001_001);
        AssertRuns("true");
        root.Mode("/lib64/ld-linux-x86-64.so.2", 0b111_100_100);
        AssertDenied("loader-unusable", "true");
    }

    [Fact]
    public void A_library_that_may_not_be_read_is_told()
    {
        root.Mode("/lib/x86_64-linux-gnu/libc.so.6", 0b110_000_000);
        AssertDenied("library-unreadable", "true");
        root.Mode("/lib/x86_64-linux-gnu/libc.so.6", 0b111_101_101).Mode("/lib/x86_64-linux-gnu", 0b111_100_100);
        AssertDenied("library-unreadable", "true");
    }

    [Fact]
    public void A_closed_directory_on_the_way_is_told()
    {
        root.Program("/opt/deep/bin/true", "/bin/true").Mode("/opt/deep", 0b111_000_000).Link("/usr/bin/link", "/opt/deep/bin/true");
        AssertDenied("program-not-executable", "/opt/deep/bin/true");
        AssertDenied("program-not-executable", "link");
        AssertDenied("program-not-executable", "env", "-C", "/opt", "deep/bin/true");
        root.Mode("/opt/deep", 0b111_001_001);
        AssertRuns("link");
    }

    [Fact]
    public void A_script_that_its_interpreter_may_not_read_is_told()
    {
        root.File("/usr/bin/script", "#!/bin/sh\nexit 0\n", executable: true).Mode("/usr/bin/script", 0b111_001_001);
        AssertDenied("script-unreadable", "script");
        AssertDenied("script-unreadable", "sh", "/usr/bin/script");
        root.File("/usr/bin/script", "#!/usr/bin/true\n", executable: true).Mode("/usr/bin/script", 0b111_001_001);
        AssertRuns("script");
    }

    [Fact]
    public void What_comes_later_on_PATH_is_taken_where_the_first_is_closed()
    {
        root.File("/usr/bin/app", "").File("/bin/app", "#!/bin/sh\n", executable: true);
        AssertRuns("env", "app");
    }

    [Fact]
    public void Owner_group_and_others_are_told_apart_as_the_kernel_does()
    {
        Credentials member = new(2, [7, 8]);
        FileStatus status = FileStatus.Made(0x8000 | 0b101_010_100) with { Owner = 2, Group = 8 };
        Assert.True(member.May(status, FileAccessModes.Read | FileAccessModes.Execute));
        Assert.False(member.May(status, FileAccessModes.Write));
        Assert.Equal((false, true), (member.May(status with { Owner = 3 }, FileAccessModes.Read), member.May(status with { Owner = 3 }, FileAccessModes.Write)));
        Assert.True(member.May(status with { Owner = 3, Group = 3 }, FileAccessModes.Read));
        Assert.True(Credentials.OfRoot.May(status, FileAccessModes.Write | FileAccessModes.Execute));
        Assert.False(Credentials.OfRoot.May(status with { Mode = 0x8000 | 0b110_110_110 }, FileAccessModes.Execute));
        Assert.True(Credentials.OfRoot.May(status with { Mode = 0x4000 }, FileAccessModes.Execute));
        Credentials alone = new(2, [7]) { Overrides = (user, group) => user == 2 && group == 7 };
        Assert.Equal((true, false), (alone.May(status with { Mode = 0x8000, Group = 7 }, FileAccessModes.Read), alone.May(status with { Mode = 0x8000 }, FileAccessModes.Read)));
    }
}
