using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;

namespace Decant.Bench.Tests;

public sealed class PicturesTests
{
    const long MiB = 1 << 20;

    static readonly ImmutableSortedDictionary<string, string> NoFacts = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>A trial that grows to its peak and back, looked at each second.</summary>
    static ImmutableArray<Bench.Sample> Rise(long peak, int samples = 5) =>
    [
        .. Enumerable.Range(0, samples).Select(i =>
        {
            long anonymous = peak * Math.Min(i, samples - 1 - i) * 2 / (samples - 1);
            HostMemory host = new(Total: 1000 * MiB, Free: 600 * MiB - anonymous, Available: 0, Anonymous: anonymous, FileCache: 300 * MiB, Shared: 0, SwapCache: 0, Kernel: 100 * MiB, HugePages: 0);
            CgroupReading work = new(peak, anonymous + 5 * MiB, anonymous, 4 * MiB, 0, null, 0, 0, 0, 0, 0, 0);
            return new Bench.Sample(i, host, work, null, null, Running: true);
        }),
    ];

    static BenchResult Result(params (string Environment, ImmutableArray<Bench.Sample> Samples)[] trials) => new()
    {
        Title = "t",
        Source = "a test",
        Environments = [.. trials.Select(trial => trial.Environment).Distinct().Select(name => new ResultEnvironment(name, "host", name, NoFacts))],
        Metrics = [Session.Wall],
        Trials = [.. trials.Select((trial, i) => new Trial { Number = i, Environment = trial.Environment, Samples = trial.Samples, Values = ImmutableSortedDictionary<string, double>.Empty.Add("wall", 1 + i) })],
    };

    static XElement Parsed(string picture)
    {
        XElement svg = XElement.Parse(picture);
        Assert.NotEqual("", svg.Element("title")!.Value);
        Assert.NotEqual("", svg.Element("desc")!.Value);
        return svg;
    }

    static (double X, double Y)[] Outline(XElement polygon) =>
        [.. polygon.Attribute("points")!.Value.Split(' ').Select(point => point.Split(',')).Select(point => (double.Parse(point[0], CultureInfo.InvariantCulture), double.Parse(point[1], CultureInfo.InvariantCulture)))];

    static XElement[] Areas(XElement svg, string part) => [.. svg.Elements("polygon").Where(polygon => polygon.Attribute("class")!.Value == "area " + part)];

    [Fact]
    public void Panels_of_memory_show_the_trial_with_the_median_peak_on_the_same_axes()
    {
        BenchResult result = Result(("host", Rise(10 * MiB)), ("host", Rise(40 * MiB)), ("host", Rise(20 * MiB)), ("docker", Rise(80 * MiB)));
        XElement svg = Parsed(new MemoryPicture(result, "Memory", MemoryPart.OfTrial).Draw(PictureSize.Wide));
        Assert.Equal("host, trial 3: peak 25.00 MiB, at most 20.00 MiB programs, 1.000 MiB unexplained and 4.000 MiB file cache; "
            + "docker, trial 4: peak 85.00 MiB, at most 80.00 MiB programs, 1.000 MiB unexplained and 4.000 MiB file cache", svg.Element("desc")!.Value);
        double[] heights = [.. Areas(svg, "part0").Select(area => Outline(area).Max(point => point.Y) - Outline(area).Min(point => point.Y))];
        Assert.Equal(4, heights[1] / heights[0], 0.01);
        // Shared memory and the kernel's have no byte here.
        Assert.Empty(Areas(svg, "part1").Concat(Areas(svg, "part2")));
    }

    [Fact]
    public void Parts_of_memory_stand_on_each_other()
    {
        XElement svg = Parsed(new MemoryPicture(Result(("host", Rise(200 * MiB))), "Memory", MemoryPart.OfHost).Draw(PictureSize.Wide));
        (double X, double Y)[][] areas = [.. ((string[])["part0", "part2", "part5"]).Select(part => Outline(Areas(svg, part).Single()))];
        for (int i = 1; i < areas.Length; i++)
            Assert.Equal(areas[i - 1][..5], areas[i][5..].Reverse());
    }

    [Fact]
    public void Of_many_samples_the_peak_is_drawn()
    {
        ImmutableArray<Bench.Sample> samples = Rise(100 * MiB, 4001);
        XElement few = Parsed(new MemoryPicture(Result(("host", Rise(100 * MiB))), "m", MemoryPart.OfTrial).Draw(PictureSize.Wide)), many = Parsed(new MemoryPicture(Result(("host", samples)), "m", MemoryPart.OfTrial).Draw(PictureSize.Wide));
        (double X, double Y)[] outline = Outline(Areas(many, "part0").Single());
        Assert.InRange(outline.Length, 200, 602);
        Assert.Equal(Outline(Areas(few, "part0").Single()).Min(point => point.Y), outline.Min(point => point.Y));
    }

    [Fact]
    public void A_trial_that_failed_or_was_not_looked_at_twice_is_not_shown()
    {
        BenchResult result = Result(("host", Rise(10 * MiB)), ("docker", [Rise(10 * MiB)[0]]), ("podman", []));
        Assert.Single(Areas(Parsed(new MemoryPicture(result, "m", MemoryPart.OfTrial).Draw(PictureSize.Wide)), "part0"));
        Assert.Equal("", new MemoryPicture(result.Each(trial => trial with { Failure = "x" }), "m", MemoryPart.OfTrial).Draw(PictureSize.Wide));
        Assert.Equal("", new MemoryPicture(Session.Interleaved(1), "m", MemoryPart.OfHost).Draw(PictureSize.Wide));
    }

    [Fact]
    public void The_engine_s_costs_are_bars_where_there_is_an_engine()
    {
        BenchResult result = Session.Interleaved(1);
        Assert.Equal("", LifecyclePicture.Of(result, ResultConclusions.Of(result), PictureSize.Wide));
        BenchResult engine = result.Each(trial => trial.Environment == "docker" ? trial.With("teardown", 0.5).With("engine.user_system", 0.25) : trial) with
        {
            Metrics = [.. result.Metrics, BuiltInMetrics.Find("teardown")!, BuiltInMetrics.Find("engine.user_system")!],
        };
        XElement svg = Parsed(LifecyclePicture.Of(engine, ResultConclusions.Of(engine), PictureSize.Wide));
        Assert.Contains("removing the container 500.0 ms and CPU of the engine 250.0 ms", svg.Element("desc")!.Value);
        XElement[] bars = [.. svg.Elements("rect").Where(bar => bar.Element("title") is not null)];
        double Width(string name) => double.Parse(bars.Single(bar => bar.Element("title")!.Value.StartsWith(name, StringComparison.Ordinal)).Attribute("width")!.Value, CultureInfo.InvariantCulture);
        Assert.Equal(2, Width("removing") / Width("CPU of the engine"), 0.01);
    }

    [Fact]
    public void A_temperature_is_a_line_of_its_own_over_the_order_of_measurement()
    {
        BenchResult result = Session.Interleaved(1);
        Assert.DoesNotContain("heat", new ResultPictures(result, ResultConclusions.Of(result)).RunOrder(PictureSize.Wide));
        BenchResult warm = result.Each(trial => trial.With("temperature.end", 90).With("temperature.start", 40 + trial.Number)) with
        {
            Metrics = [.. result.Metrics, new("temperature.end", "°C", Direction.Neither, ""), new("temperature.start", "°C", Direction.Neither, "")],
        };
        ResultPictures pictures = new(warm, ResultConclusions.Of(warm));
        Assert.Equal("temperature.start", pictures.Temperature!.Name);
        XElement svg = Parsed(pictures.RunOrder(PictureSize.Wide));
        Assert.Equal(40, Outline(svg.Elements("polyline").Single(line => line.Attribute("class")!.Value == "heat")).Length);
        Assert.Contains(svg.Elements("text"), text => text.Value == "60 °C");
    }

    [Fact]
    public void The_page_goes_from_the_verdict_over_the_pictures_and_what_limits_them_to_the_tables()
    {
        BenchResult result = Result([.. Enumerable.Range(0, 12).Select(i => (i % 2 == 0 ? "host" : "docker", Rise((10 + i) * MiB)))])
            .Each(trial => trial with { Block = trial.Number / 2, Values = trial.Values.Add("teardown", 0.1) });
        result = result with { Metrics = [.. result.Metrics, BuiltInMetrics.Find("teardown")!], Environments = [.. result.Environments.Select((arm, i) => arm with { Facts = NoFacts.Add("x", $"{i}") })] };
        string page = HtmlReport.Of([(result, ResultConclusions.Of(result))]);
        string[] order =
        [
            "class=\"verdict", "Ratio of", "of each trial", "Distribution", "In the order of measurement", "Block by block", "Memory of a trial", "Memory of the host", "Around the command",
            "What was not the same", "What limits this", "All metrics", "All trials",
        ];
        int[] places = [.. order.Select(text => page.IndexOf(text, page.IndexOf("<main>", StringComparison.Ordinal), StringComparison.Ordinal))];
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }
}
