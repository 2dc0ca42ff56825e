
namespace Decant.Images.Tests;

// A mount tells which layers it stands on, and not of which store: other classes that mount the same image must wait.
[Collection("mounted layers")]
public sealed class StoreCheckTests : IDisposable
{
    readonly ImageFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    ImageStore Store => fixture.Store;

    StoredImage Pull(string name = "x") =>
        Store.Pull(ImageSource.Parse($"oci:{(Directory.Exists(fixture["image"]) ? fixture["image"] : fixture.MakeLayout())}:one"), name, Platform.Host, SilentProgress.Instance);

    StoreCheckReport Check() => StoreCheck.Run(Store, repair: false, _ => { });

    StoreCheckReport Repair() => StoreCheck.Run(Store, repair: true, _ => { });

    void Shell(string script) => ImageFixture.Script($"set -e; cd {Store.Root}; {script}");

    static string[] Ids(StoreCheckReport report) => [.. report.Findings.Select(finding => finding.Id).Distinct().Order()];

    void AssertClean()
    {
        StoreCheckReport report = Check();
        Assert.True(report.Findings.Count == 0, string.Join('\n', report.Findings.Select(finding => $"{finding}: {string.Join(", ", finding.Details)}")));
    }

    [Fact]
    public void A_store_that_is_not_there_is_clean()
    {
        Assert.True(Check().IsClean);
        Assert.True(Repair().IsClean);
        Assert.False(Directory.Exists(Store.Root));
    }

    [Fact]
    public void What_was_pulled_is_clean_and_counted()
    {
        StoredImage image = Pull();
        Pull("y");
        Store.OpenRun("run", "x", image.Layers).Dispose();
        StoreCheckReport report = Check();
        Assert.Empty(report.Findings);
        Assert.Equal((2, 5, 3), (report.Images, report.Blobs, report.Layers));
        Assert.Equal(image.SizeBytes, report.Bytes);
        Assert.True(Repair().IsClean);
        AssertClean();
    }

    [Fact]
    public void A_blob_larger_than_any_buffer_is_stored_whole()
    {
        ImageFixture.Script($"mkdir {fixture["big"]}; head -c 20000000 /dev/urandom > {fixture["big"]}/f; tar -czf {fixture["big.tar"]} -C {fixture["big"]} .");
        Store.Pull(ImageSource.Parse($"tar:{fixture["big.tar"]}"), "big", Platform.Host, SilentProgress.Instance);
        AssertClean();
    }

    [Theory]
    // A lower layer, the topmost, and both.
    [InlineData("printf X >> layers/$(cat layers/$top/below | tail -1)/diff/etc/one", "layer-damaged")]
    [InlineData("rm -r layers/$top/diff/usr", "layer-damaged")]
    [InlineData("rm -r layers/$top", "layer-missing")]
    [InlineData("rm layers/$top/below", "layer-damaged")]
    [InlineData("rm -r layers/$top/diff", "layer-damaged")]
    [InlineData("rm -r layers/*", "layer-missing")]
    [InlineData("chmod 700 layers/*/diff/dir", "layer-damaged")]
    public void Damaged_trees_are_unpacked_again(string damage, string id)
    {
        StoredImage image = Pull();
        Shell($"top={image.Layers[0].Split('/')[^2]}; {damage}");
        StoreCheckReport found = Check();
        Assert.False(found.IsClean);
        Assert.Equal([id], Ids(found));
        Assert.All(found.Findings, finding => Assert.Equal(["x"], finding.Images));
        StoreCheckReport repaired = Repair();
        Assert.True(repaired.IsClean, string.Join('\n', repaired.Findings));
        AssertClean();
        Assert.Equivalent(image, Store.Find("x"), strict: true);
        Assert.Equal("one\ntwo\n", File.ReadAllText(new RootView(image.Layers.AsSpan()).Resolve("/etc/one").HostPath!));
    }

    [Theory]
    [InlineData("printf X | dd of=$blob bs=1 seek=20 conv=notrunc 2>/dev/null", "blob-damaged")]
    [InlineData("truncate -s 30 $blob", "blob-damaged")]
    [InlineData("printf X >> $blob", "blob-damaged")]
    [InlineData("rm $blob", "blob-missing")]
    public void An_image_whose_blob_is_lost_is_removed_and_told_how_to_pull_again(string damage, string id)
    {
        StoredImage image = Pull();
        ImageFixture.Script($"mkdir {fixture["o"]}; echo other > {fixture["o"]}/f; tar -cf {fixture["o.tar"]} -C {fixture["o"]} .");
        Store.Pull(ImageSource.Parse($"tar:{fixture["o.tar"]}"), "other", Platform.Host, SilentProgress.Instance);
        string[] own = [.. Directory.GetFiles(fixture["store/blobs/sha256"]).Where(blob => fixture.Root is var root && File.Exists($"{root}/image/blobs/sha256/{Path.GetFileName(blob)}"))];
        Assert.Equal(5, own.Length);
        foreach (string blob in own)
        {
            Shell($"blob={blob}; {damage}");
            StoreCheckReport found = Check();
            Assert.Contains(id, Ids(found));
            Assert.False(found.IsClean);
            StoreCheckReport repaired = Repair();
            Assert.False(repaired.IsClean);
            Assert.Contains(repaired.Findings, finding => finding.Fix == $"decant pull {image.Source} x");
            Assert.Null(Store.Find("x"));
            Assert.NotNull(Store.Find("other"));
            AssertClean();
            Assert.Equivalent(image, Pull(), strict: true);
            AssertClean();
        }
    }

    [Theory]
    [InlineData("sed -i 's/^cmd /&x/' refs/x", true)]
    [InlineData("mv refs/x refs/z", true)]
    [InlineData("echo '{\"version\":1,' > refs/x", false)]
    [InlineData(": > refs/x", false)]
    public void Damaged_names_are_written_anew_where_the_manifest_is_known(string damage, bool mended)
    {
        StoredImage image = Pull();
        Shell(damage);
        Assert.Contains("name-damaged", Ids(Check()));
        Assert.Equal(mended, Repair().IsClean);
        AssertClean();
        if (mended)
            Assert.Equivalent(image, Store.Find("x"), strict: true);
        else
            Assert.Null(Store.Find("x"));
    }

    [Theory]
    [InlineData("rm index.json", "layout-damaged")]
    [InlineData("echo '{' > index.json", "layout-damaged")]
    [InlineData("rm oci-layout", "layout-damaged")]
    [InlineData("echo '[]' > oci-layout", "layout-damaged")]
    public void The_layouts_own_files_are_written_anew(string damage, string id)
    {
        Pull();
        Shell(damage);
        Assert.Equal([id], Ids(Check()));
        Assert.False(Check().IsClean);
        Assert.True(Repair().IsClean);
        AssertClean();
        ImageFixture.Run("skopeo", "inspect", $"oci:{Store.Root}:x");
    }

    [Theory]
    [InlineData("cp index.json i; sed -i s/x/y/ index.json; rm i", "index-behind")]
    [InlineData("mkdir -p tmp/1/diff; touch tmp/1/diff/f", "leftover")]
    [InlineData("mkdir -p layers/$(printf %064d 0)/diff", "unreferenced")]
    [InlineData("printf text > blobs/sha256/$(printf text | sha256sum | cut -c1-64)", "unreferenced")]
    [InlineData("printf text > blobs/sha256/strange", "unreferenced")]
    public void What_a_broken_off_change_leaves_is_no_damage_and_goes_with_gc(string damage, string id)
    {
        Pull();
        Shell(damage.Replace("s/x/y/", "s/\"x\"/\"y\"/", StringComparison.Ordinal));
        StoreCheckReport found = Check();
        Assert.True(found.IsClean);
        Assert.Equal([id], Ids(found));
        Store.CollectGarbage(dryRun: true);
        Assert.Equal([id], Ids(Check()));
        GarbageReport collected = Store.CollectGarbage(dryRun: false);
        Assert.Equal(id == "index-behind" ? 0 : 1, collected.Removed.Count);
        AssertClean();
    }

    [Fact]
    public void A_damaged_blob_that_no_image_has_would_be_used_by_a_pull_and_so_is_damage()
    {
        Pull();
        fixture.Write($"store/blobs/sha256/{new string('0', 64)}", "text");
        StoreCheckReport found = Check();
        Assert.Equal(["blob-damaged"], Ids(found));
        Assert.False(found.IsClean);
        Assert.True(Repair().IsClean);
        AssertClean();
    }

    [Fact]
    public void A_kept_run_without_its_layers_or_its_record_is_told()
    {
        StoredImage image = Pull();
        Store.OpenRun("kept", "x", image.Layers).Dispose();
        Assert.True(Store.Remove("x"));
        AssertClean();
        Shell($"rm -r {Path.GetDirectoryName(image.Layers[1])}");
        Assert.Equal(["run-damaged"], Ids(Check()));
        File.WriteAllText(fixture["store/runs/kept/run.json"], "{");
        StoreCheckReport repaired = Repair();
        Assert.False(repaired.IsClean);
        Assert.Equal("decant rm kept", Assert.Single(repaired.Findings).Fix);
        Assert.True(Store.RemoveRun("kept", _ => { }));
        AssertClean();
    }

    [Fact]
    public void A_tree_in_use_is_not_replaced()
    {
        StoredImage image = Pull();
        Directory.CreateDirectory(fixture["mnt"]);
        ImageFixture.Run("mount", "-t", "overlay", ImageStore.MountSource(image.Layers[0]), "-o", $"lowerdir={string.Join(':', image.Layers)}", fixture["mnt"]);
        try
        {
            Shell($"printf x >> {image.Layers[2]}/dir/sub/kept");
            StoreCheckReport report = Repair();
            Assert.False(report.IsClean);
            Assert.Contains("end the programs", Assert.Single(report.Findings).Fix);
        }
        finally
        {
            ImageFixture.Run("umount", fixture["mnt"]);
        }

        Assert.True(Repair().IsClean);
        AssertClean();
    }

    [Fact]
    public void Repair_waits_for_no_pull_and_says_so()
    {
        Pull();
        using (Store.Lock("lock", exclusive: false))
        {
            Assert.True(Check().IsClean);
            Assert.Contains("under way", ImageFixture.Fails(() => Repair()).Message);
            Assert.True(Store.CollectGarbage(dryRun: false).Busy);
        }

        Assert.True(Repair().IsClean);
    }

    [Fact]
    public void A_byte_changed_anywhere_is_found_and_mended_or_the_image_given_up()
    {
        Random random = new(7);
        Pull();
        for (int i = 0; i < 40; i++)
        {
            string[] files = [.. Directory.EnumerateFiles(Store.Root, "*", SearchOption.AllDirectories)
                .Where(file => new FileInfo(file) is { Length: > 0, LinkTarget: null } && !file.EndsWith("index.json", StringComparison.Ordinal) && !file.Contains("/refs/", StringComparison.Ordinal)).Order()];
            string file = files[random.Next(files.Length)];
            byte[] bytes = File.ReadAllBytes(file);
            int at = random.Next(bytes.Length);
            bytes[at] ^= (byte)(1 << random.Next(8));
            DateTime time = File.GetLastWriteTimeUtc(file);
            using (FileStream stream = File.OpenWrite(file))
                stream.Write(bytes);
            File.SetLastWriteTimeUtc(file, time);
            Assert.False(Check().IsClean, $"byte {at} of {file}");
            Repair();
            AssertClean();
            if (Store.Find("x") is null)
                Pull();
        }
    }
}
