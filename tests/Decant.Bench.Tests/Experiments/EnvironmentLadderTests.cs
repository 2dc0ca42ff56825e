using System.Collections.Immutable;

namespace Decant.Bench.Tests;

public sealed class EnvironmentLadderTests
{
    static ImmutableArray<EnvironmentSpec> Expand(params string[] environments) => EnvironmentLadder.Expand([.. environments.Select(EnvironmentSpec.Parse)]);

    [Fact]
    public void A_ladder_is_decant_with_one_feature_more_at_each_rung()
    {
        ImmutableArray<EnvironmentSpec> rungs = Expand("ladder:debian --ulimit core=0");
        Assert.Equal(["chroot", "+namespaces", "+cgroup", "+overlay", "+seccomp"], rungs.Select(rung => rung.Name));
        Assert.All(rungs, rung => Assert.Equal((EnvironmentKind.Decant, "debian"), (rung.Kind, rung.Image)));
        Assert.Equal(["--ulimit", "core=0", "--read-only"], rungs[0].Options);
        Assert.All(rungs.Zip(rungs.Skip(1)), pair => Assert.Equal(pair.First.Options, pair.Second.Options.Take(pair.First.Options.Length)));
        Assert.All(rungs.Zip(rungs.Skip(1)), pair => Assert.True(pair.Second.Options.Length > pair.First.Options.Length));
        Assert.Equal([null, "chroot", "+namespaces", "+cgroup", "+overlay"], rungs.Select(rung => rung.Against));
    }

    [Fact]
    public void Container_engines_right_behind_a_ladder_are_compared_with_its_last_rung()
    {
        ImmutableArray<EnvironmentSpec> environments = Expand("docker:x", "ladder:debian", "docker=docker:debian", "runc:debian", "bwrap:debian", "podman:debian");
        Assert.Equal(
            [("docker", null), ("chroot", null), ("+namespaces", "chroot"), ("+cgroup", "+namespaces"), ("+overlay", "+cgroup"), ("+seccomp", "+overlay"), ("docker", "+seccomp"), ("runc", "+seccomp"), ("bwrap", null), ("podman", null)],
            environments.Select(environment => (environment.Name, environment.Against)));
    }

    [Fact]
    public void Two_ladders_are_told_apart_by_their_names() =>
        Assert.Equal(["old chroot", "new chroot"], Expand("old=ladder:a", "new=ladder:b").Where(environment => environment.Name.EndsWith("chroot", StringComparison.Ordinal)).Select(environment => environment.Name));

    [Fact]
    public void Each_rung_is_asked_about_against_the_one_before()
    {
        Experiment experiment = new() { Title = "t", Command = ["true"], Environments = [EnvironmentSpec.Parse("host"), .. Expand("ladder:debian")] };
        Assert.Equal(
            [("chroot", "host"), ("+namespaces", "chroot"), ("+cgroup", "+namespaces"), ("+overlay", "+cgroup"), ("+seccomp", "+overlay")],
            experiment.Questions().Select(question => (question.Subject, question.Baseline)));
    }
}
