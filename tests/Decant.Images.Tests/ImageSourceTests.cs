using Decant.Linux;

namespace Decant.Images.Tests;

public class ImageSourceTests
{
    [Theory]
    [InlineData("rootfs:/srv/../srv/root", "rootfs:/srv/root")]
    [InlineData("tar:/a:b.tar", "tar:/a:b.tar")]
    [InlineData("oci:/x/y", "oci:/x/y")]
    [InlineData("oci:/x/y:", "oci:/x/y")]
    [InlineData("oci:/x/y:1.0", "oci:/x/y:1.0")]
    [InlineData("oci:/x/y:a:b", "oci:/x/y:a:b")]
    [InlineData("oci-archive:/x.tar:1.0", "oci-archive:/x.tar:1.0")]
    [InlineData("docker-archive:/x.tar:debian:12", "docker-archive:/x.tar:debian:12")]
    [InlineData("docker-archive:/x.tar:@1", "docker-archive:/x.tar:@1")]
    [InlineData("docker://debian", "docker://docker.io/library/debian:latest")]
    [InlineData("docker://127.0.0.1:5000/x:1", "docker://127.0.0.1:5000/x:1")]
    public void The_text_is_canonical(string text, string canonical)
    {
        Assert.True(ImageSource.IsSource(text));
        Assert.Equal(canonical, ImageSource.Parse(text).Text);
    }

    [Fact]
    public void A_relative_path_becomes_absolute()
    {
        Assert.Equal($"oci:{Directory.GetCurrentDirectory()}/x:t", ImageSource.Parse("oci:x:t").Text);
    }

    [Fact]
    public void A_root_directory_is_told_from_the_others()
    {
        Assert.Equal("/srv", Assert.IsType<RootfsSource>(ImageSource.Parse("rootfs:/srv/")).Directory.TrimEnd('/'));
    }

    [Fact]
    public void An_unknown_transport_is_answered_with_those_there_are()
    {
        DecantException error = Assert.Throws<DecantException>(() => ImageSource.Parse("ostree:x"));
        Assert.Contains("ostree:", error.Message);
        Assert.Contains("oci-archive:FILE", error.Fix);
    }

    [Theory]
    [InlineData("docker-daemon:")]
    [InlineData("docker-daemon:../containers/json?x=")]
    [InlineData("docker-daemon:a/../../b")]
    [InlineData("podman:a b")]
    [InlineData("docker-container:$(id)")]
    public void What_no_engine_can_have_as_a_name_is_not_asked_for(string text) =>
        Assert.Contains("not a name", Assert.Throws<DecantException>(() => ImageSource.Parse(text)).Message);

    [Theory]
    [InlineData("debian")]
    [InlineData("debian:12")]
    [InlineData("docker:dind")]
    public void A_name_in_the_store_is_no_source(string text)
    {
        Assert.False(ImageSource.IsSource(text));
    }

    [Fact]
    public void A_missing_path_is_an_error()
    {
        Assert.Throws<DecantException>(() => ImageSource.Parse("oci:"));
    }
}
