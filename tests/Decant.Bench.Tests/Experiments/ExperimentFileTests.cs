using System.Text;
using Decant.Linux;

namespace Decant.Bench.Tests;

public sealed class ExperimentFileTests
{
    static Experiment Read(string text) => ExperimentFile.Read(Encoding.UTF8.GetBytes(text), "x.toml");

    [Fact]
    public void A_file_says_all_that_options_can_say()
    {
        Experiment experiment = Read("""
            title = "cache"
            command = ["python3", "a b.py"]
            metric = "host.used_free"
            margin = 2
            blocks = "5..20"
            precision = 0.5
            budget = "10m"
            timeout = "500ms"
            seed = 18446744073709551615
            cache = "as-is"
            primes = 2
            gates = ["cpu.pressure<=5", "memory.available>=1024"]
            gate-timeout = "30s"
            must-match = "done"
            must-run = 'python3 .*b\.py'
            must-open = ["/data/model", "/data/tokens"]
            self-test = true
            exit-code = 3
            sample = "0"
            moment = "end"

            [files]
            model = "/etc/passwd"

            [[environment]]
            name = "own copy"
            kind = "docker"
            image = "with-model"
            options = "--network host"
            cache = "cold"
            prepare = ["sync"]
            against = "host"

            [[environment]]
            kind = "host"
            command = "python3 b.py"
            """.Replace("18446744073709551615", "42"));
        Assert.Equal(
            ("cache", "host.used_free", 2.0, 5, 20, 0.5, TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(0.5), 42UL, CachePolicy.AsIs, 2),
            (experiment.Title, experiment.Primary, experiment.MarginPercent, experiment.LeastBlocks, experiment.MostBlocks, experiment.Precision, experiment.Budget!.Value,
                experiment.TrialTimeout!.Value, experiment.Seed, experiment.Cache, experiment.Primes));
        Assert.Equal((TimeSpan.FromSeconds(30), "done", 3, TimeSpan.Zero), (experiment.GateTimeout, experiment.RequiredOutput, experiment.ExitCode, experiment.SampleInterval));
        Assert.Equal(["cpu.pressure<=5", "memory.available>=1024"], experiment.Gates.Select(gate => gate.ToString()));
        Assert.Equal([new FileClass("model", "/etc/passwd")], experiment.Files);
        EnvironmentSpec own = experiment.Environments[0];
        Assert.Equal(("own copy", EnvironmentKind.Docker, "with-model", CachePolicy.Cold), (own.Name, own.Kind, own.Image, own.Cache!.Value));
        Assert.Equal(["--network", "host"], own.Options);
        Assert.Equal(["sync"], own.Prepare);
        Assert.Equal(("host", SampleMoment.End), (own.Against, experiment.Moment));
        Assert.Equal([@"python3 .*b\.py"], experiment.RequiredProcesses);
        Assert.Equal(["/data/model", "/data/tokens"], experiment.RequiredFiles);
        Assert.True(experiment.SelfTest);
        Assert.Equal(["python3", "b.py"], experiment.Environments[1].Command!.Value);
    }

    [Theory]
    [InlineData("blocks = 0", "x.toml:1:1: blocks: blocks 0 is neither")]
    [InlineData("title = \"a\"\ncolour = 1", "x.toml:2:1: an experiment has no key colour")]
    [InlineData("gates = [\"cpu.presure<=5\"]", "x.toml:1:1: gates: there is no condition cpu.presure")]
    [InlineData("[[environment]]\nname = \"a\"", "an environment needs a kind")]
    [InlineData("[[environment]]\nkind = \"docker\"\nimage = \"a\"\nimgae = 1", "x.toml:4:1: an environment has no key imgae")]
    [InlineData("moment = \"last\"", "x.toml:1:1: moment: moment last is neither peak nor end")]
    [InlineData("[workload]\nformat = \"regex\"\n[workload.figures]\nwall = { at = \"x\" }", "wall is what decant measures itself")]
    [InlineData("baseline = \"b\"\n[[environment]]\nkind = \"host\"", "x.toml:1:1: baseline: there is no environment b")]
    [InlineData("self-test = 1", "x.toml:1:1: self-test: self-test 1 is neither true nor false")]
    [InlineData("title = ", "x.toml:1:")]
    [InlineData("title = [1]", "must be a string")]
    [InlineData("title = \"a\"\ntitle = \"b\"", "x.toml:2:1")]
    [InlineData("budget = 2026-01-01", "dates")]
    public void What_is_wrong_is_told_with_its_place(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<DecantException>(() => Read(text)).Message);

    [Fact]
    public void A_baseline_may_be_named_before_its_environment() =>
        Assert.Equal(["b", "a"], Read("baseline = \"b\"\n[[environment]]\nname = \"a\"\nkind = \"host\"\n[[environment]]\nname = \"b\"\nkind = \"host\"").Environments.Select(arm => arm.Name));

    [Fact]
    public void A_self_test_is_a_second_copy_of_the_baseline_that_no_question_is_about()
    {
        Experiment experiment = Read("self-test = true\ncommand = \"x\"\n[[environment]]\nkind = \"host\"\n[[environment]]\nkind = \"docker\"\nimage = \"a\"").WithSelfTest();
        Assert.Equal([("host", null), ("docker", null), ("host again", "host")], experiment.Environments.Select(arm => (arm.Name, arm.Repeats)));
        Assert.Equal(("docker", "host"), Assert.Single(experiment.Questions().Select(question => (question.Subject, question.Baseline))));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_told_with_their_place() =>
        Assert.Contains("x.toml: byte 9", Assert.Throws<DecantException>(() => ExperimentFile.Read([.. "title = \""u8, 0xff], "x.toml")).Message);

    [Fact]
    public void The_same_experiment_has_the_same_identity_and_another_has_another()
    {
        const string Text = "command = \"a\"\n[[environment]]\nkind = \"host\"\n";
        Assert.Equal(Read(Text).Identity(), Read(Text).Identity());
        Assert.NotEqual(Read(Text).Identity(), Read("seed = 1\n" + Text).Identity());
    }
}
