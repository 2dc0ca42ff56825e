using CsCheck;
using Decant.Linux;

namespace Decant.Images.Tests;

public class ImageNameTests
{
    [Theory]
    [InlineData("debian")]
    [InlineData("debian:12")]
    [InlineData("docker:dind")]
    [InlineData("localhost:5000/lab/mpi:4.1@sha256:00")]
    public void Dockers_names_are_names(string name)
    {
        Assert.Equal(name, ImageName.Check(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("-x")]
    [InlineData("a b")]
    [InlineData("a\u001b[0m")]
    [InlineData("oci:x")]
    [InlineData("rootfs:x")]
    public void Others_are_not(string name)
    {
        Assert.Throws<DecantException>(() => ImageName.Check(name));
    }

    [Fact]
    public void Different_names_have_different_files_that_a_file_system_takes()
    {
        Gen.Select(Gen.String[Gen.Char["aZ0%/.:-_é"], 1, 400], Gen.String[Gen.Char["aZ0%/.:-_é"], 1, 400]).Sample((a, b) =>
        {
            string file = ImageName.ToFileName(a);
            Assert.True(file.Length <= 255);
            Assert.DoesNotContain('/', file);
            Assert.False(file is "." or "..");
            Assert.Equal(a == b, file == ImageName.ToFileName(b));
        });
    }

    [Fact]
    public void An_empty_name_has_no_file() => Assert.Equal("the name of the image is empty", Assert.Throws<DecantException>(() => ImageName.ToFileName("")).Message);

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("")]
    public void A_run_has_a_name_of_one_component(string name)
    {
        Assert.Throws<DecantException>(() => ImageName.CheckRun(name));
    }
}
