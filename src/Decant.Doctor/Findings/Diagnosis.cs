namespace Decant.Doctor;

/// <summary>What is wrong with a command, and what makes it right.</summary>
/// <param name="Findings">The worst first.</param>
/// <param name="Prescription">Null where there are no errors, or the environment cannot mend them.</param>
/// <param name="Obstacle">What no change of the environment removes, where one at least gets the command further.</param>
public sealed record Diagnosis(IReadOnlyList<Finding> Findings, Prescription? Prescription, Obstacle? Obstacle)
{
    public bool IsHealthy => !Findings.Any(finding => finding.Severity == FindingSeverity.Error);

    public static Diagnosis Of(ExaminedCommand command, DoctorHost host)
    {
        IReadOnlyList<Finding> findings = Examination.Examine(command, host);
        Prescription? prescription = PrescriptionSearch.Find(command, findings, changed => Examination.Examine(changed, host), out Obstacle? obstacle);
        return new Diagnosis(findings, prescription, obstacle);
    }
}
