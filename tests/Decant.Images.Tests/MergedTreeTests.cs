namespace Decant.Images.Tests;

public sealed class MergedTreeTests : IDisposable
{
    /// <summary>Type, mode, owner, time, size or target, link count, and content and attributes of everything in the working directory.</summary>
    const string Listing = """
        find . ! -type d -printf '%p %y %m %U:%G %TY-%Tm-%TdT%TH:%TM:%TS %s %n <%l>\n' -o -printf '%p %y %m %U:%G %TY-%Tm-%TdT%TH:%TM:%TS\n' | sort
        find . -type f -exec sha256sum {} + | sort
        getfattr -R -h -d -m '^(user|security)\.' . | grep -v 'user\.overlay\.'
        """;

    readonly ImageFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public void The_layers_together_are_the_tree_that_umoci_unpacks()
    {
        string layout = fixture.MakeLayout();
        StoredImage image = fixture.Store.Pull(ImageSource.Parse($"oci:{layout}:one"), "x", Platform.Host, SilentProgress.Instance);
        ImageFixture.Run("umoci", "unpack", "--image", $"{layout}:one", fixture["bundle"]);
        string expected = ImageFixture.Run("sh", "-c", $"cd {fixture["bundle"]}/rootfs; {Listing}");
        Directory.CreateDirectory(fixture["mnt"]);
        string merged = ImageFixture.Run("unshare", "-m", "sh", "-c",
            $"mount -t overlay overlay -o lowerdir={string.Join(':', image.Layers)} {fixture["mnt"]}; cd {fixture["mnt"]}; {Listing}");
        Assert.Contains("./opaque/new", expected);
        Assert.DoesNotContain("./opaque/old", expected);
        Assert.Equal(expected, merged);
    }
}
