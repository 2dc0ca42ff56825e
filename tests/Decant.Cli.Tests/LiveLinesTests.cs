namespace Decant.Cli.Tests;

public sealed class LiveLinesTests
{
    [Fact]
    public void Lines_are_drawn_over_from_their_first_on()
    {
        LiveLines live = new();
        Assert.Equal("one\ntwo\nthree", live.Redraw(["one", "two", "three"], 80));
        Assert.Equal("\e[2A\r\e[Jfour", live.Redraw(["four"], 80));
        Assert.Equal("\r\e[J", live.Clear(80));
        Assert.Equal("", live.Clear(80));
    }

    [Fact]
    public void In_a_terminal_that_became_narrower_they_are_as_many_rows_as_it_has_broken_them_into()
    {
        LiveLines live = new();
        live.Redraw([new string('a', 79), "b", "", new string('c', 41)], 80);
        // 79 columns in 40 are two rows, 41 as well.
        Assert.Equal("\e[5A\r\e[Jx", live.Redraw(["x"], 40));
    }
}
