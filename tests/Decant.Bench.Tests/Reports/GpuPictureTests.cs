using System.Collections.Immutable;
using System.Xml.Linq;

namespace Decant.Bench.Tests;

public sealed class GpuPictureTests
{
    const long MiB = 1 << 20;

    public static Bench.Sample Look(double seconds, IReadOnlyList<GpuReading>? gpus) =>
        new(seconds, new HostMemory(1000 * MiB, 500 * MiB, 0, 100 * MiB, 300 * MiB, 0, 0, 100 * MiB, 0), null, null, null, Running: true, gpus);

    public static GpuReading Gpu(int? utilisation, double? power, int? temperature, int? clock) => new(null, null, null, null, utilisation, power, temperature, clock, null);

    static BenchResult Result(Func<Trial, ImmutableArray<Bench.Sample>> samples) => Session.Interleaved(1, blocks: 3).Each(trial => (trial with { Samples = samples(trial) }).With("wall", trial.Number));

    [Fact]
    public void Each_figure_has_a_panel_and_each_environment_a_line_of_its_median_trial()
    {
        BenchResult result = Result(trial => [.. Enumerable.Range(0, 5).Select(i => Look(i, i == 2 ? null : [Gpu(10 * i, 100 + trial.Number, 40, 1000), Gpu(20, 200, 50, 1200)]))]);
        XElement svg = XElement.Parse(new GpuPicture(result).Draw(PictureSize.Wide));
        int[] middle = [.. result.Environments.Select(arm => result.Trials.Where(trial => trial.Environment == arm.Name).ElementAt(1).Number)];
        Assert.Equal(
            string.Join("; ", result.Environments.Select((arm, i) => $"{arm.Name}, trial {middle[i] + 1}: at most 30.00 % utilisation, {300 + middle[i]}.0 W power, 1100 MHz clock and 50.00 °C temperature")),
            svg.Element("desc")!.Value);
        Assert.Equal(["utilisation", "power", "clock", "temperature"], svg.Elements("text").Select(text => text.Value).Where(text => text.Length > 0 && char.IsLower(text[0]) && text is not ("native" or "docker")));
        // Two for the key, then two in each panel, without the look at which the GPUs were left out.
        XElement[] lines = [.. svg.Elements("polyline")];
        Assert.Equal(2 + 4 * 2, lines.Length);
        Assert.All(lines.Skip(2), line => Assert.Equal(4, line.Attribute("points")!.Value.Split(' ').Length));
    }

    [Fact]
    public void What_no_GPU_tells_has_no_panel_and_without_GPUs_there_is_no_picture()
    {
        XElement svg = XElement.Parse(new GpuPicture(Result(_ => [.. Enumerable.Range(0, 3).Select(i => Look(i, [Gpu(null, 55, null, null)]))])).Draw(PictureSize.Narrow));
        Assert.Equal(2 + 2, svg.Elements("polyline").Count());
        Assert.Contains(svg.Elements("text"), text => text.Value == "power");
        Assert.DoesNotContain(svg.Elements("text"), text => text.Value is "clock" or "utilisation" or "temperature");
        Assert.Equal("", new GpuPicture(Result(_ => [Look(0, null), Look(1, null)])).Draw(PictureSize.Wide));
        Assert.Equal("", new GpuPicture(Result(_ => [Look(0, [Gpu(1, 1, 1, 1)])])).Draw(PictureSize.Wide));
    }

    [Fact]
    public void Of_many_looks_as_many_points_are_drawn_as_can_be_seen()
    {
        XElement svg = XElement.Parse(new GpuPicture(Result(_ => [.. Enumerable.Range(0, 5000).Select(i => Look(i, [Gpu(i % 100, null, null, null)]))])).Draw(PictureSize.Wide));
        Assert.InRange(svg.Elements("polyline").Last().Attribute("points")!.Value.Split(' ').Length, 200, 300);
    }
}
