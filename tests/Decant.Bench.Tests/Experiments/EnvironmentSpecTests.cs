using Decant.Linux;

namespace Decant.Bench.Tests;

public sealed class EnvironmentSpecTests
{
    [Theory]
    [InlineData("host", "host", EnvironmentKind.Host, "", "")]
    [InlineData("native=decant:debian", "native", EnvironmentKind.Decant, "debian", "")]
    [InlineData("docker:example.org:5000/a=b:1", "docker", EnvironmentKind.Docker, "example.org:5000/a=b:1", "")]
    [InlineData("p=podman:img --runtime runc", "p", EnvironmentKind.Podman, "img", "--runtime|runc")]
    [InlineData("w=decant:rootfs:/srv/a -e 'A=b c'", "w", EnvironmentKind.Decant, "rootfs:/srv/a", "-e|A=b c")]
    public void A_specification_is_name_kind_image_and_options(string text, string name, EnvironmentKind kind, string image, string options)
    {
        EnvironmentSpec spec = EnvironmentSpec.Parse(text);
        Assert.Equal((name, kind, image, options), (spec.Name, spec.Kind, spec.Image, string.Join('|', spec.Options)));
    }

    [Theory]
    [InlineData("dokcer:x", "no kind of environment dokcer")]
    [InlineData("docker", "names no image")]
    [InlineData("host:x", "neither image nor options")]
    [InlineData("", "NAME=KIND:IMAGE")]
    [InlineData("a/b=host", "cannot be an environment's name")]
    [InlineData("x=docker:i 'open", "never closed")]
    public void What_is_none_is_refused_with_the_reason(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<DecantException>(() => EnvironmentSpec.Parse(text)).Message);

    [Fact]
    public void It_can_be_written_down_and_read_again()
    {
        EnvironmentSpec spec = EnvironmentSpec.Parse("x=decant:img -e 'A=b c' --tmpfs /t");
        Assert.Equal(spec.Options, EnvironmentSpec.Parse("x=" + spec).Options);
    }
}
