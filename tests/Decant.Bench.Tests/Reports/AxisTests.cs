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
}
