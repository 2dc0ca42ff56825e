using CsCheck;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli.Tests;

public sealed class VolumeTextTests
{
    [Fact]
    public void Source_and_target_are_a_private_writable_bind_that_creates_its_source()
    {
        MountRequest mount = VolumeText.Parse("/a:/b");
        Assert.Equal(
            new MountRequest { Kind = MountKind.Bind, Source = "/a", Target = "/b", CreateSource = true, Text = "-v /a:/b" }, mount);
    }

    [Fact]
    public void Options_may_stand_in_any_order()
    {
        MountRequest mount = VolumeText.Parse("/a:/b:rslave,ro");
        Assert.True(mount.ReadOnly);
        Assert.Equal(MountPropagation.Slave, mount.Propagation);
    }

    [Theory]
    [InlineData("private", MountPropagation.Private)]
    [InlineData("rprivate", MountPropagation.Private)]
    [InlineData("slave", MountPropagation.Slave)]
    [InlineData("rslave", MountPropagation.Slave)]
    [InlineData("shared", MountPropagation.Shared)]
    [InlineData("rshared", MountPropagation.Shared)]
    public void Every_propagation_has_its_word(string word, MountPropagation propagation) =>
        Assert.Equal(propagation, VolumeText.Parse("/a:/b:" + word).Propagation);

    [Theory]
    [InlineData(".", "")]
    [InlineData("./x", "/x")]
    [InlineData("./x/../y/", "/y/")]
    public void A_source_with_a_dot_is_taken_from_the_working_directory(string source, string below) =>
        Assert.Equal(Environment.CurrentDirectory + below, VolumeText.Parse(source + ":/b").Source);

    [Theory]
    [InlineData("data:/b", "name of a volume", "./data")]
    [InlineData("/b", "anonymous volume", "--tmpfs /b")]
    [InlineData("~/x:/b", "did not replace ~", "$HOME/x")]
    [InlineData("/a:/b:z", "SELinux", "leave out z")]
    [InlineData("/a:/b:nocopy", "named volumes", "leave out nocopy")]
    [InlineData("/a:/b:ro:x", "more than", "--mount")]
    [InlineData("/a:/b:quick", "no volume option quick", "ro, rw")]
    [InlineData("/a:/", "target is /", "rootfs:DIR")]
    public void Each_mistake_has_its_reason_and_the_way_on(string text, string reason, string fix)
    {
        DecantException e = Assert.Throws<DecantException>(() => VolumeText.Parse(text));
        Assert.Contains(reason, e.Message);
        Assert.Contains(fix, e.Fix);
    }

    [Theory]
    [InlineData("/a:b")]
    [InlineData(":/b")]
    [InlineData("/a:")]
    [InlineData("/a:/b:ro,rw")]
    [InlineData("/a:/b:slave,shared")]
    [InlineData("/a:/b:")]
    public void What_is_no_volume_is_refused(string text) => Assert.Throws<DecantException>(() => VolumeText.Parse(text));

    [Fact]
    public void Paths_come_back_as_they_are() =>
        Gen.Select(Gen.String[Gen.Char["abcXYZ019 _-=,\u00e9\udc80"], 1, 20], Gen.String[Gen.Char["abcXYZ019 _-=,\u00e9\udcff"], 1, 20]).Sample((a, b) =>
        {
            MountRequest mount = VolumeText.Parse($"/{a}:/{b}");
            return mount.Source == "/" + a && mount.Target == "/" + b;
        });
}
