using CsCheck;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli.Tests;

public sealed class UlimitTextTests
{
    [Fact]
    public void One_number_is_both_limits() => Assert.Equal(new UlimitRequest("nofile", 1024, 1024), UlimitText.Parse("nofile=1024"));

    [Fact]
    public void Two_numbers_are_soft_and_hard() => Assert.Equal(new UlimitRequest("nproc", 10, 20), UlimitText.Parse("nproc=10:20"));

    [Theory]
    [InlineData("memlock=-1")]
    [InlineData("memlock=-1:-1")]
    [InlineData("memlock=unlimited")]
    public void Minus_one_is_unlimited(string text) => Assert.Equal(new UlimitRequest("memlock", null, null), UlimitText.Parse(text));

    [Fact]
    public void Every_limit_and_number_comes_back() =>
        Gen.Select(Gen.Int[0, UlimitText.Names.Length - 1], Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue]).Sample((index, a, b) =>
            UlimitText.Parse($"{UlimitText.Names[index]}={Math.Min(a, b)}:{Math.Max(a, b)}") == new UlimitRequest(UlimitText.Names[index], (ulong)Math.Min(a, b), (ulong)Math.Max(a, b)));

    [Theory]
    [InlineData("nofile")]
    [InlineData("nofile=")]
    [InlineData("nofile=x")]
    [InlineData("nofile=-2")]
    [InlineData("nofile=5:4")]
    [InlineData("nofile=-1:4")]
    [InlineData("nofile=1:2:3")]
    [InlineData("=4")]
    [InlineData("nofile=99999999999999999999")]
    public void What_is_no_limit_is_refused(string text) => Assert.Throws<DecantException>(() => UlimitText.Parse(text));

    [Fact]
    public void A_misspelt_name_is_answered_with_the_nearest()
    {
        DecantException e = Assert.Throws<DecantException>(() => UlimitText.Parse("nofiles=4"));
        Assert.Equal("there is no limit nofiles; did you mean nofile?", e.Message);
        Assert.Contains("memlock", e.Fix);
    }
}
