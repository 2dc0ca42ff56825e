namespace Decant.Bench.Tests;

public sealed class AxisTests
{
    [Fact]
    public void An_axis_has_round_marks_within_it()
    {
        Axis axis = Axis.Around([0.93, 1.17], 0, 100);
        Assert.Equal([0.95, 1.0, 1.05, 1.1, 1.15], axis.Marks(6).Select(mark => Math.Round(mark, 9)));
        Assert.Equal(0, axis.At(axis.Low));
        Assert.Equal(100, axis.At(axis.High));
    }

    [Fact]
    public void Marks_of_memory_are_round_in_its_own_unit()
    {
        const double MiB = 1 << 20;
        Assert.Equal(["10 MiB", "20 MiB", "30 MiB", "40 MiB"], new Axis(5 * MiB, 41 * MiB, 0, 100).Marks(4, MiB).Select(mark => ValueText.Mark(mark, "B")));
        Assert.Equal(["0 B", "0.2 GiB", "0.4 GiB", "0.6 GiB", "0.8 GiB", "1 GiB", "1.2 GiB"], new Axis(0, 1250 * MiB, 0, 100).Marks(6, 1024 * MiB).Select(mark => ValueText.Mark(mark, "B")));
        Assert.Equal(["−500 ms", "0 s", "500 ms", "1 s", "1.5 s"], new Axis(-0.6, 1.6, 0, 100).Marks(4).Select(mark => ValueText.Mark(mark, "s")));
    }

    [Theory]
    [InlineData(0.9, 9)]
    [InlineData(3.3, 19)]
    [InlineData(0.95, 3.2)]
    [InlineData(0.99, 1.02)]
    public void An_axis_of_ratios_has_marks_enough_to_be_read(double low, double high) =>
        Assert.InRange(new Axis(Math.Log(low), Math.Log(high), 0, 100).RatioMarks(6).Count(), 3, 13);

    [Fact]
    public void A_mark_whose_text_would_run_into_another_has_a_line_alone()
    {
        string picture = new SvgPicture(200, 100, "t", "d").MarksBelow(new Axis(0, 4, 50, 150), 0, 80, [0, 1, 2, 3, 4], mark => $"a long text {mark}").ToString();
        Assert.Equal(5, picture.Split("<line").Length - 1);
        Assert.Equal(2, picture.Split("a long text").Length - 1);
    }
}
