using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;

namespace Decant.Bench.Tests;

public sealed class PictureLayoutTests
{
    /// <summary>With an engine, a temperature, memory over time and a GPU.</summary>
    static readonly BenchResult _result = Session.Interleaved(1, blocks: 3).Each(trial => trial.With("teardown", 0.5).With("engine.user_system", 0.25).With("temperature.start", 40 + trial.Number) with
    {
        Samples = [.. Enumerable.Range(0, 4).Select(i => GpuPictureTests.Look(i, gpus: [GpuPictureTests.Gpu(50 + i, 300, 60, 1500)]))],
    }) with
    {
        Metrics = [Session.Wall, BuiltInMetrics.Find("teardown")!, BuiltInMetrics.Find("engine.user_system")!, new Metric("temperature.start", "°C", Direction.Neither, "")],
    };

    static readonly ResultConclusions _conclusions = ResultConclusions.Of(_result);

    /// <summary>All pictures, with environments of those names.</summary>
    static IEnumerable<string> Pictures(string one, string other, PictureSize size)
    {
        string Renamed(string name) => name == "native" ? one : other;
        BenchResult result = _result.Each(trial => trial with { Environment = Renamed(trial.Environment) }) with { Environments = [.. _result.Environments.Select(arm => arm with { Name = Renamed(arm.Name) })] };
        ResultConclusions conclusions = _conclusions with
        {
            Verdicts = [.. _conclusions.Verdicts.Select(verdict => verdict with { Question = verdict.Question with { Subject = other, Baseline = one } })],
            Summaries = [.. _conclusions.Summaries.Select(summary => summary with { Environment = Renamed(summary.Environment) })],
        };
        ResultPictures pictures = new(result, conclusions);
        Waterfall waterfall = new(other, one, 3e8, [new WaterfallPart(one, 1e8), new WaterfallPart(other, -1e6)], 2e8, 1e8);
        return
        [
            pictures.Forest(size), pictures.Strip(size), pictures.Cumulative(size), pictures.RunOrder(size), pictures.Blocks(size), ResultPictures.Of(waterfall, size),
            LifecyclePicture.Of(result, conclusions, size), new MemoryPicture(result, "m", MemoryPart.OfHost).Draw(size), new GpuPicture(result).Draw(size),
        ];
    }

    /// <summary>In DejaVu Sans of 12 pixels, the widest font that a desktop's interface commonly has, rounded up.</summary>
    static double Width(string text) => text.Sum(letter => letter switch { 'W' or '%' or '…' or '@' => 12.0, 'm' or 'M' or 'w' or '+' or '−' or '×' or '界' => 12, 'i' or 'l' or ' ' or '.' or ',' or ':' or '/' or '-' => 4.4, _ when char.IsUpper(letter) => 9.5, _ => 7.7 });

    static void AssertInside(string picture)
    {
        XElement svg = XElement.Parse(picture);
        double width = double.Parse(svg.Attribute("viewBox")!.Value.Split(' ')[2], CultureInfo.InvariantCulture);
        foreach (XElement text in svg.Elements("text"))
        {
            string shown = string.Concat(text.Nodes().OfType<XText>().Select(node => node.Value));
            double x = double.Parse(text.Attribute("x")!.Value, CultureInfo.InvariantCulture);
            double from = x - Width(shown) * text.Attribute("text-anchor")!.Value switch { "start" => 0, "middle" => 0.5, _ => 1 };
            Assert.True(from >= 0 && from + Width(shown) <= width, $"{svg.Element("title")!.Value}: {shown} from {from:F0} to {from + Width(shown):F0} of {width}");
        }
    }

    [Fact]
    public void No_text_of_a_picture_is_cut_at_its_edges_whatever_the_names()
    {
        foreach (PictureSize size in (PictureSize[])[PictureSize.Wide, PictureSize.Narrow])
        {
            for (int length = 1; length <= 80; length++)
            {
                string[] pictures = [.. Pictures(new string('n', length), new string("Wm-界"[length % 4], length), size)];
                Assert.DoesNotContain("", pictures);
                Assert.All(pictures, AssertInside);
            }
        }
    }

    [Fact]
    public void A_name_without_room_keeps_its_ends_and_is_whole_when_pointed_at()
    {
        string name = "the-first-of-" + new string('x', 60) + "-the-last";
        foreach (PictureSize size in (PictureSize[])[PictureSize.Wide, PictureSize.Narrow])
        {
            XElement text = XElement.Parse(Pictures(name, "b", size).ElementAt(1)).Elements("text").Single(text => text.Element("title") is not null);
            Assert.Equal(name, text.Element("title")!.Value);
            Assert.StartsWith("the-first-of-", text.Value);
            Assert.EndsWith("-the-last", ((XText)text.FirstNode!).Value);
            Assert.Contains("…", text.Value);
        }
    }

    [Fact]
    public void Half_of_a_pair_of_code_units_is_not_shown()
    {
        for (double room = 0; room < 100; room++)
            Assert.Equal(-1, SvgPicture.Fitting("😀😀😀😀😀😀😀😀", room).Replace("😀", "").AsSpan().IndexOfAnyInRange('\ud800', '\udfff'));
        Assert.Equal("abc", SvgPicture.Fitting("abc", 30));
    }

    [Fact]
    public void Environments_differ_without_colours_and_look_the_same_in_each_picture()
    {
        string[] names = [.. Enumerable.Range(0, 12).Select(i => $"arm{i}")];
        BenchResult result = Session.Interleaved(1) with
        {
            Environments = [.. names.Select(name => new ResultEnvironment(name, "host", name, ImmutableSortedDictionary<string, string>.Empty))],
            Questions = [],
            Trials = [.. Enumerable.Range(0, 48).Select(i => new Trial { Number = i, Block = i / 12, Environment = names[i % 12], Values = ImmutableSortedDictionary<string, double>.Empty.Add("wall", 1 + i % 7) })],
        };
        ResultPictures pictures = new(result, ResultConclusions.Of(result));
        string[][] kinds = [.. ((string[])[pictures.Cumulative(PictureSize.Wide), pictures.RunOrder(PictureSize.Wide)]).Select(picture => XElement.Parse(picture))
            .Select(svg => svg.Elements("polyline").Take(12).Select(line => line.Attribute("class")!.Value.Split(' ', 2)[1]).ToArray())];
        Assert.Equal(12, kinds[0].Distinct().Count());
        Assert.Equal(kinds[0], kinds[1]);
        XElement[] points = [.. XElement.Parse(pictures.RunOrder(PictureSize.Wide)).Elements().Where(element => element.Attribute("class")?.Value.StartsWith("dot", StringComparison.Ordinal) == true).Take(12)];
        Assert.Equal(["circle", "polygon", "polygon", "polygon", "polygon", "polygon"], points.Take(6).Select(point => point.Name.LocalName));
        Assert.Equal(5, points.Skip(1).Take(5).Select(point => (point.Attribute("points")!.Value.Split(' ').Length, point.Attribute("points")!.Value)).Distinct().Count());
    }

    [Fact]
    public void The_order_of_measurement_is_drawn_on_the_clock_where_trials_tell_it()
    {
        // A pause of an hour before the second half.
        BenchResult result = Session.Interleaved(1).Each(trial => trial with { Started = new DateTimeOffset(2026, 3, 1, 23, 20, 0, TimeSpan.FromHours(1)).AddMinutes(trial.Number + (trial.Number >= 20 ? 60 : 0)) });
        XElement svg = XElement.Parse(new ResultPictures(result, ResultConclusions.Of(result)).RunOrder(PictureSize.Wide));
        string[] texts = [.. svg.Elements("text").Select(text => text.Value)];
        Assert.Contains("22:30", texts);
        Assert.Contains("23:45", texts);
        Assert.Equal(["03-02"], texts.Where(text => text.StartsWith("03-", StringComparison.Ordinal)));
        double[] places = [.. svg.Elements("circle").Skip(1).Select(circle => double.Parse(circle.Attribute("cx")!.Value, CultureInfo.InvariantCulture))];
        double longest = places.Zip(places.Skip(1), (a, b) => b - a).Max();
        Assert.InRange(longest, (places[^1] - places[0]) * 0.55, (places[^1] - places[0]) * 0.7);
        BenchResult silent = result.Each(trial => trial.Number == 3 ? trial with { Started = null } : trial);
        Assert.Contains(">first trial<", new ResultPictures(silent, ResultConclusions.Of(silent)).RunOrder(PictureSize.Wide));
        Assert.DoesNotContain("first trial", texts);
    }
}
