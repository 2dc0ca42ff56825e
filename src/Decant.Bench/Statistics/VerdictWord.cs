namespace Decant.Bench;

/// <summary>The kinds of verdicts as one word each, in reports and JSON.</summary>
public static class VerdictWord
{
    public static string Of(VerdictKind kind) => kind switch
    {
        VerdictKind.DifferentAndRelevant => "different",
        VerdictKind.DifferentButNegligible => "negligible",
        VerdictKind.Equivalent => "equivalent",
        _ => "inconclusive",
    };
}
