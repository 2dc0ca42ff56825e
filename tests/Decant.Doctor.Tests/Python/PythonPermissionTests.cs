using System.Diagnostics;
using Decant.Images;
using Decant.Linux;

namespace Decant.Doctor.Tests;

/// <summary>What a user may not read of a Python program, held against the interpreter that runs as him.</summary>
public sealed class PythonPermissionTests : IDisposable
{
    readonly string work = Directory.CreateTempSubdirectory("decant-pyuser-").FullName;

    public PythonPermissionTests() => Mode("", 0b111_101_101);

    public void Dispose() => Directory.Delete(work, recursive: true);

    void Mode(string name, int mode) => File.SetUnixFileMode($"{work}/{name}", (UnixFileMode)mode);

    [Theory]
    [InlineData("script.py", 0b110_000_000, "script-unreadable")]
    [InlineData("module.py", 0, "python-module-unreadable")]
    [InlineData("package", 0b111_000_000, "python-module-missing")]
    [InlineData("package", 0b111_100_100, "python-module-missing")]
    [InlineData("package/inner.py", 0b110_000_000, "python-module-unreadable")]
    [InlineData("module.py", 0b100_100_100, null)]
    public void A_file_or_directory_that_is_closed_to_the_user_is_told(string closed, int mode, string? id)
    {
        Directory.CreateDirectory(work + "/package");
        File.WriteAllText(work + "/package/__init__.py", "");
        File.WriteAllText(work + "/package/inner.py", "");
        File.WriteAllText(work + "/module.py", "x = 1\n");
        File.WriteAllText(work + "/script.py", "import module\nimport package.inner\n");
        Mode(closed, mode);
        string python = HostPython.All[0];
        RootIndex root = new(new RootView(["/"]).As(new Credentials(ScratchRoot.Stranger, [ScratchRoot.Stranger])), []);
        ExaminedCommand command = new(root, HostPython.Environment(), work, [python, "script.py"]) { UserId = ScratchRoot.Stranger };
        Finding? error = Decant.Doctor.Examination.Examine(command, ScratchRoot.Host).SingleOrDefault(finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal(id, error?.Id);
        Mode("package", closed == "package" ? mode : 0b111_101_101);
        if (!Environment.IsPrivilegedProcess)
            return;
        ProcessStartInfo start = new("setpriv", [$"--reuid={ScratchRoot.Stranger}", $"--regid={ScratchRoot.Stranger}", "--clear-groups", python, "-B", "script.py"]) { WorkingDirectory = work, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(id is null, process.ExitCode == 0);
        Assert.Contains(error?.Message ?? "", errors, StringComparison.Ordinal);
    }
}
