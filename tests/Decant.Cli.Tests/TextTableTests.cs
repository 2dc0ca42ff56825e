namespace Decant.Cli.Tests;

public sealed class TextTableTests
{
    [Fact]
    public void Columns_are_as_wide_as_their_widest_cell()
    {
        TextTable table = new("A", "LONGER");
        table.Add("xyz", "1");
        table.Add("", "2");
        Assert.Equal("A    LONGER\nxyz  1\n     2\n", table.Render(bold: false));
        Assert.StartsWith("\e[1mA    LONGER\e[0m\n", table.Render(bold: true));
    }
}
