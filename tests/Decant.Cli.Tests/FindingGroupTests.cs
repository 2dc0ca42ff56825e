namespace Decant.Cli.Tests;

public sealed class FindingGroupTests
{
    static FindingReport Finding(string id, string? lacking, string? file, string severity = "note") => new(id, severity, $"{file} needs {lacking}", null, [], null) { Lacking = lacking, File = file };

    [Fact]
    public void Three_files_that_lack_the_same_are_told_once_where_the_first_stands()
    {
        FindingReport[] findings =
        [
            Finding("library-missing", "liba.so", "/1"), Finding("library-missing", "libb.so", "/1"), Finding("library-missing", "liba.so", "/2"), Finding("library-missing", "libb.so", "/2"),
            Finding("library-missing", "liba.so", "/3"),
        ];
        IReadOnlyList<FindingGroup> groups = FindingGroup.Of(findings);
        Assert.Equal(["/1 needs liba.so", "/1 needs libb.so", "/2 needs libb.so"], groups.Select(group => group.First.Cause));
        Assert.Equal(["/2, /3", "", ""], groups.Select(group => group.Also));
    }

    [Fact]
    public void What_differs_in_severity_or_kind_or_has_no_file_stands_alone()
    {
        FindingReport[] findings =
        [
            .. Enumerable.Range(0, 4).Select(_ => Finding("library-missing", "liba.so", null)), .. Enumerable.Range(0, 4).Select(i => Finding("library-damaged", null, $"/{i}")),
            Finding("a", "x", "/1"), Finding("a", "x", "/2"), Finding("b", "x", "/3"), Finding("a", "x", "/4", "warning"),
        ];
        Assert.Equal(findings, FindingGroup.Of(findings).Select(group => group.First));
        Assert.All(FindingGroup.Of(findings), group => Assert.Empty(group.Others));
        Assert.Empty(FindingGroup.Of([]));
    }

    [Fact]
    public void Of_many_files_the_first_are_named_and_the_rest_counted()
    {
        FindingReport[] findings = [.. Enumerable.Range(0, 40).Select(i => Finding("library-missing", "liba.so", $"/{i}"))];
        FindingGroup group = Assert.Single(FindingGroup.Of(findings));
        Assert.Equal("/1, /2, /3 and 36 more", group.Also);
        Assert.Equal(39, group.Others.Count);
    }
}
