namespace Decant.Bench.Tests;

public class VerdictTests
{
    static readonly double[] Native = [10.12, 10.08, 10.15, 10.11, 10.09, 10.14, 10.10];

    static Verdict Judge(double percent, params double[] docker) => Verdict.Of(
        new Question("wall time", "docker", "native", EquivalenceMargin.Percent(percent)), PairedComparison.Of(docker, Native));

    [Fact]
    public void A_ratio_beyond_the_margin_is_different_and_relevant()
    {
        Verdict verdict = Judge(1, 10.31, 10.25, 10.40, 10.28, 10.36, 10.27, 10.33);
        Assert.Equal(VerdictKind.DifferentAndRelevant, verdict.Kind);
        Assert.Equal(
            "docker's wall time is 1.98 % higher than native's (95.3 % interval +1.48 % to +2.48 %), which is more than the margin of ±1 % "
            + "[7 blocks; p = 0.016 against equality, p = 0.016 against a difference within the margin; Hodges–Lehmann ratio with signed-rank interval, sign-flip test].",
            verdict.Sentence);
    }

    [Fact]
    public void A_difference_within_the_margin_is_negligible()
    {
        Verdict verdict = Judge(5, 10.31, 10.25, 10.40, 10.28, 10.36, 10.27, 10.33);
        Assert.Equal(VerdictKind.DifferentButNegligible, verdict.Kind);
        Assert.StartsWith("docker's wall time is 1.98 % higher than native's (95.3 % interval +1.48 % to +2.48 %): different, but negligible, as that is within the margin of ±5 % [", verdict.Sentence);
    }

    [Fact]
    public void A_difference_across_the_margin_is_inconclusive_about_its_relevance()
    {
        Verdict verdict = Judge(2, 10.31, 10.25, 10.40, 10.28, 10.36, 10.27, 10.33);
        Assert.Equal(VerdictKind.Inconclusive, verdict.Kind);
        Assert.Contains(": different, but inconclusive whether by more than the margin of ±2 % [", verdict.Sentence);
    }

    [Fact]
    public void No_difference_within_the_margin_is_equivalent()
    {
        Verdict verdict = Judge(1, 10.10, 10.11, 10.13, 10.13, 10.08, 10.12, 10.12);
        Assert.Equal(VerdictKind.Equivalent, verdict.Kind);
        Assert.StartsWith("docker's wall time is equivalent to native's within the margin of ±1 %: it differs by 0.00 % (92.2 % interval −0.20 % to +0.20 %) [7 blocks; ", verdict.Sentence);
    }

    [Fact]
    public void No_difference_that_was_found_is_not_equivalence()
    {
        Verdict verdict = Judge(1, 10.80, 9.70, 10.9, 9.6, 10.3, 9.9, 10.2);
        Assert.Equal(VerdictKind.Inconclusive, verdict.Kind);
        Assert.StartsWith("Inconclusive: docker's wall time came out 1.0 % higher than native's (95.3 % interval −3.8 % to +6.7 %), which shows neither ", verdict.Sentence);
        Assert.Contains("which shows neither a difference nor equivalence within the margin of ±1 % [", verdict.Sentence);
    }

    /// <summary>The sign flips see a difference, while the interval reaches up to 1.</summary>
    [Fact]
    public void A_difference_takes_both_the_test_and_the_interval()
    {
        double[] docker = [99, 100, 99, 99.9, 100.3, 99.6, 99.1, 99.6], native = [100, 100, 100, 100, 100, 100, 100, 100];
        Verdict verdict = Verdict.Of(new Question("wall time", "docker", "native", EquivalenceMargin.Percent(2)), PairedComparison.Of(docker, native));
        Assert.Equal((VerdictKind.Equivalent, 0.046875), (verdict.Kind, verdict.P));
    }

    [Fact]
    public void Five_blocks_are_too_few_for_a_difference()
    {
        PairedComparison comparison = PairedComparison.Of([2, 2.1, 2.2, 2.3, 2.4], [1, 1, 1, 1, 1]);
        Assert.Equal(VerdictKind.Inconclusive, Verdict.Of(new Question("wall time", "docker", "native", EquivalenceMargin.Percent(1)), comparison).Kind);
    }

    [Fact]
    public void Trials_without_blocks_say_so()
    {
        UnpairedComparison comparison = UnpairedComparison.Of([8.1, 8.2, 8.0], [10, 10.1, 9.9, 10]);
        Verdict verdict = Verdict.Of(new Question("throughput", "docker", "native", EquivalenceMargin.Percent(1)), comparison);
        Assert.Equal(VerdictKind.DifferentAndRelevant, verdict.Kind);
        Assert.StartsWith("docker's throughput is 19.0 % lower than native's (95 % interval −21.0 % to −17.0 %), which is more than the margin of ±1 % [3 and 4 trials without blocks; ", verdict.Sentence);
        Assert.EndsWith("; ratio of geometric means, Welch's t-test of logarithms].", verdict.Sentence);
    }

    [Fact]
    public void Ten_questions_take_more_evidence_than_one()
    {
        Question question = new("wall time", "docker", "native", EquivalenceMargin.Percent(1));
        PairedComparison different = PairedComparison.Of([10.31, 10.25, 10.40, 10.28, 10.36, 10.27, 10.33], Native);
        Assert.Equal(VerdictKind.DifferentAndRelevant, Verdict.Of(question, different).Kind);
        IReadOnlyList<Verdict> all = Verdict.Of([.. Enumerable.Repeat<(Question, Comparison)>((question, different), 10)]);
        Assert.All(all, verdict => Assert.Equal((VerdictKind.Inconclusive, 0.15625, 1, 0.15625), (verdict.Kind, verdict.P, verdict.PWithin, verdict.PBeyond)));
    }

    [Fact]
    public void Drift_decides_only_where_arms_were_not_measured_in_turn()
    {
        Verdict verdict = Judge(1, 10.31, 10.25, 10.40, 10.28, 10.36, 10.27, 10.33);
        DriftCheck falling = DriftCheck.Of([9, 8, 7, 6, 5, 4, 3]), steady = DriftCheck.Of(Native);
        Assert.True(falling.Found);
        Assert.False(steady.Found);
        Assert.Same(verdict, verdict.Given(falling, steady, interleaved: true));
        Assert.Same(verdict, verdict.Given(steady, steady, interleaved: false));
        Verdict doubted = verdict.Given(falling, steady, interleaved: false);
        Assert.Equal(VerdictKind.Inconclusive, doubted.Kind);
        Assert.StartsWith("Inconclusive, as the arms were not measured in turn and docker shows a trend over its trials (p = 0.0004); taken at face value: docker's wall time is 1.98 % higher than native's (", doubted.Sentence);
    }

    [Fact]
    public void Clear_data_that_are_too_few_are_called_that()
    {
        Verdict verdict = Verdict.Of(new Question("wall", "docker", "native", EquivalenceMargin.Percent(1)), PairedComparison.Of([20.31, 20.25, 20.40, 20.28], Native.AsSpan()[..4]));
        Assert.Equal(VerdictKind.Inconclusive, verdict.Kind);
        Assert.Contains("higher than native's (", verdict.Sentence);
        Assert.Contains("), but p = 0.125 is above 0.05: more blocks or trials would tell [", verdict.Sentence);
    }

    [Fact]
    public void A_margin_reaches_equally_far_to_both_sides()
    {
        EquivalenceMargin margin = EquivalenceMargin.Percent(25);
        Assert.Equal((1.25, 0.8), (margin.High, margin.Low));
        const double MiB = 1 << 20;
        Assert.Equal(1.02, EquivalenceMargin.Percent(2).OrAmount(256 * MiB, 65536 * MiB, "256 MiB").High);
        Assert.Equal(1.25, EquivalenceMargin.Percent(2).OrAmount(256 * MiB, 1024 * MiB, "256 MiB").High);
    }
}
