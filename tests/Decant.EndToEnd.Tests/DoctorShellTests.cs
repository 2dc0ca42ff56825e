namespace Decant.EndToEnd.Tests;

/// <summary>What doctor says of a shell's text, and what comes of it.</summary>
public sealed class DoctorShellTests
{
    [Theory]
    [InlineData("cd / && nosuch --flag")]
    [InlineData("set -e; cd /nosuch; echo on")]
    [InlineData("A=1; export A; exec /bin/nosuch \"$A\"")]
    [InlineData("if [ -f /marker ]; then nosuch; fi")]
    public void What_ends_a_shell_with_an_error_is_told_before(string text)
    {
        string root = HostileRoot.New();
        Assert.Contains("it will fail", DecantBinary.Run(User.Ordinary, "doctor", $"rootfs:{root}", "sh", "-c", text).Expect(1).Output);
        Assert.NotEqual(0, DecantBinary.Run(User.Ordinary, "run", $"rootfs:{root}", "sh", "-c", text).ExitCode);
    }

    [Theory]
    [InlineData("nosuch; echo on", "warning")]
    [InlineData("nosuch || echo on", "note")]
    [InlineData("while false; do nosuch; done; echo on", "no error found in what was examined")]
    [InlineData("if [ -f /none ]; then nosuch; fi; echo on", "no error found\n")]
    public void What_a_shell_passes_over_is_no_error(string text, string words)
    {
        string root = HostileRoot.New();
        Assert.Contains(words, DecantBinary.Run(User.Ordinary, "doctor", $"rootfs:{root}", "sh", "-c", text).Expect(0).Output);
        DecantBinary.Run(User.Ordinary, "run", $"rootfs:{root}", "sh", "-c", text).ExpectOutput("on\n");
    }
}
