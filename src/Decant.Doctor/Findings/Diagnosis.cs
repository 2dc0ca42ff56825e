namespace Decant.Doctor;

/// <summary>What is wrong with a command, and what makes it right.</summary>
/// <param name="Findings">The worst first.</param>
/// <param name="Prescription">Null where there are no errors, or the environment cannot mend them.</param>
public sealed record Diagnosis(IReadOnlyList<Finding> Findings, Prescription? Prescription)
{
    public bool IsHealthy => !Findings.Any(finding => finding.Severity == FindingSeverity.Error);

    public static Diagnosis Of(ExaminedCommand command, DoctorHost host)
    {
        IReadOnlyList<Finding> findings = Examination.Examine(command, host);
        return new Diagnosis(findings, PrescriptionSearch.Find(command, findings, changed => Examination.Examine(changed, host)));
    }
}
