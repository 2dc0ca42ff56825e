using Decant.Images;
using Decant.Launch.Steps;
using Decant.Linux;

namespace Decant.Launch.Tests;

public sealed class LaunchPlannerTests : IDisposable
{
    readonly TemporaryRoot root = new();

    public void Dispose() => root.Dispose();

    static readonly ImageRunConfig Config = new() { Entrypoint = ["/entry", "-e"], Cmd = ["default"] };

    LaunchPlan Plan(LaunchSpec spec, uint uid = 0) => LaunchPlanner.Plan(spec, TemporaryRoot.Caller(uid));

    [Fact]
    public void Entrypoint_and_command_combine_as_dockers_do()
    {
        LaunchSpec bare = root.Spec(Config) with { Command = [] };
        Assert.Equal(["/entry", "-e", "default"], Plan(bare).Arguments);
        Assert.Equal(["/entry", "-e", "mine"], Plan(bare with { Command = ["mine"] }).Arguments);
        Assert.Equal(["/other"], Plan(bare with { Entrypoint = ["/other"] }).Arguments);
        Assert.Equal(["/other", "mine"], Plan(bare with { Entrypoint = ["/other"], Command = ["mine"] }).Arguments);
        Assert.Equal(["mine"], Plan(bare with { Entrypoint = [], Command = ["mine"] }).Arguments);
        Assert.Contains("no command", Assert.Throws<DecantException>(() => Plan(bare with { Entrypoint = [] })).Message);
    }

    [Fact]
    public void Root_hands_its_process_over_and_others_are_waited_for()
    {
        Assert.Null(Plan(root.Spec()).Supervised);
        Assert.Null(Plan(root.Spec()).Mapping);
        LaunchPlan rootless = Plan(root.Spec(), uid: 4321);
        Assert.NotNull(rootless.Supervised);
        Assert.True(rootless.Namespaces.HasFlag(Namespaces.User));
    }

    [Theory]
    [InlineData(null, null, 4321u)]
    [InlineData("app", null, 1001u)]
    [InlineData("app", "0", 0u)]
    [InlineData(null, "77:78", 77u)]
    public void Rootless_the_caller_is_themselves_or_whom_image_or_user_name(string? ofImage, string? asked, uint inside)
    {
        LaunchSpec spec = root.Spec(new ImageRunConfig { User = ofImage ?? "" }) with { User = asked };
        LaunchPlan plan = Plan(spec, uid: 4321);
        Assert.Equal(inside, plan.User.Uid);
        Assert.Equal(new IdRange(inside, 4321, 1), plan.Mapping!.Users[0]);
    }

    static readonly MpiJob Job = MpiJob.Of([("PMIX_RANK", "0"), ("PMIX_NAMESPACE", "n"), ("PMIX_VERSION", "4.2.2")]);

    [Fact]
    public void A_rank_is_who_its_launcher_is_whatever_the_image_says()
    {
        LaunchSpec spec = root.Spec(new ImageRunConfig { User = "app" }) with { Mpi = Job };
        Assert.Equal(4321u, Plan(spec, uid: 4321).User.Uid);
        Assert.Equal(0u, Plan(spec).User.Uid);
        Assert.Equal(4321u, Plan(spec with { User = "4321:4321" }, uid: 4321).User.Uid);
        LaunchSpec[] parted = [spec with { User = "7" }, spec with { MapToRoot = true }, spec with { PrivatePids = true }, spec with { PrivateIpc = true }, spec with { PrivateNetwork = true }];
        Assert.All(parted, one => Assert.StartsWith("--mpi", Assert.Throws<DecantException>(() => Plan(one, uid: 4321)).Message));
    }

    [Fact]
    public void Ranks_share_a_root_that_is_made_alike()
    {
        using TemporaryRoot data = new();
        LaunchSpec spec = root.Spec() with { Mpi = Job };
        RankSharing sharing = Plan(spec).Sharing!;
        Assert.Equal(sharing, Plan(spec with { Command = ["other"], Env = [new EnvRequest("A", "b", "--env")], WorkingDirectory = "/bin" }).Sharing);
        RankSharing other = Plan(spec with { Mounts = [TemporaryRoot.Bind(data.Path, "/data")] }).Sharing!;
        Assert.Equal(sharing.Job, other.Job);
        Assert.NotEqual(sharing.Root, other.Root);
        Assert.NotEqual(other.Root, Plan(spec with { Mounts = [TemporaryRoot.Bind(data.Path, "/data") with { NonRecursive = true }] }).Sharing!.Root);
        Assert.NotEqual(sharing.Root, Plan(spec with { ReadOnly = true }).Sharing!.Root);
        Assert.Null(Plan(root.Spec()).Sharing);
        Assert.NotNull(Plan(spec).Supervised);
        Assert.Equal("4.2.2", Plan(spec).Environment["PMIX_VERSION"]);
    }

    [Fact]
    public void Files_of_one_length_and_other_content_make_other_roots()
    {
        static string Root(byte content) => RankSharing.Of(Job, [new FileStep { Path = "/etc/hosts", Content = [content], Origin = "a test" }], isReadOnly: false).Root;
        Assert.Equal(Root(1), Root(1));
        Assert.NotEqual(Root(1), Root(2));
    }

    [Fact]
    public void Files_are_opened_with_the_rights_that_the_kernel_sees()
    {
        Assert.Same(Credentials.OfRoot, Plan(root.Spec()).Credentials);
        Credentials other = Plan(root.Spec() with { User = "77:78" }).Credentials;
        Assert.Equal((77u, 78u), (other.User, other.Groups[0]));
        Assert.Null(other.Overrides);
        // Rootless the files are the caller's, whoever he is inside; as root there he has power over his own only.
        LaunchPlan plan = Plan(root.Spec() with { User = "0" }, uid: 4321);
        Assert.Equal(4321u, plan.Credentials.User);
        Assert.Equal((true, false), (plan.Credentials.Overrides!(4321, plan.Mapping!.Groups[0].Outside), plan.Credentials.Overrides(0, 0)));
        Assert.Null(Plan(root.Spec() with { User = "77" }, uid: 4321).Credentials.Overrides);
    }

    [Fact]
    public void Only_what_was_asked_for_leaves_the_hosts_namespaces()
    {
        Assert.Equal(Namespaces.Mount, Plan(root.Spec()).Namespaces);
        LaunchSpec all = root.Spec() with { PrivateIpc = true, PrivateNetwork = true, PrivatePids = true, Hostname = "h" };
        Assert.Equal(Namespaces.Mount | Namespaces.Ipc | Namespaces.Network | Namespaces.Pid | Namespaces.Uts, Plan(all).Namespaces);
    }

    [Fact]
    public void Outer_mounts_come_first_whatever_the_order_of_the_options()
    {
        using TemporaryRoot outer = new();
        using TemporaryRoot inner = new();
        LaunchSpec spec = root.Spec() with { Mounts = [TemporaryRoot.Bind(inner.Path, "/a/b/c"), TemporaryRoot.Bind(outer.Path, "/a")] };
        List<string> order = [.. Plan(spec).Steps.OfType<BindStep>().Select(step => step.Source)];
        Assert.True(order.IndexOf(outer.Path) < order.IndexOf(inner.Path));
    }

    [Fact]
    public void A_missing_source_of_a_mount_is_named()
    {
        LaunchSpec spec = root.Spec() with { Mounts = [TemporaryRoot.Bind("/no/such/source", "/a")] };
        Assert.Contains("/no/such/source", Assert.Throws<LinuxException>(() => Plan(spec)).Message);
    }

    [Fact]
    public void The_working_directory_must_be_absolute() =>
        Assert.Contains("absolute", Assert.Throws<DecantException>(() => Plan(root.Spec() with { WorkingDirectory = "here" })).Message);

    [Fact]
    public void A_stop_signal_of_the_images_makes_decant_wait_to_translate_it()
    {
        Assert.Null(Plan(root.Spec(new ImageRunConfig { StopSignal = "SIGTERM" })).Supervised);
        LaunchPlan plan = Plan(root.Spec(new ImageRunConfig { StopSignal = "SIGQUIT" }));
        Assert.Equal(Signals.Quit, plan.StopSignal);
        Assert.NotNull(plan.Supervised);
        Assert.Throws<DecantException>(() => Plan(root.Spec(new ImageRunConfig { StopSignal = "SIGNONSENSE" })));
    }

    [Fact]
    public void Kernel_file_systems_are_in_every_root_even_where_the_image_links_them_elsewhere()
    {
        root.Link("dev", "/etc/passwd-dir");
        root.Link("proc", "../../../../tmp/p");
        LaunchPlan plan = Plan(root.Spec());
        Assert.Contains(plan.Steps.OfType<FileSystemStep>(), step => step.Target.Path == "/etc/passwd-dir");
        Assert.Contains(plan.Steps.OfType<BindStep>(), step => step.Source == "/proc" && step.Target.Path == "/tmp/p");
    }

    [Fact]
    public void The_explanation_has_one_numbered_line_a_step_and_the_environment_with_origins()
    {
        LaunchPlan plan = Plan(root.Spec());
        string text = plan.Explain();
        Assert.Contains($"{plan.Steps.Length,3}. run /bin/sh\n", text);
        Assert.Contains("HOME=/root   (image, /etc/passwd)", text);
    }
}
