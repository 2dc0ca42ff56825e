using CsCheck;
using Decant.Linux;

namespace Decant.Bench.Tests;

public class GenericFormatsTests
{
    static readonly Metric _rate = new("rate", "1/s", Direction.HigherIsBetter, "What the program says.");

    static readonly Metric _wait = new("wait", "s", Direction.LowerIsBetter, "What the program says.");

    static RegexFormat Pattern(string pattern, ValueChoice choice = ValueChoice.Only, int? matches = null) =>
        new([pattern], new Dictionary<string, GenericFigure> { ["rate"] = new(_rate, choice, 1, matches) });

    static JsonPathFormat Path(string path, ValueChoice choice = ValueChoice.Only) => new([(path, new GenericFigure(_rate, choice))]);

    static double Value(WorkloadReading reading)
    {
        Assert.Null(reading.Failure);
        return Assert.Single(reading.Values).Value;
    }

    [Theory]
    [InlineData(ValueChoice.First, 3)]
    [InlineData(ValueChoice.Last, 5)]
    [InlineData(ValueChoice.Mean, 3)]
    [InlineData(ValueChoice.Sum, 9)]
    [InlineData(ValueChoice.Min, 1)]
    [InlineData(ValueChoice.Max, 5)]
    public void Several_matches_take_a_choice(ValueChoice choice, double expected) =>
        Assert.Equal(expected, Value(Pattern(@"rate=(?<rate>\S+)", choice).Read("rate=3\nrate=1\nno\nrate=5")));

    [Fact]
    public void Another_number_of_matches_than_declared_is_a_failure()
    {
        Assert.Equal(2, Value(Pattern(@"rate=(?<rate>\S+)").Read("x\nrate=2")));
        Assert.Equal(@"regex, line 2: rate: the group rate of rate=(?<rate>\S+) matches 2 times and not 1: choose first, last, mean, sum, min or max", Pattern(@"rate=(?<rate>\S+)").Read("rate=2\nrate=3").Failure!.ToString());
        Assert.Equal(@"regex: rate: the group rate of rate=(?<rate>\S+) matches nothing", Pattern(@"rate=(?<rate>\S+)").Read("speed=2").Failure!.ToString());
        Assert.Equal("regex, line 1: nan is no measured value", Pattern(@"rate=(?<rate>\S+)").Read("rate=nan").Failure!.ToString());
        Assert.Contains("matches 2 times and not 3", Pattern(@"rate=(?<rate>\S+)", ValueChoice.Mean, 3).Read("rate=2\nrate=3").Failure!.ToString());
    }

    [Fact]
    public void Each_group_is_a_figure_with_a_unit_of_its_own()
    {
        RegexFormat format = new([@"(?<rate>\d+) per s, wait (?<wait>\S+) ms"], new Dictionary<string, GenericFigure> { ["rate"] = new(_rate), ["wait"] = new(_wait, Scale: 1e-3) });
        WorkloadReading reading = format.Read("x\n12 per s, wait 3.5 ms");
        Assert.Equal([("rate", 12, 2), ("wait", 0.0035, 2)], reading.Values.Select(value => (value.Metric.Name, value.Value, value.SourceLine)));
    }

    [Fact]
    public void Patterns_of_two_figures_may_meet_in_one_line()
    {
        RegexFormat format = new([@"^(?<rate>\d+) per s", @"^\d+ per s, wait (?<wait>\S+) ms"], new Dictionary<string, GenericFigure> { ["rate"] = new(_rate), ["wait"] = new(_wait, Scale: 1e-3) });
        Assert.Equal([("rate", 12), ("wait", 0.0035)], format.Read("12 per s, wait 3.5 ms").Values.Select(value => (value.Metric.Name, value.Value)));
    }

    [Theory]
    [InlineData(@"rate=(?<rate>\S+", "is no regular expression that decant runs")]
    [InlineData(@"rate=(\S+)", "names no figure")]
    [InlineData(@"(?<rate>\d+)(?<wait>\d+)", "the group wait of the pattern has no unit and direction")]
    [InlineData(@"(?<speed>\d+)", "the group speed of the pattern has no unit and direction")]
    [InlineData(@"(?<rate>\d+)(?=x)", "is no regular expression that decant runs")]
    public void A_pattern_that_cannot_work_is_refused_at_once(string pattern, string message) =>
        Assert.Contains(message, Assert.Throws<DecantException>(() => Pattern(pattern)).Message);

    [Theory]
    [InlineData("$.a.b[0].c", ValueChoice.Only, 1)]
    [InlineData("$['a'][\"b\"][1].c", ValueChoice.Only, 2)]
    [InlineData("$.a.b[-1].c", ValueChoice.Only, 4)]
    [InlineData("$.a.b[*].c", ValueChoice.Sum, 7)]
    [InlineData("$.a.b.*.c", ValueChoice.Max, 4)]
    [InlineData("$['odd.name[0]']", ValueChoice.Only, 9)]
    public void A_path_leads_to_numbers(string path, ValueChoice choice, double expected) =>
        Assert.Equal(expected, Value(Path(path, choice).Read("Warning: x\n{\"a\":{\"b\":[{\"c\":1},\n{\"c\":2},{\"c\":4}]},\"odd.name[0]\":9}\nbye")));

    [Fact]
    public void A_path_that_leads_nowhere_to_many_or_to_a_text_is_a_failure()
    {
        const string json = "{\"a\":[1,\n2],\"b\":\"x\"}";
        Assert.Equal("jsonpath: rate: $.c matches nothing", Path("$.c").Read(json).Failure!.ToString());
        Assert.Equal("jsonpath: rate: $.a[5] matches nothing", Path("$.a[5]").Read(json).Failure!.ToString());
        Assert.StartsWith("jsonpath, line 2: rate: $.a[*] matches 2 times and not 1", Path("$.a[*]").Read(json).Failure!.ToString());
        Assert.Equal("jsonpath, line 2: $.b is no number: x", Path("$.b").Read(json).Failure!.ToString());
        Assert.Equal("jsonpath: the output has no JSON", Path("$.b").Read("none").Failure!.ToString());
        Assert.StartsWith("jsonpath, line 2: not JSON", Path("$.b").Read("{\n\"a\":,\n}").Failure!.ToString());
    }

    [Theory]
    [InlineData("a.b", "at character 1: a path begins with $")]
    [InlineData("$..b", "at character 3: descendants (..) are not read")]
    [InlineData("$.a[?(@.x)]", "at character 5: in brackets stands a number, * or a name in quotes; filters and slices are not read")]
    [InlineData("$.a[0:2]", "filters and slices are not read")]
    [InlineData("$.a[0", "the [ has no ]")]
    [InlineData("$['a", "the name in quotes does not end")]
    [InlineData("$.", "a name is missing")]
    public void A_path_that_is_none_is_refused_at_once(string path, string message) =>
        Assert.Contains(message, Assert.Throws<DecantException>(() => Path(path)).Message);

    [Fact]
    public void Columns_are_found_by_their_names()
    {
        CsvFormat format = new([("rate", new GenericFigure(_rate, ValueChoice.Mean)), ("wait, ms", new GenericFigure(_wait, ValueChoice.Last, 1e-3))]);
        WorkloadReading reading = format.Read("Running…\nname,rate,\"wait, ms\"\na,1,10\n\"b \"\"c\"\"\",3,20\ndone\n");
        Assert.Equal([("rate", 2, 3), ("wait", 0.02, 4)], reading.Values.Select(value => (value.Metric.Name, value.Value, value.SourceLine)));
        Assert.Equal("csv, line 3: fast is no number", format.Read("name,rate,\"wait, ms\"\na,1,10\nb,fast,10").Failure!.ToString());
        Assert.Equal("csv: no line names the columns rate, wait, ms", format.Read("a,b\n1,2").Failure!.ToString());
        Assert.Equal("csv: rate: the column rate matches nothing", format.Read("rate,\"wait, ms\"").Failure!.ToString());
    }

    [Fact]
    public void Generic_formats_throw_for_no_text()
    {
        WorkloadFormat[] formats = [Pattern(@"(?<rate>[^ ]*)", ValueChoice.Last), Path("$[*].a"), new CsvFormat([("a", new GenericFigure(_rate, ValueChoice.Last))])];
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["{}[]\",:a1\n "], 0, 40]).Sample(text =>
        {
            foreach (WorkloadFormat format in formats)
                Assert.NotEqual(format.Read(text).Failure is null, format.Read(text).Values.IsEmpty);
        }, iter: 3000);
    }

    [Fact]
    public void Paths_that_are_none_throw_nothing_else() => Gen.String[Gen.Char["$.[]'*a0-1\""], 0, 12].Sample(path =>
    {
        try
        {
            JsonQuery.Parse(path);
        }
        catch (DecantException)
        {
        }
    }, iter: 5000);
}
