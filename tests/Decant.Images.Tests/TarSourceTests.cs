using System.Diagnostics;
using Decant.Linux;

namespace Decant.Images.Tests;

public sealed class TarSourceTests : IDisposable
{
    readonly ImageFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    StoredImage Pull(string source, string? name = null, string? platform = null) =>
        fixture.Store.Pull(ImageSource.Parse(source), name, platform is null ? Platform.Host : Platform.Parse(platform), SilentProgress.Instance);

    string MakeTree()
    {
        fixture.Write("tree/etc/name", "tree\n");
        Directory.CreateDirectory(fixture["tree/bin"]);
        File.Copy("/bin/true", fixture["tree/bin/true"], overwrite: true);
        ImageFixture.Run("tar", "-cf", fixture["tree.tar"], "-C", fixture["tree"], ".");
        return fixture["tree.tar"];
    }

    [Theory]
    [InlineData("cat", "tree.tar")]
    [InlineData("gzip", "tree.tar.gz")]
    [InlineData("gzip", "tree.tgz")]
    [InlineData("zstd -q", "tree.tar.zst")]
    [InlineData("sh -c 'gzip; head -c 10000 /dev/zero | gzip'", "tree.two")]
    public void An_exported_tree_becomes_an_image_of_one_layer(string packer, string file)
    {
        string tar = MakeTree();
        if (fixture[file] != tar)
            ImageFixture.Script($"< {tar} {packer} > {fixture[file]}");
        StoredImage image = Pull($"tar:{fixture[file]}");
        Assert.Equal(file == "tree.two" ? "tree.two" : "tree", image.Name);
        Assert.Equal("tree\n", File.ReadAllText(Assert.Single(image.Layers) + "/etc/name"));
        Assert.Equal(Platform.Host, image.Platform);
        Assert.Empty(image.Config.Env);
        Assert.Null(image.Created);
        Assert.Equal($"tar:{fixture[file]}", image.Source);
    }

    [Theory]
    [InlineData(": > empty.tar", "empty.tar")]
    [InlineData("tar -cf empty.tar -T /dev/null", "empty.tar")]
    [InlineData("tar -czf empty.tgz -T /dev/null", "empty.tgz")]
    [InlineData("truncate -s 1T empty.tar", "empty.tar")]
    [InlineData("true", "/dev/null")]
    [InlineData("true", "/dev/zero")]
    public void An_archive_without_entries_is_refused(string script, string file)
    {
        ImageFixture.Script($"cd {fixture["."]}; {script}");
        DecantException e = Assert.Throws<DecantException>(() => Pull($"tar:{(file[0] == '/' ? file : fixture[file])}", "empty"));
        Assert.Contains("the archive has no entries", e.Message);
        Assert.Null(fixture.Store.Find("empty"));
    }

    [Fact]
    public void A_pipe_that_does_not_end_with_its_archive_is_left()
    {
        string tar = MakeTree();
        ImageFixture.Run("mkfifo", fixture["endless"]);
        using Process writer = Process.Start("sh", ["-c", $"exec 2>/dev/null; cat {tar} /dev/zero > {fixture["endless"]}"]);
        DecantException e = Assert.ThrowsAny<DecantException>(() => Pull($"tar:{fixture["endless"]}", "endless"));
        Assert.Contains("follow the end of the archive", e.Message);
        // Nobody reads any more, which ends it by SIGPIPE.
        Assert.True(writer.WaitForExit(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void Noise_from_a_device_is_no_archive() =>
        Assert.ThrowsAny<DecantException>(() => Pull("tar:/dev/urandom", "noise"));

    [Fact]
    public void One_tree_makes_one_image()
    {
        string tar = MakeTree();
        Digest first = Pull($"tar:{tar}").Manifest.Digest;
        fixture.Store.Remove("tree");
        Assert.Equal(first, Pull($"tar:{tar}").Manifest.Digest);
    }

    [Fact]
    public void The_processor_is_that_of_the_programs()
    {
        string tar = MakeTree();
        byte[] program = File.ReadAllBytes(fixture["tree/bin/true"]);
        // e_machine: S/390.
        program[18] = 22;
        File.WriteAllBytes(fixture["tree/bin/true"], program);
        ImageFixture.Run("tar", "-cf", tar, "-C", fixture["tree"], "bin", "etc");
        DecantException error = ImageFixture.Fails(() => Pull($"tar:{tar}"));
        Assert.Contains("linux/s390x", error.Message);
        Assert.Contains("--platform linux/s390x", error.Fix);
        Assert.Equal("s390x", Pull($"tar:{tar}", platform: "linux/s390x").Platform.Architecture);
    }

    [Fact]
    public void A_tree_without_programs_is_taken_as_asked_for()
    {
        fixture.Write("data/file", "x");
        ImageFixture.Run("tar", "-cf", fixture["data.tar"], "-C", fixture["data"], ".");
        Assert.Equal("linux/arm64", Pull($"tar:{fixture["data.tar"]}", platform: "linux/arm64").Platform.ToString());
    }

    [Fact]
    public void An_archive_of_images_is_answered_with_its_source()
    {
        string layout = fixture.MakeLayout();
        ImageFixture.Run("skopeo", "copy", $"oci:{layout}:one", $"oci-archive:{fixture["o.tar"]}");
        ImageFixture.Run("skopeo", "copy", $"oci:{layout}:one", $"docker-archive:{fixture["d.tar"]}");
        Assert.Contains("oci-archive:FILE", ImageFixture.Fails(() => Pull($"tar:{fixture["o.tar"]}")).Fix);
        Assert.Contains("docker-archive:FILE", ImageFixture.Fails(() => Pull($"tar:{fixture["d.tar"]}")).Fix);
    }

    [Fact]
    public void Packers_that_images_do_not_use_are_named()
    {
        fixture.Write("x.tar", "BZh91AY&SY");
        DecantException error = ImageFixture.Fails(() => Pull($"tar:{fixture["x.tar"]}"));
        Assert.Contains("bzip2", error.Message);
        Assert.Contains("bunzip2", error.Fix);
    }

    [Theory]
    [InlineData("cat")]
    [InlineData("gzip")]
    [InlineData("zstd -q")]
    public void A_cut_off_file_is_found(string packer)
    {
        string tar = MakeTree();
        ImageFixture.Script($"< {tar} {packer} > {fixture["cut"]}; truncate -s -12000 {fixture["cut"]}");
        Assert.Contains("cut", ImageFixture.Fails(() => Pull($"tar:{fixture["cut"]}")).Message);
        Assert.Empty(Directory.GetFiles(fixture["store/refs"]));
    }

    [Fact]
    public void A_missing_file_and_a_directory_are_named()
    {
        Assert.Contains("No such file", ImageFixture.Fails(() => Pull("tar:/nowhere.tar")).Message);
        Assert.Contains("rootfs:DIR", ImageFixture.Fails(() => Pull($"tar:{fixture.Root}")).Fix);
    }

    [Fact]
    public void A_pipe_is_read_once()
    {
        string tar = MakeTree();
        ImageFixture.Run("mkfifo", fixture["pipe"]);
        using Process writer = Process.Start("sh", ["-c", $"cat {tar} > {fixture["pipe"]}"]);
        StoredImage image = Pull($"tar:{fixture["pipe"]}");
        writer.WaitForExit();
        Assert.Equal("tree\n", File.ReadAllText(image.Layers[0] + "/etc/name"));
        Assert.Empty(Directory.GetDirectories(fixture["store/tmp"]));
    }

    [Fact]
    public void A_root_directory_is_copied()
    {
        MakeTree();
        StoredImage image = Pull($"rootfs:{fixture["tree"]}", "copy");
        File.Delete(fixture["tree/etc/name"]);
        Assert.Equal("tree\n", File.ReadAllText(image.Layers[0] + "/etc/name"));
        Assert.Equal(Platform.Host, image.Platform);
    }
}
