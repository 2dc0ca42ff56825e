using Decant.Elf;

namespace Decant.Doctor.Tests;

public sealed class ProgramCheckTests : IDisposable
{
    readonly ScratchRoot root = new();

    public void Dispose() => root.Dispose();

    [Fact]
    public void A_program_that_is_nowhere_is_told()
    {
        Finding finding = root.Single("app");
        Assert.Equal(("program-missing", "app: command not found"), (finding.Id, finding.Message));
        Assert.Empty(finding.Candidates);
        Assert.NotNull(finding.Fix);
    }

    [Fact]
    public void A_program_in_a_directory_of_programs_that_PATH_lacks_is_proposed()
    {
        root.File("/opt/app/bin/app", "#!/bin/sh\n", executable: true).File("/opt/plugins/app", "", executable: true).Link("/etc/alternatives/app", "/nowhere");
        EnvironmentChange change = Assert.Single(root.Single("app").Candidates);
        Assert.Equal(("PATH", "/opt/app/bin:/usr/bin:/bin"), (change.Name, change.Value));
        Assert.Equal("PATH=/opt/app/bin:$PATH", change.Describe("/usr/bin:/bin"));
    }

    [Theory]
    [InlineData("#!/usr/bin/not-there\n", "script-interpreter-missing", "No such file or directory")]
    [InlineData("#!/usr/bin/env python\n", "script-interpreter-missing", null)]
    [InlineData("#!/bin/sh\r\n", "script-carriage-return", "No such file or directory")]
    [InlineData("text", "program-no-executable-format", "Exec format error")]
    [InlineData("", "program-no-executable-format", "Exec format error")]
    [InlineData("\u007fELF broken", "program-no-executable-format", "Exec format error")]
    public void A_file_that_the_kernel_cannot_start_is_told(string content, string id, string? message)
    {
        root.File("/bin/app", content, executable: true).File("/bin/sh", "", executable: true);
        Finding finding = root.Single("/bin/app");
        Assert.Equal(id, finding.Id);
        if (message is not null)
            Assert.Equal(message, finding.Message);
        Assert.NotNull(finding.Fix);
    }

    [Fact]
    public void A_file_that_nobody_may_execute_is_told()
    {
        root.File("/bin/app", "#!/bin/app\n");
        Assert.Contains(Decant.Doctor.Examination.Examine(root.Command("/bin/app"), ScratchRoot.Host), finding => finding.Id is "program-not-executable" or "script-interpreter-missing");
    }

    [Fact]
    public void What_is_no_file_is_told_and_what_the_kernel_makes_is_left_alone()
    {
        root.File("/bin/x", "");
        Assert.Equal(0, System.Diagnostics.Process.Start("mkfifo", root.Command("x").View.Resolve("/bin").HostPath + "/fifo").WaitForExit(10_000) ? 0 : 1);
        Assert.Equal("program-no-file", root.Single("/bin/fifo").Id);
        Assert.Empty(Decant.Doctor.Examination.Examine(root.Command("/proc/self/exe"), ScratchRoot.Host));
        Assert.Equal("No such file or directory", root.Single("/bin/nothing").Message);
    }

    [Fact]
    public void A_program_for_another_machine_is_told()
    {
        byte[] elf = File.ReadAllBytes("/bin/true");
        // e_machine of a 64-bit little-endian file: SPARC V9, which no machine of ours runs.
        elf[18] = 43;
        root.File("/bin/app", "", executable: true);
        File.WriteAllBytes(root.Command("x").View.Resolve("/bin/app").HostPath!, elf);
        Assert.Equal("program-for-other-machine", root.Single("/bin/app").Id);
    }

    [Fact]
    public void An_image_that_is_all_for_another_machine_is_told()
    {
        byte[] elf = File.ReadAllBytes("/bin/true");
        elf[18] = 43;
        root.File("/bin/app", "", executable: true);
        File.WriteAllBytes(root.Command("x").View.Resolve("/bin/app").HostPath!, elf);
        Finding finding = Assert.Single(RootExamination.Of(root.Command(), ScratchRoot.Host).Findings);
        Assert.Equal(("program-for-other-machine", FindingSeverity.Error), (finding.Id, finding.Severity));
        // One that has others too is healthy.
        root.Copy("/usr/lib/libpart.so", HostLibrary).Copy("/lib64/ld-linux-x86-64.so.2", "/lib64/ld-linux-x86-64.so.2").Copy("/lib64/libc.so.6", HostLibrary);
        Assert.DoesNotContain(RootExamination.Of(root.Command(), ScratchRoot.Host).Findings, one => one.Severity == FindingSeverity.Error);
    }

    [Fact]
    public void Where_the_loader_is_missing_nothing_is_said_of_libraries()
    {
        root.Copy("/bin/app", "/bin/true").Copy("/opt/libc.so.6", HostLibrary);
        Assert.Equal("loader-missing", root.Single("/bin/app").Id);
    }

    [Fact]
    public void A_library_that_is_there_for_another_machine_only_is_not_offered()
    {
        root.Copy("/bin/app", "/bin/true").Copy("/lib64/ld-linux-x86-64.so.2", "/lib64/ld-linux-x86-64.so.2").Copy("/opt/libc.so.6", HostLibrary);
        byte[] elf = File.ReadAllBytes(HostLibrary);
        elf[18] = 43;
        File.WriteAllBytes(root.Command("x").View.Resolve("/opt/libc.so.6").HostPath!, elf);
        Finding finding = root.Single("/bin/app");
        Assert.Equal("/bin/app needs libc.so.6, which is in the image only for another machine, or damaged", finding.Cause);
        Assert.Empty(finding.Candidates);
    }

    [Fact]
    public void Where_musls_loader_is_the_only_one_libraries_are_its_own()
    {
        root.Copy("/lib/ld-musl-x86_64.so.1", "/lib/ld-musl-x86_64.so.1").Copy("/usr/lib/libpart.so", HostLibrary);
        Assert.Equal(LoaderKind.Musl, root.Command("x").Programs.Load("/usr/lib/libpart.so").Settings.Kind);
        root.Copy("/lib64/ld-linux-x86-64.so.2", "/lib64/ld-linux-x86-64.so.2");
        Assert.Equal(LoaderKind.Glibc, root.Command("x").Programs.Load("/usr/lib/libpart.so").Settings.Kind);
    }

    /// <summary>One that needs glibc and names no loader.</summary>
    static string HostLibrary => Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libSystem.Native.so");
}
