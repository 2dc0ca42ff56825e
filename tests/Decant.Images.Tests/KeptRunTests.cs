using Decant.Linux;

namespace Decant.Images.Tests;

public sealed class KeptRunTests : IDisposable
{
    readonly ImageFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    ImageStore Store => fixture.Store;

    StoredImage Pull(string name, string content)
    {
        fixture.Write($"{name}/name", content);
        ImageFixture.Run("chmod", "751", fixture[name]);
        ImageFixture.Run("chown", "3:4", fixture[name]);
        ImageFixture.Run("tar", "-cf", fixture[name + ".tar"], "-C", fixture[name], ".");
        return Store.Pull(ImageSource.Parse($"tar:{fixture[name + ".tar"]}"), name, Platform.Host, SilentProgress.Instance);
    }

    [Fact]
    public void A_run_is_made_once_and_keeps_what_was_written()
    {
        StoredImage image = Pull("a", "a");
        using (KeptRun run = Store.OpenRun("job.1", image.Name, image.Layers))
        {
            Assert.True(run.IsNew);
            File.WriteAllText(run.Upper + "/written", "x");
            Assert.True(Directory.Exists(run.Work));
        }

        using KeptRun again = new ImageStore(Store.Root).OpenRun("job.1", image.Name, image.Layers);
        Assert.False(again.IsNew);
        Assert.Equal("x", File.ReadAllText(again.Upper + "/written"));
    }

    [Fact]
    public void The_upper_directory_looks_as_the_images_root()
    {
        StoredImage image = Pull("a", "a");
        using KeptRun run = Store.OpenRun("job", image.Name, image.Layers);
        FileStatus root = LinuxFile.Status(image.Layers[0]);
        FileStatus upper = LinuxFile.Status(run.Upper);
        Assert.Equal((root.Mode, root.Owner, root.Group, root.Modified), (upper.Mode, upper.Owner, upper.Group, upper.Modified));
        Assert.Equal(3u, upper.Owner);
    }

    [Fact]
    public void What_a_run_removed_or_replaced_hides_what_lies_below()
    {
        StoredImage image = Pull("a", "a");
        using KeptRun run = Store.OpenRun("job", image.Name, image.Layers);
        Directory.CreateDirectory(run.Upper + "/usr/bin");
        Assert.False(run.Hides("/usr/bin/nvidia-smi"));
        Assert.False(run.Hides("/etc/ld.so.cache"));
        File.WriteAllText(run.Upper + "/usr/bin/nvidia-smi", "own");
        ImageFixture.Run("mknod", run.Upper + "/etc", "c", "0", "0");
        Assert.True(run.Hides("/usr/bin/nvidia-smi"));
        Assert.True(run.Hides("/etc/ld.so.cache"));
        Assert.False(run.Hides("/usr/bin/nvidia-settings"));
    }

    [Fact]
    public void One_run_at_a_time()
    {
        StoredImage image = Pull("a", "a");
        using (Store.OpenRun("job", image.Name, image.Layers))
        {
            Assert.Contains("in use", ImageFixture.Fails(() => Store.OpenRun("job", image.Name, image.Layers)).Message);
            Assert.Contains("in use", ImageFixture.Fails(() => Store.RemoveRun("job", _ => { })).Message);
            Assert.True(Assert.Single(Store.Runs()).InUse);
        }

        Assert.False(Assert.Single(Store.Runs()).InUse);
        Store.OpenRun("job", image.Name, image.Layers).Dispose();
    }

    [Fact]
    public void Another_image_under_the_same_name_is_refused()
    {
        StoredImage a = Pull("a", "a");
        StoredImage b = Pull("b", "b");
        Store.OpenRun("job", a.Name, a.Layers).Dispose();
        DecantException error = ImageFixture.Fails(() => Store.OpenRun("job", b.Name, b.Layers));
        Assert.Contains("made from a", error.Message);
        Assert.Contains("decant rm job", error.Fix);
        // The refusal has let the lock go.
        Store.OpenRun("job", a.Name, a.Layers).Dispose();
    }

    [Fact]
    public void A_run_keeps_its_layers_when_the_image_is_removed()
    {
        StoredImage image = Pull("a", "a");
        Store.OpenRun("job", image.Name, image.Layers).Dispose();
        Assert.True(Store.Remove("a"));
        Assert.True(Directory.Exists(image.Layers[0]));
        Assert.True(Store.RemoveRun("job", _ => { }));
        Assert.False(Store.RemoveRun("job", _ => { }));
        Assert.False(Directory.Exists(image.Layers[0]));
        Assert.Empty(Directory.GetFileSystemEntries(fixture["store/runs"]));
        Assert.Empty(Directory.GetDirectories(fixture["store/tmp"]));
    }

    [Fact]
    public void A_plain_directory_can_have_a_run()
    {
        string directory = Path.GetDirectoryName(fixture.Write("root/etc/name", "x"))!;
        Store.OpenRun("job", "rootfs:/x", [directory]).Dispose();
        using (KeptRun again = Store.OpenRun("job", "rootfs:/x", [directory]))
            Assert.False(again.IsNew);
        ImageFixture.Fails(() => Store.OpenRun("job", "rootfs:/y", [fixture.Root]));
        KeptRunInfo info = Assert.Single(Store.Runs());
        Assert.Equal(("job", "rootfs:/x"), (info.Name, info.Image));
    }

    [Fact]
    public async Task Many_at_once_make_one_run()
    {
        StoredImage image = Pull("a", "a");
        bool[] made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                while (true)
                {
                    try
                    {
                        using KeptRun run = Store.OpenRun("job", image.Name, image.Layers);
                        return run.IsNew;
                    }
                    catch (DecantException e) when (e.Message.Contains("in use"))
                    {
                    }
                }
            },
            TaskCreationOptions.LongRunning)));
        Assert.True(made.Count(isNew => isNew) <= 1);
        Assert.Single(Store.Runs());
        Assert.Empty(Directory.GetDirectories(fixture["store/tmp"]));
    }
}
