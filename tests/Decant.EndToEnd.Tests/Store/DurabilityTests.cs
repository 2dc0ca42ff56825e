namespace Decant.EndToEnd.Tests.Store;

/// <summary>
/// What a power cut leaves, told from the order of the system calls: what is renamed into its place has been synced, the directory is
/// synced before anything relies on the name, and the name of the image comes last. See <see cref="StoreTrace"/>.
/// </summary>
public sealed class DurabilityTests
{
    static StoreTrace Trace(string store, params string[] arguments)
    {
        string file = Path.Combine(Workplace.Directory, $"{Guid.NewGuid():n}.trace");
        Dictionary<string, string> variables = new() { ["DECANT_ROOT"] = store };
        Shell.Execute(["strace", "-f", "-y", "-qq", "-s", "4096", "-o", file, "-e", "trace=" + StoreTrace.Calls, Workplace.Decant, .. arguments], variables).Expect(0);
        return new StoreTrace(store, File.ReadAllLines(file));
    }

    [Fact]
    public void A_name_is_written_when_all_that_it_needs_is_on_the_disk()
    {
        string store = Workplace.NewDirectory(User.Root) + "/store";
        string image = $"docker-archive:{TestImages.File("layers.docker.tar")}";
        StoreTrace first = Trace(store, "pull", image, "a");
        first.Check();
        Assert.True(first.Placed.Count(path => path.StartsWith("layers/", StringComparison.Ordinal)) >= 3, string.Join('\n', first.Placed));
        Assert.Equal(["refs/a", "index.json"], first.Placed.TakeLast(2));
        Assert.Contains("blobs/sha256", first.SyncedDirectories);
        // Another name for what is there: the directories are synced all the same, as whoever put it there may have died before it did.
        StoreTrace second = Trace(store, "pull", image, "b");
        second.Check();
        Assert.Equal(["refs/b", "index.json"], second.Placed);
        Assert.Superset(new HashSet<string>(["layers", "blobs/sha256", "refs", ""]), new HashSet<string>(second.SyncedDirectories));
    }

    [Fact]
    public void Nothing_is_removed_before_its_name_is()
    {
        string store = Workplace.NewDirectory(User.Root) + "/store";
        Trace(store, "pull", $"docker-archive:{TestImages.File("layers.docker.tar")}", "a").Check();
        StoreTrace removal = Trace(store, "rm", "a");
        removal.Check();
        Assert.Equal("refs/a", removal.Removed[0]);
        Assert.True(removal.Removed.Count(path => path.StartsWith("layers/", StringComparison.Ordinal)) >= 3, string.Join('\n', removal.Removed));
    }

    [Fact]
    public void A_kept_run_is_whole_before_it_has_its_name()
    {
        string store = Workplace.NewDirectory(User.Root) + "/store";
        Trace(store, "pull", $"docker-archive:{TestImages.File("busybox.docker.tar")}", "a").Check();
        StoreTrace run = Trace(store, "run", "--name", "kept", "a", "true");
        run.Check();
        Assert.Contains("runs/kept", run.Placed);
    }
}
