namespace Decant.Doctor.Tests;

public sealed class PythonInvocationTests
{
    [Theory]
    [InlineData("", "Input", "")]
    [InlineData("-", "Input", "")]
    [InlineData("-u -", "Input", "")]
    [InlineData("a.py -c x", "Script", "a.py")]
    [InlineData("-B -u a.py", "Script", "a.py")]
    [InlineData("-W error -Xdev a.py", "Script", "a.py")]
    [InlineData("-Werror -X dev a.py", "Script", "a.py")]
    [InlineData("-m pkg.mod -E", "Module", "pkg.mod")]
    [InlineData("-Im pkg", "Module", "pkg")]
    [InlineData("-mpkg", "Module", "pkg")]
    [InlineData("-cpass", "Source", "pass")]
    [InlineData("-OOSc pass", "Source", "pass")]
    [InlineData("-- -a.py", "Script", "-a.py")]
    [InlineData("--check-hash-based-pycs always a.py", "Script", "a.py")]
    [InlineData("-V", "Nothing", "")]
    [InlineData("--version a.py", "Nothing", "")]
    [InlineData("-m", "Nothing", "")]
    [InlineData("-c", "Nothing", "")]
    public void It_is_known_what_runs(string arguments, string task, string subject)
    {
        PythonInvocation parsed = PythonInvocation.Parse(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((task, subject), (parsed.Task.ToString(), parsed.Subject));
    }

    [Fact]
    public void Options_behind_the_script_are_its_own() =>
        Assert.Equal(PythonInvocation.Parse(["a.py"]), PythonInvocation.Parse(["a.py", "-I", "-S"]));

    [Fact]
    public void Isolation_is_several_options_in_one()
    {
        PythonInvocation parsed = PythonInvocation.Parse(["-BI", "a.py"]);
        Assert.True(parsed is { IgnoresEnvironment: true, WithoutUserSite: true, IsSafePath: true, WithoutSite: false });
    }
}
