using CsCheck;
using Decant.Linux;

namespace Decant.Cli.Tests;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("512", 512)]
    [InlineData("512b", 512)]
    [InlineData("64k", 64 * 1024)]
    [InlineData("64K", 64 * 1024)]
    [InlineData("64kb", 64 * 1024)]
    [InlineData("64KiB", 64 * 1024)]
    [InlineData("64 m", 64 * 1024 * 1024)]
    [InlineData("1.5g", 1610612736)]
    [InlineData("2t", 2199023255552)]
    public void A_size_is_read_as_docker_reads_it(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("k")]
    [InlineData("12q")]
    [InlineData("-1")]
    [InlineData("1..5m")]
    [InlineData(".5m")]
    [InlineData("5.m")]
    [InlineData("5bb")]
    [InlineData("5  m")]
    [InlineData("5m ")]
    [InlineData("9223372036854775808")]
    [InlineData("16777216t")]
    [InlineData("99999999999999999999999999999.5")]
    public void What_is_no_size_is_refused(string text) => Assert.Throws<DecantException>(() => ByteSize.Parse(text));

    [Fact]
    public void Every_number_with_every_unit_is_its_product() =>
        Gen.Select(Gen.Long[0, 1L << 20], Gen.Int[0, 4]).Sample((number, power) =>
            ByteSize.Parse($"{number}{"bkmgt"[power]}") == number << (10 * power));

    [Fact]
    public void No_text_does_anything_but_parse_or_be_refused() =>
        Gen.String[Gen.Char["0123456789.bkmgtpiBKMGTPI -+e"], 0, 12].Sample(text =>
        {
            try
            {
                return ByteSize.Parse(text) >= 0;
            }
            catch (DecantException)
            {
                return true;
            }
        });

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.0 KiB")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(234L << 20, "234 MiB")]
    [InlineData(long.MaxValue, "8.0 EiB")]
    public void Sizes_are_shown_with_a_fitting_unit(long bytes, string text) => Assert.Equal(text, ByteSize.Format(bytes));
}
