namespace Decant.Cli.Tests;

public sealed class HelpTests
{
    public static TheoryData<string> Commands => [.. CommandList.Names];

    [Fact]
    public void The_overview_is_as_recorded() => Snapshot.Check("decant", HelpText.Overview());

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_help_of_each_command_is_as_recorded(string name) => Snapshot.Check("decant-" + name, HelpText.Of(CommandList.Create(name)!));

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_fits_eighty_columns(string name) =>
        Assert.All(HelpText.Of(CommandList.Create(name)!).Split('\n'), line => Assert.True(line.Length <= 80, line));

    [Fact]
    public void The_overview_fits_eighty_columns() =>
        Assert.All(HelpText.Overview().Split('\n'), line => Assert.True(line.Length <= 80, line));

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_is_made_by_its_name(string name) => Assert.Equal(name, CommandList.Create(name)!.Name);
}
