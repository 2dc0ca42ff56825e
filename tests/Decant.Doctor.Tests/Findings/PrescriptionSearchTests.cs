namespace Decant.Doctor.Tests;

public sealed class PrescriptionSearchTests : IDisposable
{
    readonly ScratchRoot root = new();

    public void Dispose() => root.Dispose();

    /// <summary>Each of the variables must have its value; what is missing proposes it, and things that do not help.</summary>
    static Func<ExaminedCommand, IReadOnlyList<Finding>> Wanting(params (string Name, string Value)[] wanted) => command =>
    [
        .. wanted.Where(one => command.Environment[one.Name] != one.Value).Select(one => new Finding
        {
            Id = "wanting",
            Severity = FindingSeverity.Error,
            Cause = one.Name,
            Candidates = [new EnvironmentChange("OTHER", "x", "does not help"), new EnvironmentChange(one.Name, "wrong", "nor does this"), new EnvironmentChange(one.Name, one.Value, "helps")],
        }),
    ];

    Prescription? Find(Func<ExaminedCommand, IReadOnlyList<Finding>> examine, out Obstacle? obstacle)
    {
        ExaminedCommand command = root.Command("app");
        return PrescriptionSearch.Find(command, examine(command), examine, out obstacle);
    }

    [Fact]
    public void Several_errors_take_as_many_changes_and_none_too_many()
    {
        Prescription found = Find(Wanting(("A", "1"), ("B", "2"), ("C", "3")), out Obstacle? obstacle)!;
        Assert.Equal(["A=1", "B=2", "C=3"], found.Changes.Select(change => $"{change.Name}={change.Value}").Order());
        Assert.Null(obstacle);
    }

    [Fact]
    public void Nothing_is_prescribed_where_nothing_is_wrong_or_nothing_helps()
    {
        Assert.Null(Find(_ => [], out Obstacle? none));
        Assert.Null(none);
        Finding stubborn = new() { Id = "x", Severity = FindingSeverity.Error, Cause = "c", Candidates = [new EnvironmentChange("A", "1", "")] };
        Assert.Null(Find(_ => [stubborn], out none));
        Assert.Null(none);
    }

    [Fact]
    public void How_far_it_goes_is_told_where_it_does_not_go_all_the_way()
    {
        Finding last = new() { Id = "last", Severity = FindingSeverity.Error, Cause = "nothing helps" };
        Assert.Null(Find(command => command.Environment["A"] == "1" ? [last] : Wanting(("A", "1"))(command), out Obstacle? obstacle));
        Assert.Equal("A", Assert.Single(obstacle!.Changes).Name);
        Assert.Equal("last", Assert.Single(obstacle.Errors).Id);
    }

    [Fact]
    public void A_change_that_a_later_one_makes_needless_is_left_out()
    {
        // Either B=2 alone, or nothing else; A=1 only leads to it.
        Finding hidden = new() { Id = "h", Severity = FindingSeverity.Error, Cause = "h", Candidates = [new EnvironmentChange("B", "2", "")] };
        Finding first = new() { Id = "f", Severity = FindingSeverity.Error, Cause = "f", Candidates = [new EnvironmentChange("A", "1", "")] };
        Prescription found = Find(command => command.Environment["B"] == "2" ? [] : command.Environment["A"] == "1" ? [hidden] : [first], out _)!;
        Assert.Equal("B", Assert.Single(found.Changes).Name);
    }

    [Fact]
    public void Warnings_need_no_prescription() =>
        Assert.Null(Find(_ => [new Finding { Id = "w", Severity = FindingSeverity.Warning, Cause = "w", Candidates = [new EnvironmentChange("A", "1", "")] }], out _));
}
