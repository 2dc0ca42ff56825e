using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli.Tests;

public sealed class RunOptionsTests
{
    static readonly RootImage Image = new("img", ["/layer"], ImageRunConfig.Empty);

    [Fact]
    public void Without_options_nothing_is_asked_for()
    {
        LaunchSpec spec = Spec();
        Assert.Null(spec.Entrypoint);
        Assert.Null(spec.User);
        Assert.Null(spec.WorkingDirectory);
        Assert.Null(spec.Hostname);
        Assert.Null(spec.MemoryBytes);
        Assert.Null(spec.Cpus);
        Assert.Null(spec.SharedMemoryBytes);
        Assert.Empty(spec.Mounts);
        Assert.Empty(spec.Env);
        Assert.False(spec.Interactive || spec.Terminal || spec.ReadOnly || spec.MapToRoot || spec.PrivateIpc || spec.PrivateNetwork || spec.PrivatePids);
    }

    [Fact]
    public void The_programs_words_pass_untouched() => Assert.Equal(["sh", "-c", "--env"], Spec([], ["sh", "-c", "--env"]).Command);

    [Fact]
    public void An_entrypoint_is_one_program_and_an_empty_one_is_none()
    {
        Assert.Equal(["/bin/sh"], Spec("--entrypoint", "/bin/sh").Entrypoint);
        Assert.Empty(Spec("--entrypoint", "").Entrypoint!);
        Assert.Empty(Spec("--entrypoint=").Entrypoint!);
    }

    [Fact]
    public void Simple_values_arrive()
    {
        LaunchSpec spec = Spec("-w", "/work", "-u", "me:us", "--root", "--hostname", "here", "-m", "1g", "--cpus", "1.5", "--shm-size", "64m", "--read-only", "-it");
        Assert.Equal("/work", spec.WorkingDirectory);
        Assert.Equal("me:us", spec.User);
        Assert.Equal("here", spec.Hostname);
        Assert.Equal(1 << 30, spec.MemoryBytes);
        Assert.Equal(1.5, spec.Cpus);
        Assert.Equal(64 << 20, spec.SharedMemoryBytes);
        Assert.True(spec.MapToRoot && spec.ReadOnly && spec.Interactive && spec.Terminal);
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("--hostname")]
    public void Minus_h_is_the_host_name_as_with_docker(string option) => Assert.Equal("here", Spec(option, "here").Hostname);

    [Fact]
    public void Namespaces_are_the_hosts_unless_asked_for()
    {
        LaunchSpec own = Spec("--ipc", "private", "--network=none", "--pid", "private");
        Assert.True(own.PrivateIpc && own.PrivateNetwork && own.PrivatePids);
        LaunchSpec hosts = Spec("--ipc=host", "--net", "host", "--pid=host");
        Assert.False(hosts.PrivateIpc || hosts.PrivateNetwork || hosts.PrivatePids);
    }

    [Theory]
    [InlineData("--network", "bridge", "builds no networks")]
    [InlineData("--ipc", "container:x", "no container to share with")]
    [InlineData("--pid", "own", "no pid namespace own")]
    [InlineData("-w", "work", "not an absolute path")]
    [InlineData("--platform", "amd64", "is not a platform")]
    [InlineData("--env-file", "/nonexistent", "cannot read it: ")]
    public void Values_that_a_native_run_cannot_have_are_refused(string option, string value, string reason)
    {
        DecantException e = Assert.Throws<DecantException>(() => Spec(option, value));
        Assert.StartsWith($"{option} {value}: ", e.Message);
        Assert.Contains(reason, e.Message);
    }

    [Theory]
    [InlineData("all", "all", "")]
    [InlineData("2", "2", "")]
    [InlineData("auto", "auto", "")]
    [InlineData("device=0,1", "device=0,1", "")]
    [InlineData("\"device=0,GPU-1\"", "device=0,GPU-1", "")]
    [InlineData("all,capabilities=compute", "all", "compute")]
    [InlineData("all,\"capabilities=compute,utility\"", "all", "compute,utility")]
    [InlineData("\"device=0,1\",capabilities=compute,utility", "device=0,1", "compute,utility")]
    [InlineData("count=-1,driver=nvidia,capabilities=gpu", "all", "")]
    [InlineData("capabilities=utility", "1", "utility")]
    [InlineData("0,1", "device=0,1", "")]
    [InlineData("1,0,capabilities=utility", "device=1,0", "utility")]
    [InlineData("GPU-8f3a", "device=GPU-8f3a", "")]
    [InlineData("0:1", "device=0:1", "")]
    [InlineData("2,", "2", "")]
    [InlineData("0,0", "device=0", "")]
    [InlineData("MIG-41b3,GPU-8f3a", "device=MIG-41b3,GPU-8f3a", "")]
    public void Gpus_are_chosen_as_docker_has_it(string text, string which, string capabilities) =>
        Assert.Equal(new GpuChoice(which, capabilities), GpuChoice.Parse(text));

    [Theory]
    [InlineData("", "names no GPU")]
    [InlineData("device=", "names no GPU")]
    [InlineData("2,device=0", "at once")]
    [InlineData("all,driver=amd", "driver=amd")]
    [InlineData("all,options=x", "options=x")]
    [InlineData("\"device=0", "not closed")]
    public void What_chooses_no_gpus_is_refused(string text, string words) => Assert.Contains(words, Assert.Throws<DecantException>(() => GpuChoice.Parse(text)).Message);

    [Fact]
    public void No_gpus_is_an_answer_too() => Assert.Empty(Spec("--gpus", "none").Devices);

    [Fact]
    public void A_platform_is_kept_for_the_pull()
    {
        RunOptions options = new();
        Apply(options, "--platform", "linux/arm64/v8");
        Assert.Equal(new Platform("linux", "arm64", "v8"), options.Platform);
    }

    [Fact]
    public void Files_of_variables_come_before_single_ones()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "A=file\n");
        try
        {
            Assert.Equal([new("A", "file", "--env-file " + file), new("A", "option", "--env")], Spec("-e", "A=option", "--env-file", file).Env);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Two_mounts_on_one_target_are_a_mistake() =>
        Assert.Equal(
            "two mounts on /b: -v /a:/b and --tmpfs /b/",
            Assert.Throws<DecantException>(() => Spec("-v", "/a:/b", "--tmpfs", "/b/")).Message);

    [Fact]
    public void Options_go_over_the_configuration()
    {
        Configuration configuration = new()
        {
            Volumes = [VolumeText.Parse("/conf:/b"), VolumeText.Parse("/conf:/c")],
            Env = [EnvText.Parse("A=conf", "configuration f")],
            Ulimits = [UlimitText.Parse("nofile=1"), UlimitText.Parse("core=0")],
            ReadOnly = true,
            MemoryBytes = 1,
            Cpus = 1,
            SharedMemoryBytes = 1,
        };
        LaunchSpec spec = Spec(["-v", "/mine:/b", "-e", "A=mine", "--ulimit", "nofile=2", "--read-only=false", "-m", "0", "--cpus", "2", "--shm-size", "0"], [], configuration);
        Assert.Equal([("/conf", "/c"), ("/mine", "/b")], spec.Mounts.Select(mount => (mount.Source!, mount.Target)));
        Assert.Equal(["conf", "mine"], spec.Env.Select(variable => variable.Value));
        Assert.Equal([new("core", 0, 0), new UlimitRequest("nofile", 2, 2)], spec.Ulimits);
        Assert.False(spec.ReadOnly);
        Assert.Null(spec.MemoryBytes);
        Assert.Null(spec.SharedMemoryBytes);
        Assert.Equal(2, spec.Cpus);
    }

    [Fact]
    public void The_configuration_holds_where_the_options_say_nothing()
    {
        LaunchSpec spec = Spec([], [], new Configuration { ReadOnly = true, MemoryBytes = 7, Cpus = 2, SharedMemoryBytes = 9 });
        Assert.True(spec.ReadOnly);
        Assert.Equal((7L, 2.0, 9L), (spec.MemoryBytes, spec.Cpus, spec.SharedMemoryBytes));
    }

    [Fact]
    public void Every_option_has_a_name_and_a_letter_of_its_own()
    {
        CliOption[] options = new RunCommand().Options;
        Assert.Equal(options.Length, options.Select(option => option.Name).Distinct().Count());
        char[] letters = [.. options.Select(option => option.Letter).Where(letter => letter != '\0')];
        Assert.Equal(letters.Length, letters.Distinct().Count());
    }

    [Fact]
    public void A_script_may_separate_the_program_with_dashes()
    {
        Assert.Equal(["img", "ls", "--"], RunOptions.WithoutSeparator(["img", "--", "ls", "--"]));
        Assert.Equal(["img", "ls"], RunOptions.WithoutSeparator(["img", "ls"]));
        Assert.Equal(["img"], RunOptions.WithoutSeparator(["img"]));
    }

    static LaunchSpec Spec(params string[] words) => Spec(words, []);

    static LaunchSpec Spec(string[] words, string[] command, Configuration? configuration = null)
    {
        RunOptions options = new();
        Apply(options, words);
        return options.ToSpec(Image, command, configuration ?? new Configuration(), _ => false);
    }

    static void Apply(RunOptions options, params string[] words) => ArgumentMatcher.Match(new OptionsOnly(options), words);

    sealed class OptionsOnly(RunOptions run) : CliCommand
    {
        readonly CliOption[] options = run.Table();

        public override string Name => "run";
        public override string Summary => "Run";
        public override CliOption[] Options => options;

        public override int Run(string[] operands) => 0;
    }
}
