using Decant.Images;
using Decant.Launch.Steps;
using Decant.Linux;

namespace Decant.Launch.Tests;

public sealed class TargetResolverTests : IDisposable
{
    readonly TemporaryRoot root = new();

    public void Dispose() => root.Dispose();

    TargetResolver Resolver(bool hasUpper = true) => new(root.View, hasUpper, changeOwner: false);

    [Fact]
    public void What_exists_needs_nothing()
    {
        TargetResolver targets = Resolver();
        MountTarget target = targets.Directory("/etc", "test");
        Assert.Equal(("/etc", 0), (target.Path, target.Missing.Length));
        Assert.Empty(targets.Seeds);
    }

    [Fact]
    public void What_is_missing_is_made_in_the_upper_layer_with_its_parents_first()
    {
        TargetResolver targets = Resolver();
        MountTarget target = targets.File("/etc/a/b", "test");
        Assert.Empty(target.Missing);
        Assert.Equal(["/etc", "/etc/a", "/etc/a/b"], targets.Seeds.Select(Path));
        targets.Directory("/etc/a/c", "test");
        Assert.Equal(["/etc", "/etc/a", "/etc/a/b", "/etc/a/c"], targets.Seeds.Select(Path));
    }

    [Fact]
    public void Links_of_the_image_are_followed_inside_the_root()
    {
        root.Link("data", "/../../../../usr/share/data");
        Assert.Equal("/usr/share/data", Resolver().Directory("/data", "test").Path);
        root.Link("loop", "/loop");
        Assert.Throws<LinuxException>(() => Resolver().Directory("/loop", "test"));
    }

    [Fact]
    public void A_link_into_a_directory_of_the_host_creates_nothing_there()
    {
        root.Link("data", "/dev/shm/planted");
        TargetResolver targets = Resolver();
        targets.MountedHost(targets.Directory("/dev/shm", "shared memory"), "/dev/shm", ofUser: false);
        Assert.Contains("directory of the host", Assert.Throws<DecantException>(() => targets.Directory("/data", "--volume")).Message);
    }

    [Fact]
    public void In_a_directory_that_the_user_mounted_only_a_plain_path_creates()
    {
        using TemporaryRoot other = new();
        root.Link("link", "/work/new");
        TargetResolver targets = Resolver();
        targets.MountedHost(targets.Directory("/work", "--volume"), other.Path, ofUser: true);
        Assert.Equal(["cache"], targets.Directory("/work/cache", "--volume").Missing);
        Assert.Throws<DecantException>(() => targets.Directory("/link", "--volume"));
    }

    [Fact]
    public void In_a_fresh_tmpfs_targets_are_made_after_it_is_mounted()
    {
        TargetResolver targets = Resolver();
        targets.MountedEmpty(targets.Directory("/dev", "devices"));
        MountTarget target = targets.File("/dev/dri/renderD128", "--device");
        Assert.Equal(("/dev", "dri,renderD128"), (target.ExistingParent, string.Join(',', target.Missing)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_directory_that_is_there_for_a_mount_alone_is_made_in_each_layer_of_a_kept_run_that_needs_it(bool isForDevices)
    {
        using TemporaryRoot store = new();
        using KeptRun kept = new ImageStore(store.Path).OpenRun("job", "test", [root.Path]);
        TargetResolver targets = new(root.View, hasUpper: true, changeOwner: false, kept) { ForDevices = !isForDevices };
        targets.MountedHost(targets.File("/srv/a/one", "test"), "/dev/null", ofUser: false);
        targets.ForDevices = isForDevices;
        targets.File("/srv/a/two", "test");
        string[] Made(bool ofDevices) => [.. targets.Seeds.OfType<SeedStep>().Where(step => step.OfDevices == ofDevices).Select(step => step.Path)];
        Assert.Equal(["/srv", "/srv/a", "/srv/a/one"], Made(!isForDevices));
        Assert.Equal(["/srv", "/srv/a", "/srv/a/two"], Made(isForDevices));
    }

    [Fact]
    public void A_file_is_not_mounted_on_a_directory_nor_the_other_way()
    {
        Assert.Throws<DecantException>(() => Resolver().File("/etc", "test"));
        Assert.Throws<DecantException>(() => Resolver().Directory("/etc/passwd", "test"));
        Assert.Throws<LinuxException>(() => Resolver().Directory("/etc/passwd/below", "test"));
    }

    [Fact]
    public void A_working_directory_that_is_a_file_is_said_to_be_one()
    {
        Assert.Equal("--workdir: /etc/passwd is a file in the image, not a directory",
            Assert.Throws<DecantException>(() => Resolver().WorkingDirectory("/etc/passwd", "--workdir")).Message);
        Assert.Equal("/etc", Resolver().WorkingDirectory("/etc", "--workdir").Path);
    }

    [Fact]
    public void Without_an_upper_layer_a_missing_target_is_an_error() =>
        Assert.Contains("without an overlay", Assert.Throws<DecantException>(() => Resolver(hasUpper: false).Directory("/new", "test")).Message);

    static string Path(LaunchStep step) => step switch
    {
        DirectoryStep directory => directory.Path,
        FileStep file => file.Path,
        _ => throw new InvalidOperationException(step.Describe()),
    };
}
