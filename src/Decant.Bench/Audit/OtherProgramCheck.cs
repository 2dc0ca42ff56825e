namespace Decant.Bench;

/// <summary>other-program: environments found different programs by one name, as an image and its host do, so a difference may be the programs'.</summary>
sealed class OtherProgramCheck : ThreatCheck
{
    public override IEnumerable<Threat> Of(AuditedSession session)
    {
        foreach (BenchResult result in session.Results)
        {
            (string Arm, string Path, string Size)[] seen =
            [
                .. result.Environments.Where(arm => arm.Facts.ContainsKey("executable") && arm.Facts.ContainsKey("executable.bytes"))
                    .Select(arm => (arm.Name, arm.Facts["executable"], arm.Facts["executable.bytes"])),
            ];
            if (seen.Select(one => one.Size).Distinct().Count() > 1)
            {
                yield return new Threat(
                    "other-program", ThreatSeverity.Doubt, session.Name(result),
                    "Environments ran different programs: a difference may be that of the programs, and not of how they were launched.",
                    string.Join(", ", seen.Select(one => $"{one.Arm} {one.Path} of {one.Size} bytes")));
            }
        }
    }
}
