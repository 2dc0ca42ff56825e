namespace Decant.Bench;

/// <summary>nothing-declared: without a question before the measurement, the metric and the margin can be chosen by what came out.</summary>
sealed class NothingDeclaredCheck : ThreatCheck
{
    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        BenchResult[] open = [.. session.Results.Where(result => result.Questions.IsEmpty && result.Environments.Length > 1)];
        if (open.Length > 0)
        {
            yield return new Threat(
                "nothing-declared", ThreatSeverity.Note, open.Length > 1 ? null : session.Name(open[0]),
                "No question and no margin were declared before the measurement: whatever is concluded now was chosen with the values in sight.", $"of {open[0].Source}");
        }
    }
}
