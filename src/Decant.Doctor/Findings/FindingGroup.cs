namespace Decant.Doctor;

/// <summary>One cause that shows in many files is told once.</summary>
static class FindingGroup
{
    /// <summary>Fewer are told one by one.</summary>
    const int Fewest = 3;

    const int MostFiles = 5;

    /// <returns>In the same order; of those that differ in their file alone the first, with how many there are and some of the others.</returns>
    public static IReadOnlyList<Finding> Joined(IReadOnlyList<Finding> findings)
    {
        List<Finding> joined = [];
        foreach (IGrouping<(string, FindingSeverity, string), Finding> group in findings.GroupBy(Key))
        {
            Finding[] all = [.. group];
            if (all.Length < Fewest)
            {
                joined.AddRange(all);
                continue;
            }

            string[] others = [.. all.Skip(1).Select(File)];
            joined.Add(all[0] with
            {
                Cause = $"{all[0].Cause}; and {others.Length} more files like it",
                Evidence = [.. all[0].Evidence, $"the same is wrong with {string.Join(", ", others.Take(MostFiles))}{(others.Length > MostFiles ? $" and {others.Length - MostFiles} more" : "")}"],
                Candidates = [.. all.SelectMany(finding => finding.Candidates).Distinct()],
            });
        }

        // Grouping keeps the order of the first of each; a group of two comes together.
        return joined;
    }

    static string File(Finding finding) => finding.Cause.Split(' ')[0];

    /// <summary>What is said of the file that the cause begins with; which of a library's versions it lacks may differ.</summary>
    static (string, FindingSeverity, string) Key(Finding finding)
    {
        string rest = finding.Cause.StartsWith('/') && finding.Cause.IndexOf(' ') is > 0 and int blank ? finding.Cause[blank..] : "\0" + finding.Cause;
        int library = rest.IndexOf(" of /", StringComparison.Ordinal);
        return (finding.Id, finding.Severity, finding.Id is "version-missing" or "glibc-too-old" && library > 0 ? rest[library..] : rest);
    }
}
