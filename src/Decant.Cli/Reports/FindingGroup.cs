namespace Decant.Cli;

/// <summary>Findings of a whole image that have one cause, as where many files need the same library: a page shows the first, and says where else.</summary>
/// <param name="First">In whose words it is told.</param>
/// <param name="Others">The files of the others; none where it stands alone.</param>
sealed record FindingGroup(FindingReport First, IReadOnlyList<string> Others)
{
    /// <summary>Two are told each for themselves.</summary>
    const int Fewest = 3;

    const int MostFiles = 3;

    /// <summary>In the order of the first of each.</summary>
    public static IReadOnlyList<FindingGroup> Of(IReadOnlyList<FindingReport> findings)
    {
        List<FindingGroup> groups = [];
        foreach (IGrouping<(string, string, string), FindingReport> alike in findings.Select((finding, i) => (Finding: finding, Key: Key(finding, i))).GroupBy(one => one.Key, one => one.Finding))
        {
            FindingReport[] members = [.. alike];
            if (members.Length >= Fewest)
                groups.Add(new FindingGroup(members[0], [.. members.Skip(1).Select(member => member.File!)]));
            else
                groups.AddRange(members.Select(member => new FindingGroup(member, [])));
        }

        return groups;
    }

    /// <summary>"/a, /b, /c and 37 more"; empty for one that stands alone.</summary>
    public string Also => Others.Count <= MostFiles ? string.Join(", ", Others) : $"{string.Join(", ", Others.Take(MostFiles))} and {Others.Count - MostFiles} more";

    /// <param name="number">Keeps apart those that have nothing in common.</param>
    static (string Id, string Severity, string What) Key(FindingReport finding, int number) =>
        (finding.Id, finding.Severity, finding is { Lacking: { } lacking, File: not null } ? lacking : $"\0{number}");
}
