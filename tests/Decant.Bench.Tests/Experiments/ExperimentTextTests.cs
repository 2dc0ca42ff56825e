using Decant.Linux;

namespace Decant.Bench.Tests;

public sealed class ExperimentTextTests
{
    [Theory]
    [InlineData("90", 90)]
    [InlineData("1.5s", 1.5)]
    [InlineData("250ms", 0.25)]
    [InlineData("10m", 600)]
    [InlineData("2h", 7200)]
    public void A_duration_is_a_number_with_a_unit(string text, double seconds) => Assert.Equal(seconds, DurationText.Parse(text, "--budget").TotalSeconds, 9);

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1d")]
    [InlineData("1e400s")]
    [InlineData("99999h")]
    public void What_is_no_duration_is_refused_by_the_option_s_name(string text) =>
        Assert.Contains("--budget", Assert.Throws<DecantException>(() => DurationText.Parse(text, "--budget")).Message);

    [Theory]
    [InlineData("cpu.pressure<=5", true, 5.0, 5.1)]
    [InlineData("memory.available>=100", false, 100.0, 99.0)]
    [InlineData("load<1", true, 0.0, 2.0)]
    [InlineData("gpu.temperature<=50", true, 50.0, 51.0)]
    [InlineData("gpu.utilisation<=5", true, 0.0, 6.0)]
    [InlineData("gpu.memory<=1024", true, 0.0, 1025.0)]
    [InlineData("gpu.clock>=1400", false, 1980.0, 345.0)]
    public void A_gate_opens_on_its_side_of_the_bound(string text, bool atMost, double open, double shut)
    {
        Gate gate = Gate.Parse(text);
        Assert.Equal((atMost, true, false), (gate.AtMost, gate.Opens(open), gate.Opens(shut)));
    }

    [Theory]
    [InlineData("wall > 2%", true, 2.0)]
    [InlineData("tokens_per_second < -3 %", false, -3.0)]
    [InlineData("memory.peak>10", true, 10.0)]
    public void A_failure_condition_is_a_metric_a_side_and_percent(string text, bool worse, double percent)
    {
        FailureCondition condition = FailureCondition.Parse(text);
        Assert.Equal((worse, percent), (condition.Worse, condition.Percent));
    }

    [Theory]
    [InlineData("wall")]
    [InlineData("> 2%")]
    [InlineData("wall > x")]
    [InlineData("wall < -100%")]
    public void What_is_no_condition_is_refused(string text) => Assert.Throws<DecantException>(() => FailureCondition.Parse(text));
}
