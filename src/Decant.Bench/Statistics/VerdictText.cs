namespace Decant.Bench;

/// <summary>
/// A verdict in one sentence, which says no more than the numbers. Its first half is for the reader who decides, what stands in brackets for the one who
/// checks.
/// </summary>
static class VerdictText
{
    public static string Of(Verdict verdict) => $"{Claim(verdict)} [{verdict.Comparison.Size}; {Evidence(verdict)}; {verdict.Comparison.Method}].";

    /// <summary>A claim or sentence behind its <see cref="VerdictWord"/>, which it need not say again.</summary>
    public static string WithoutWord(string text) => Array.Find([Open, Doubted], text.StartsWith) is { } word ? text[word.Length..] : text;

    const string Open = "Inconclusive: ";

    const string Doubted = "Inconclusive, ";

    /// <summary>The first half.</summary>
    public static string Claim(Verdict verdict)
    {
        string doubts = verdict.Doubts.Count == 0 ? "" : $"{Doubted}as {string.Join(", and ", verdict.Doubts)}; taken at face value: ";
        return doubts + FaceValue(verdict);
    }

    static string FaceValue(Verdict verdict)
    {
        Question question = verdict.Question;
        Estimate ratio = verdict.Comparison.Ratio;
        EquivalenceTest within = verdict.Comparison.Within(question.Margin);
        int decimals = NumberText.Decimals(ratio.Interval);
        string subject = $"{question.Subject}'s {question.Label}", baseline = $"{question.Baseline}'s";
        string margin = $"the margin of ±{question.Margin.Amount ?? $"{100 * (question.Margin.High - 1):0.##} %"}";
        string amount = ratio.Value > 3
            ? $"{NumberText.Times(ratio.Value)} {baseline} ({NumberText.Level(ratio.Interval.Level)} interval {NumberText.Times(ratio.Interval.Low)} to {NumberText.Times(ratio.Interval.High)})"
            : $"{Amount(ratio.Value, decimals)} {baseline} ({Between(ratio.Interval)})";
        string differs = $"{subject} is {amount}";
        bool different = verdict.Different, beyond = verdict.PBeyond <= verdict.Comparison.Alpha, inside = verdict.PWithin <= verdict.Comparison.Alpha;
        if (different && beyond)
            return $"{differs}, which is more than {margin}";
        if (different && inside)
            return $"{differs}: different, but negligible, as that is within {margin}";
        if (inside)
            return $"{subject} is equivalent to {baseline} within {margin}: it differs by {NumberText.Percent(ratio.Value, decimals)} ({Between(within.Interval)})";
        return different
            ? $"{differs}: different, but inconclusive whether by more than {margin}"
            : !verdict.Comparison.Ratio.Interval.Contains(1)
                ? $"{Open}{subject} came out {amount}, but {NumberText.P(verdict.P)} is above {verdict.Comparison.Alpha:0.##}: more blocks or trials would tell"
            : $"{Open}{subject} came out {amount}, which shows neither a difference nor equivalence within {margin}";

        string Between(Interval interval) =>
            $"{NumberText.Level(interval.Level)} interval {NumberText.Percent(interval.Low, decimals)} to {NumberText.Percent(interval.High, decimals)}";
    }

    /// <summary>"1.98 % higher than"; what rounds to nothing is neither higher nor lower.</summary>
    static string Amount(double ratio, int decimals) =>
        NumberText.Size(ratio, decimals) is var size && !size.Any(c => c is >= '1' and <= '9') ? "as much as" : $"{size} {(ratio > 1 ? "higher" : "lower")} than";

    /// <summary>The p-values that the claim rests on; of a claim that nothing is shown, all.</summary>
    static string Evidence(Verdict verdict)
    {
        string equal = $"{NumberText.P(verdict.P)} against equality";
        string beyond = $"{NumberText.P(verdict.PWithin)} against a difference beyond the margin", within = $"{NumberText.P(verdict.PBeyond)} against one within it";
        return verdict.Kind switch
        {
            VerdictKind.DifferentAndRelevant => $"{equal}, {NumberText.P(verdict.PBeyond)} against a difference within the margin",
            VerdictKind.DifferentButNegligible => $"{equal}, {beyond}",
            VerdictKind.Equivalent => beyond,
            _ => $"{equal}, {beyond}, {within}",
        };
    }
}
