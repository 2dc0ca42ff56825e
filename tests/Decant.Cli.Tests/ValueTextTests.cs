using System.Text;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli.Tests;

/// <summary>The smaller value parsers.</summary>
public sealed class ValueTextTests
{
    [Fact]
    public void A_tmpfs_is_closed_unless_its_options_open_it()
    {
        MountRequest closed = TmpfsText.Parse("/t");
        Assert.True(closed.NoExec && closed.NoSuid && closed.NoDev && !closed.ReadOnly);
        MountRequest open = TmpfsText.Parse("/t:exec,suid,dev,size=64m,mode=755");
        Assert.False(open.NoExec || open.NoSuid || open.NoDev);
        Assert.Equal(64 << 20, open.SizeBytes);
        Assert.Equal(0x1EDu, open.Mode);
    }

    [Theory]
    [InlineData("t")]
    [InlineData("/t:size=50%")]
    [InlineData("/t:mode=")]
    [InlineData("/t:mode=10000")]
    [InlineData("/t:uid=3")]
    public void What_is_no_tmpfs_is_refused(string text) => Assert.Throws<DecantException>(() => TmpfsText.Parse(text));

    [Theory]
    [InlineData("/dev/null", "/dev/null", "/dev/null")]
    [InlineData("/dev/null:/dev/zilch", "/dev/null", "/dev/zilch")]
    [InlineData("/dev/null:/dev/zilch:rwm", "/dev/null", "/dev/zilch")]
    [InlineData("/dev/null:rw", "/dev/null", "/dev/null")]
    [InlineData("/dev/dri", "/dev/dri", "/dev/dri")]
    public void A_device_may_have_another_name_inside(string text, string source, string target) =>
        Assert.Equal(new DeviceRequest(source, target, $"--device {text}"), DeviceText.Parse(text));

    [Theory]
    [InlineData("null")]
    [InlineData("nvidia.com/gpu=all")]
    [InlineData("/dev/null:r")]
    [InlineData("/dev/null:/dev/x:rx")]
    [InlineData("/dev/null:/dev/x:rwm:y")]
    public void What_is_no_device_is_refused(string text) => Assert.Throws<DecantException>(() => DeviceText.Parse(text));

    [Theory]
    [InlineData("A=1", "A", "1")]
    [InlineData("A=", "A", "")]
    [InlineData("A=b=c", "A", "b=c")]
    [InlineData("A", "A", null)]
    public void A_variable_has_a_name_and_perhaps_a_value(string text, string name, string? value) =>
        Assert.Equal(new EnvRequest(name, value, "--env"), EnvText.Parse(text, "--env"));

    [Fact]
    public void A_variable_without_a_name_is_refused() => Assert.Throws<DecantException>(() => EnvText.Parse("=1", "--env"));

    [Fact]
    public void An_env_file_is_read_by_dockers_rules()
    {
        string file = "\uFEFF# comment\n\nA=1\n  B= two words \nC=\"quoted\" # not a comment\nD\nE=\r\n";
        List<EnvRequest> variables = EnvText.ParseLines(Encoding.UTF8.GetBytes(file), "f");
        Assert.Equal(
            [new("A", "1", "--env-file f"), new("B", " two words ", "--env-file f"), new("C", "\"quoted\" # not a comment", "--env-file f"), new("D", null, "--env-file f"), new("E", "", "--env-file f")],
            variables);
    }

    [Theory]
    [InlineData("A=1\nB C=2\n", "line 2")]
    [InlineData("=1", "line 1")]
    [InlineData("A =1", "white space")]
    public void A_mistake_in_an_env_file_names_its_line(string text, string part) =>
        Assert.Contains(part, Assert.Throws<DecantException>(() => EnvText.ParseLines(Encoding.UTF8.GetBytes(text), "f")).Message);

    [Fact]
    public void Values_of_an_env_file_keep_bytes_that_are_not_text() =>
        Assert.Equal("\udcff", EnvText.ParseLines([(byte)'A', (byte)'=', 0xff], "f")[0].Value);

    [Theory]
    [InlineData("2", 2.0)]
    [InlineData("0.5", 0.5)]
    [InlineData("0", null)]
    public void Cpus_are_a_number(string text, double? cpus) => Assert.Equal(cpus, CpuCount.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("two")]
    [InlineData("0.001")]
    [InlineData("1e3")]
    public void What_is_no_number_of_cpus_is_refused(string text) => Assert.Throws<DecantException>(() => CpuCount.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("é")]
    public void A_run_cannot_be_named_what_is_no_plain_file_name(string name) => Assert.Throws<DecantException>(() => NameText.Run(name));

    [Fact]
    public void Names_of_runs_and_hosts_have_a_longest_length()
    {
        Assert.Equal(128, NameText.Run(new string('a', 128)).Length);
        Assert.Throws<DecantException>(() => NameText.Run(new string('a', 129)));
        Assert.Equal(64, NameText.Host(new string('a', 64)).Length);
        Assert.Throws<DecantException>(() => NameText.Host(new string('a', 65)));
    }
}
