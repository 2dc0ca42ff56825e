namespace Decant.Bench;

/// <summary>The answer to a question, with the evidence.</summary>
/// <param name="P">Against a ratio of 1, adjusted for the number of questions, as the next two are.</param>
/// <param name="PWithin">Against a ratio beyond the margin.</param>
/// <param name="PBeyond">Against a ratio within the margin.</param>
/// <param name="Doubts">Why the session cannot answer, whatever the numbers are; empty where it can.</param>
public sealed record Verdict(
    VerdictKind Kind, Question Question, Comparison Comparison, double P, double PWithin, double PBeyond, IReadOnlyList<string> Doubts)
{
    /// <summary>One sentence: the effect in percent, its interval, the margin, the number of blocks and the methods.</summary>
    public string Sentence => VerdictText.Of(this);

    /// <summary>The sentence without what stands in brackets for the one who checks.</summary>
    public string Claim => VerdictText.Claim(this);

    /// <summary>Whether the ratio is shown not to be 1: by P and by the interval, which come from different tests.</summary>
    internal bool Different => P <= Comparison.Alpha && !Comparison.Ratio.Interval.Contains(1);

    /// <summary>The only question.</summary>
    public static Verdict Of(Question question, Comparison comparison) => Of([(question, comparison)])[0];

    /// <summary>The answers to all primary questions of an experiment; each of the three p-values is adjusted among all by Holm.</summary>
    public static IReadOnlyList<Verdict> Of(IReadOnlyList<(Question Question, Comparison Comparison)> family)
    {
        double[] p = Multiplicity.Holm([.. family.Select(one => one.Comparison.P)]);
        double[] within = Multiplicity.Holm([.. family.Select(one => one.Comparison.Within(one.Question.Margin).P)]);
        double[] beyond = Multiplicity.Holm([.. family.Select(one => one.Comparison.Beyond(one.Question.Margin))]);
        return [.. family.Select((one, i) =>
        {
            Verdict open = new(VerdictKind.Inconclusive, one.Question, one.Comparison, p[i], within[i], beyond[i], []);
            return open with { Kind = open.Judge() };
        })];
    }

    /// <summary>
    /// The same where the session can carry it. An arm that drifts looks like a difference, or hides one, where arms were not measured in turn: then the
    /// verdict is inconclusive, whatever the numbers are.
    /// </summary>
    /// <param name="interleaved">Whether the trials went in complete blocks (<see cref="BlockOrder.IsInterleaved"/>).</param>
    public Verdict Given(DriftCheck subject, DriftCheck baseline, bool interleaved)
    {
        string[] doubts =
        [
            .. subject.Signs.Select(sign => $"{Question.Subject} shows {sign}"),
            .. baseline.Signs.Select(sign => $"{Question.Baseline} shows {sign}"),
        ];
        return interleaved || doubts.Length == 0 ? this : Doubted($"the arms were not measured in turn and {string.Join(", ", doubts)}");
    }

    /// <summary>The same where the session cannot answer that question, whatever the numbers are.</summary>
    public Verdict Doubted(string reason) => this with { Kind = VerdictKind.Inconclusive, Doubts = [.. Doubts, reason] };

    VerdictKind Judge()
    {
        double alpha = Comparison.Alpha;
        if (Different && PBeyond <= alpha)
            return VerdictKind.DifferentAndRelevant;
        if (PWithin <= alpha)
            return Different ? VerdictKind.DifferentButNegligible : VerdictKind.Equivalent;
        return VerdictKind.Inconclusive;
    }
}
