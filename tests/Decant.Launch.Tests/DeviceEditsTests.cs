using Decant.Images;
using Decant.Launch.Steps;
using Decant.Linux;

namespace Decant.Launch.Tests;

public sealed class DeviceEditsTests : IDisposable
{
    readonly TemporaryRoot root = new();
    readonly TemporaryRoot host = new();

    public void Dispose()
    {
        root.Dispose();
        host.Dispose();
    }

    static readonly DeviceEdits None = new() { Text = "--device v/c=x" };

    LaunchPlan Plan(DeviceEdits edits, uint uid = 0, bool overlay = true) =>
        LaunchPlanner.Plan(root.Spec() with { DeviceEdits = edits, ReadOnly = !overlay }, TemporaryRoot.Caller(uid) with { HasOverlay = () => overlay });

    MountRequest Mount(string path, string? target = null) => TemporaryRoot.Bind($"{host.Path}/{path}", target ?? $"/{path}") with { ReadOnly = true, NoSuid = true, Text = "--device v/c=x" };

    static string[] Told(LaunchPlan plan, string word) => [.. plan.Steps.Select(step => step.Describe()).Where(text => text.Contains(word))];

    /// <summary>A library of this machine, by whatever file has the soname.</summary>
    static readonly string RealLibrary = Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu").Select(directory => $"{directory}/libz.so.1").First(File.Exists);

    void Library(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName($"{host.Path}/{path}")!);
        File.Copy(RealLibrary, $"{host.Path}/{path}");
    }

    [Fact]
    public void What_is_mounted_is_made_where_it_is_missing_and_outer_mounts_come_first()
    {
        host.Write("opt/v/inner/file", "");
        host.Write("usr/lib/libv.so", "");
        LaunchPlan plan = Plan(None with { Mounts = [Mount("opt/v/inner", "/srv/v/inner"), Mount("opt/v", "/srv/v"), Mount("usr/lib/libv.so")] });
        BindStep[] binds = [.. plan.Steps.OfType<BindStep>().Where(bind => bind.Why == None.Text)];
        Assert.Equal(["/srv/v", "/srv/v/inner", "/usr/lib/libv.so"], binds.Select(bind => bind.Target.Path).Order());
        Assert.True(Array.FindIndex(binds, bind => bind.Target.Path == "/srv/v") < Array.FindIndex(binds, bind => bind.Target.Path == "/srv/v/inner"));
        Assert.True(plan.View.Resolve("/srv/v/inner/file").Exists);
    }

    [Fact]
    public void Where_a_link_of_the_image_leads_tells_which_mount_is_the_outer_one()
    {
        host.Write("inner/file", "");
        host.Write("outer/below/file", "");
        root.Link("short", "/srv/v");
        DeviceEdits edits = None with { Mounts = [Mount("inner", "/short/below"), Mount("outer", "/srv/v")] };
        Assert.Equal(["/srv/v", "/srv/v/below"], Plan(edits).Steps.OfType<BindStep>().Where(bind => bind.Why == None.Text).Select(bind => bind.Target.Path));
        LaunchPlan own = LaunchPlanner.Plan(root.Spec() with { Mounts = edits.Mounts }, TemporaryRoot.Caller());
        Assert.Equal(["/srv/v", "/srv/v/below"], own.Steps.OfType<BindStep>().Where(bind => bind.Why == None.Text).Select(bind => bind.Target.Path));
    }

    [Fact]
    public void A_link_of_the_image_below_an_outer_mount_is_hidden_by_it()
    {
        host.Write("code/data/own", "");
        host.Write("data/file", "");
        root.Link("app/src/data", "/data");
        DeviceEdits edits = None with { Mounts = [Mount("data", "/app/src/data"), Mount("code", "/app/src")] };
        LaunchPlan own = LaunchPlanner.Plan(root.Spec() with { Mounts = edits.Mounts }, TemporaryRoot.Caller());
        foreach (LaunchPlan plan in (LaunchPlan[])[Plan(edits), own])
        {
            Assert.Equal(["/app/src", "/app/src/data"], plan.Steps.OfType<BindStep>().Where(bind => bind.Why == None.Text).Select(bind => bind.Target.Path));
            Assert.Equal(host.Path + "/data/file", plan.View.Resolve("/app/src/data/file").HostPath);
        }
    }

    [Fact]
    public void Where_paths_and_links_go_round_in_a_circle_all_is_mounted()
    {
        host.Write("outer/z/own", "");
        host.Write("middle/l/own", "");
        host.Write("inner/file", "");
        root.Link("c/k", "/x/y");
        root.Link("x/y/z/l", "/x");
        DeviceEdits edits = None with { Mounts = [Mount("inner", "/x/y/z/l"), Mount("middle", "/x/y/z"), Mount("outer", "/c/k")] };
        Assert.Equal(["/x/y", "/x/y/z", "/x/y/z/l"], Plan(edits).Steps.OfType<BindStep>().Where(bind => bind.Why == None.Text).Select(bind => bind.Target.Path));
    }

    [Fact]
    public void What_the_user_mounts_is_over_what_devices_bring_and_what_it_hides_is_told()
    {
        Library("usr/lib/libv.so.9.1");
        host.Write("opt/v/a", "");
        host.Write("mine/file", "");
        DeviceEdits edits = None with { Mounts = [Mount("usr/lib/libv.so.9.1"), Mount("opt/v/a"), Mount("opt/v/a", "/opt/v/b"), Mount("opt/v/a", "/srv/seen")], LibraryDirectories = ["/usr/lib"] };
        MountRequest[] mine = [TemporaryRoot.Bind($"{host.Path}/mine", "/opt"), TemporaryRoot.Bind($"{host.Path}/mine/file", "/srv/seen")];
        LaunchPlan plan = LaunchPlanner.Plan(root.Spec() with { DeviceEdits = edits, Mounts = [.. mine] }, TemporaryRoot.Caller());
        BindStep[] binds = [.. plan.Steps.OfType<BindStep>()];
        Assert.Equal([.. mine.Select(mount => mount.Text)], binds[^2..].Select(bind => bind.Why));
        Assert.All(binds[^2..], bind => Assert.Empty(bind.Target.Missing));
        Assert.Equal(["--device v/c=x: /opt/v/a and 1 more, which what you mount on /opt hides"], plan.Notes);
        Assert.Equal(["file"], Directory.EnumerateFileSystemEntries($"{host.Path}/mine").Select(Path.GetFileName));
        Assert.Null(plan.Environment["LD_LIBRARY_PATH"]);
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("/settings")]
    [InlineData("/etc/ld.so.cache")]
    public void Where_the_user_mounts_a_table_of_libraries_the_environment_tells_where_libraries_are(string target)
    {
        Library("usr/lib/libv.so.9.1");
        host.Write("mine/ld.so.cache", "");
        root.Link("settings", "etc");
        string source = $"{host.Path}/mine{(target.EndsWith("cache", StringComparison.Ordinal) ? "/ld.so.cache" : "")}";
        DeviceEdits edits = None with { Mounts = [Mount("usr/lib/libv.so.9.1")], LibraryDirectories = ["/usr/lib"] };
        LaunchPlan plan = LaunchPlanner.Plan(root.Spec() with { DeviceEdits = edits, Mounts = [TemporaryRoot.Bind(source, target)] }, TemporaryRoot.Caller());
        Assert.Equal("/usr/lib", plan.Environment["LD_LIBRARY_PATH"]);
        Assert.Empty(Told(plan, "and the libraries in"));
        Assert.Empty(File.ReadAllText($"{host.Path}/mine/ld.so.cache"));
    }

    [Fact]
    public void A_link_of_the_image_leads_nowhere_but_into_the_image()
    {
        host.Write("usr/lib/libv.so", "");
        root.Link("usr/lib", "../../../../etc");
        LaunchPlan plan = Plan(None with { Mounts = [Mount("usr/lib/libv.so")], Links = [new("libv.so", "/usr/lib/libw.so")] });
        Assert.Equal("/etc/libv.so", plan.Steps.OfType<BindStep>().Single(bind => bind.Why == None.Text).Target.Path);
        Assert.Single(Told(plan, "link /etc/libw.so to libv.so in the upper layer"));
    }

    [Fact]
    public void The_image_s_loader_finds_the_libraries_and_links_to_them_before_its_own()
    {
        Library("usr/lib/libv.so.9.1");
        root.Write("usr/lib/libz.so.1", "");
        LaunchPlan plan = Plan(None with { Mounts = [Mount("usr/lib/libv.so.9.1")], LibraryDirectories = ["/usr/lib"], Links = [new("libz.so.1", "/usr/lib/libv.so")] });
        Assert.Equal(["link /usr/lib/libz.so.1 to libv.so.9.1 in the upper layer (--device v/c=x)", "link /usr/lib/libv.so to libz.so.1 in the upper layer (--device v/c=x)"], Told(plan, "link /usr/lib"));
        string[] entries = [.. Elf.LdSoCache.Parse(plan.View.TryReadFile("/etc/ld.so.cache", 1 << 20)!, "cache").Entries.Select(entry => $"{entry.Soname} {entry.Path}").Order(StringComparer.Ordinal)];
        Assert.Equal(["libv.so /usr/lib/libv.so", "libv.so.9.1 /usr/lib/libv.so.9.1", "libz.so.1 /usr/lib/libz.so.1"], entries);
        Assert.Equal(host.Path + "/usr/lib/libv.so.9.1", plan.View.Resolve("/usr/lib/libv.so").HostPath);
        Assert.Null(plan.Environment["LD_LIBRARY_PATH"]);
    }

    [Fact]
    public void A_directory_of_libraries_is_found_as_a_whole_and_one_of_the_image_before_it()
    {
        Library("opt/v/libz.so.1");
        host.Write("opt/v/libtext.so", "not a library");
        Directory.CreateDirectory(root.Path + "/opt/compat");
        File.Copy(RealLibrary, root.Path + "/opt/compat/libz.so.1");
        DeviceEdits edits = None with { Mounts = [Mount("opt/v")], LibraryDirectories = ["/opt/v"] };
        string Path(DeviceEdits all) => Assert.Single(Elf.LdSoCache.Parse(Plan(all).View.TryReadFile("/etc/ld.so.cache", 1 << 20)!, "cache").Entries).Path;
        Assert.Equal("/opt/v/libz.so.1", Path(edits));
        Assert.Equal("/opt/compat/libz.so.1", Path(edits with { FirstLibraryDirectory = "/opt/compat" }));
    }

    [Fact]
    public void Links_are_made_in_dev_and_nowhere_in_a_directory_of_the_host()
    {
        Assert.Single(Told(Plan(None with { Links = [new("../card0", "/dev/dri/by-path/pci-card")] }), "link /dev/dri/by-path/pci-card to ../card0"));
        Assert.Empty(Told(Plan(None with { Links = [new("x", "/proc/version")] }), "link /proc"));
        Assert.Contains("directory of the host", Assert.Throws<DecantException>(() => Plan(None with { Links = [new("x", "/proc/x")] })).Message);
        Assert.Contains("/etc is a directory", Assert.Throws<DecantException>(() => Plan(None with { Links = [new("x", "/etc")] })).Message);
    }

    [Fact]
    public void Root_gets_the_groups_and_others_keep_theirs()
    {
        DeviceEdits edits = None with { Groups = [4711] };
        Assert.Contains(4711u, Plan(edits).User.Groups);
        // Whoever may open the nodes lacks nothing.
        LaunchSpec spec = root.Spec() with { DeviceEdits = edits, Devices = [new DeviceRequest("/dev/null", "/dev/v", "v/c=x")] };
        LaunchPlan open = LaunchPlanner.Plan(spec, TemporaryRoot.Caller(4321));
        Assert.Empty(open.Notes);
        Assert.DoesNotContain(4711u, open.User.Groups);
    }

    [Fact]
    public void A_file_of_the_kernel_is_hidden_from_root_and_from_nobody_else()
    {
        DeviceEdits edits = None with { Covers = [new("/proc/version", [.. "no\n"u8])] };
        Assert.Single(Told(Plan(edits), "hide /proc/version by a file of 3 bytes (--device v/c=x)"));
        Assert.Empty(Told(Plan(edits, uid: 4321), "hide"));
    }

    [Fact]
    public void What_cannot_be_done_is_told()
    {
        LaunchPlan plan = Plan(None with { NotDone = ["caches"], Modes = [new("/dev/dri", 0x1ED), new("/etc", 0x1FF)] });
        Assert.Equal(["--device v/c=x: caches", "--device v/c=x: the mode of /etc stays 755, where its specification wants 777"], plan.Notes);
        Assert.Contains("left out: --device v/c=x: caches", plan.Explain());
    }

    [Fact]
    public void A_kept_run_has_a_layer_for_what_devices_need_outside_of_dev_alone()
    {
        using TemporaryRoot store = new();
        using KeptRun kept = new ImageStore(store.Path).OpenRun("job", "test", [root.Path]);
        LaunchPlan KeptPlan(string target) =>
            LaunchPlanner.Plan(root.Spec() with { Kept = kept, Devices = [new DeviceRequest("/dev/null", target, "--device v")], DeviceEdits = None with { NotDone = ["caches"] } }, TemporaryRoot.Caller());
        LaunchPlan outside = KeptPlan("/opt/v");
        Assert.True(outside.Steps.OfType<RootStep>().Single().HasDeviceLayer);
        Assert.Single(Told(outside, "write /opt/v to the devices' layer"));
        LaunchPlan inside = KeptPlan("/dev/v");
        Assert.False(inside.Steps.OfType<RootStep>().Single().HasDeviceLayer);
        Assert.Empty(Told(inside, "the devices' layer"));
    }

    [Fact]
    public void Without_an_overlay_the_environment_tells_where_libraries_are()
    {
        Library("usr/lib/libv.so.9.1");
        foreach (string directory in (string[])["proc", "sys", "dev"])
            Directory.CreateDirectory($"{root.Path}/{directory}");
        root.Write("usr/lib/libv.so.9.1", "");
        root.Write("usr/lib/libv.so", "");
        LaunchPlan plan = Plan(None with { Mounts = [Mount("usr/lib/libv.so.9.1")], LibraryDirectories = ["/usr/lib"], Links = [new("libv.so.9.1", "/usr/lib/libv.so")] }, overlay: false);
        Assert.Equal("/usr/lib", plan.Environment["LD_LIBRARY_PATH"]);
        Assert.Contains("the link /usr/lib/libv.so is not made", Assert.Single(plan.Notes));
    }
}
