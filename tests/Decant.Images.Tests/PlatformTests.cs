using Decant.Linux;

namespace Decant.Images.Tests;

public class PlatformTests
{
    [Theory]
    [InlineData("linux/amd64", "linux/amd64", true)]
    [InlineData("linux/amd64", "linux/arm64", false)]
    [InlineData("linux/amd64", "windows/amd64", false)]
    [InlineData("linux/amd64", "linux/amd64/v3", true)]
    [InlineData("linux/amd64/v2", "linux/amd64/v3", false)]
    [InlineData("linux/amd64/v3", "linux/amd64/v2", true)]
    [InlineData("linux/arm64", "linux/arm64/v8", true)]
    [InlineData("linux/arm64/v8", "linux/arm64", true)]
    [InlineData("linux/arm64", "linux/arm64/v9", false)]
    [InlineData("linux/arm/v7", "linux/arm/v6", true)]
    [InlineData("linux/arm", "linux/arm/v7", true)]
    [InlineData("linux/arm/v6", "linux/arm/v7", false)]
    public void A_platform_accepts_its_own_variant_and_lower_ones(string wanted, string image, bool accepted)
    {
        Assert.Equal(accepted, Platform.Parse(wanted).Accepts(Platform.Parse(image)));
    }

    [Theory]
    [InlineData("linux/x86_64", "linux/amd64")]
    [InlineData("linux/aarch64", "linux/arm64")]
    [InlineData("linux/arm64/v8", "linux/arm64/v8")]
    public void Other_names_of_processors_become_the_specifications(string text, string canonical)
    {
        Assert.Equal(canonical, Platform.Parse(text).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("amd64")]
    [InlineData("linux/")]
    [InlineData("linux/arm/v7/x")]
    public void What_is_no_platform_is_refused(string text)
    {
        Assert.Throws<DecantException>(() => Platform.Parse(text));
    }

    [Fact]
    public void The_host_accepts_itself()
    {
        Assert.True(Platform.Host.Accepts(Platform.Host));
    }
}
