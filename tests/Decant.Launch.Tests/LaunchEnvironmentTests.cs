using CsCheck;
using Decant.Images;
using Decant.Linux;

namespace Decant.Launch.Tests;

public sealed class LaunchEnvironmentTests : IDisposable
{
    readonly TemporaryRoot root = new();

    public void Dispose() => root.Dispose();

    LaunchEnvironment Build(ImageRunConfig config, bool terminal, params EnvRequest[] requests)
    {
        LaunchSpec spec = root.Spec(config) with { Env = [.. requests] };
        return LaunchPlanner.PlanEnvironment(spec, TemporaryRoot.Caller(terminal: terminal));
    }

    [Fact]
    public void The_images_variables_come_verbatim_and_nothing_of_the_hosts_does()
    {
        ImageRunConfig config = new() { Env = ["PATH=/opt/bin", "EMPTY=", "ODD=a=b c\nd", "LD_LIBRARY_PATH=/opt/lib"] };
        Assert.Equal(["PATH=/opt/bin", "EMPTY=", "ODD=a=b c\nd", "LD_LIBRARY_PATH=/opt/lib", "HOME=/root"], Build(config, terminal: false).ToStrings());
    }

    [Fact]
    public void Without_a_path_in_the_image_dockers_is_set() =>
        Assert.Equal(LaunchEnvironment.DefaultPath, Build(ImageRunConfig.Empty, terminal: false)["PATH"]);

    [Fact]
    public void Term_is_kept_on_a_terminal_only()
    {
        Assert.Null(Build(ImageRunConfig.Empty, terminal: false)["TERM"]);
        Assert.Equal("vt100", Build(ImageRunConfig.Empty, terminal: true)["TERM"]);
        Assert.Equal("dumb", Build(new ImageRunConfig { Env = ["TERM=dumb"] }, terminal: true)["TERM"]);
    }

    [Fact]
    public void The_last_word_of_the_user_wins_over_the_image()
    {
        ImageRunConfig config = new() { Env = ["A=image", "B=image"] };
        LaunchEnvironment environment = Build(config, false, new("A", "one", "--env-file f"), new("A", "two", "--env"), new("C", "3", "--env"));
        Assert.Equal(("two", "--env"), (environment["A"], environment.Variables.Single(v => v.Name == "A").Origin));
        Assert.Equal(("image", "3"), (environment["B"], environment["C"]));
    }

    [Fact]
    public void A_name_without_value_takes_the_callers_or_goes_away()
    {
        ImageRunConfig config = new() { Env = ["GONE=image"] };
        LaunchEnvironment environment = Build(config, false, new("LANG", null, "--env"), new("GONE", null, "--env"));
        Assert.Equal("C.UTF-8", environment["LANG"]);
        Assert.Null(environment["GONE"]);
    }

    [Fact]
    public void A_nul_byte_is_an_error() =>
        Assert.Throws<DecantException>(() => Build(new ImageRunConfig { Env = ["A=x\0y"] }, false));

    [Fact]
    public void Each_name_is_there_once_whatever_the_image_repeats() =>
        Gen.Select(Gen.Char['A', 'D'], Gen.String[Gen.Char['a', 'z'], 0, 3]).Array[0, 12].Sample(pairs =>
        {
            LaunchEnvironment environment = Build(new ImageRunConfig { Env = [.. pairs.Select(pair => $"{pair.Item1}={pair.Item2}")] }, false);
            return environment.Variables.DistinctBy(variable => variable.Name).Count() == environment.Variables.Count
                && pairs.All(pair => environment[pair.Item1.ToString()] == pairs.Last(other => other.Item1 == pair.Item1).Item2);
        });
}
