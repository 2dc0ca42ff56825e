using Decant.Linux;

namespace Decant.Doctor;

/// <summary>Everything that is known to be wrong with a command, found without running it.</summary>
public static class Examination
{
    /// <returns>The worst first; those of the same severity in the order in which they would show.</returns>
    public static IReadOnlyList<Finding> Examine(ExaminedCommand command, DoctorHost host)
    {
        List<Finding> findings = [];
        foreach (ExaminedCommand one in CommandChain.Of(command))
            findings.AddRange(Program(one, host));
        return [.. findings.DistinctBy(finding => (finding.Id, finding.Cause)).OrderByDescending(finding => finding.Severity)];
    }

    static List<Finding> Program(ExaminedCommand command, DoctorHost host)
    {
        List<Finding> findings = [];
        try
        {
            findings.AddRange(ProgramCheck.Examine(command, host, out LoadedCommand? loaded));
        }
        catch (DecantException e)
        {
            findings.Add(new Finding { Id = "not-examined", Severity = FindingSeverity.Warning, Cause = e.Message, Fix = e.Fix });
        }

        return findings;
    }
}
