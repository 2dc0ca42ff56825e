namespace Decant.Doctor.Tests;

public sealed class FindingGroupTests
{
    static Finding Lacks(string file, string versions, FindingSeverity severity = FindingSeverity.Warning) => new() { Id = "version-missing", Severity = severity, Cause = $"{file} needs {versions} of /lib/libstdc++.so.6, which does not define it" };

    [Fact]
    public void One_cause_in_many_files_is_told_once_with_their_number()
    {
        Finding[] all = [.. Enumerable.Range(1, 20).Select(i => Lacks($"/opt/lib{i}.so", i % 2 == 0 ? "A_1" : "A_1, A_2")), new() { Id = "other", Severity = FindingSeverity.Note, Cause = "x" }];
        IReadOnlyList<Finding> joined = FindingGroup.Joined(all);
        Assert.Equal(2, joined.Count);
        Assert.Equal("/opt/lib1.so needs A_1, A_2 of /lib/libstdc++.so.6, which does not define it; and 19 more files like it", joined[0].Cause);
        Assert.Equal("the same is wrong with /opt/lib2.so, /opt/lib3.so, /opt/lib4.so, /opt/lib5.so, /opt/lib6.so and 14 more", joined[0].Evidence[^1]);
    }

    [Fact]
    public void What_is_another_cause_or_worse_stands_by_itself()
    {
        Finding[] all = [Lacks("/a.so", "A_1"), Lacks("/b.so", "A_1"), Lacks("/c.so", "A_1", FindingSeverity.Error), .. Enumerable.Range(1, 5).Select(i => new Finding { Id = "library-missing", Severity = FindingSeverity.Error, Cause = $"/d.so needs lib{i}.so" })];
        Assert.Equal(all, FindingGroup.Joined(all));
    }
}
