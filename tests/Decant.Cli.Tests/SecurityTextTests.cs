using Decant.Linux;

namespace Decant.Cli.Tests;

public sealed class SecurityTextTests
{
    [Theory]
    [InlineData("seccomp=builtin", true, null)]
    [InlineData("seccomp:unconfined", false, null)]
    [InlineData("no-new-privileges", null, true)]
    [InlineData("no-new-privileges=false", null, false)]
    [InlineData("no-new-privileges:true", null, true)]
    [InlineData("label=disable", null, null)]
    [InlineData("apparmor=unconfined", null, null)]
    public void Dockers_forms_are_read(string text, bool? seccomp, bool? noNewPrivileges) =>
        Assert.Equal((seccomp, noNewPrivileges), SecurityText.Parse(text));

    [Theory]
    [InlineData("seccomp=profile.json", "reads no profiles")]
    [InlineData("seccomp", "there is no security option seccomp")]
    [InlineData("apparmor=mine", "keeps the apparmor of its caller")]
    [InlineData("no-new-privileges=perhaps", "there is no security option")]
    [InlineData("", "there is no security option")]
    public void What_a_native_run_cannot_do_is_refused_with_the_reason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<DecantException>(() => SecurityText.Parse(text)).Message);
}
