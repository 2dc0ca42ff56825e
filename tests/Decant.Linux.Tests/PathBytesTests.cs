using CsCheck;

namespace Decant.Linux.Tests;

public sealed class PathBytesTests
{
    [Fact]
    public void Every_name_that_the_kernel_allows_comes_back_byte_for_byte() =>
        Gen.Byte[1, 255].Array[0, 40].Sample(bytes => PathBytes.Encode(PathBytes.Decode(bytes)).AsSpan().SequenceEqual(bytes));

    [Theory]
    [InlineData("\u00e9", "é")]
    [InlineData("plain", "plain")]
    public void Utf8_names_are_ordinary_text(string expected, string text) => Assert.Equal(expected, PathBytes.Decode(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_hostile_name_cannot_write_to_a_terminal() =>
        Assert.Equal("a\\x1b[2J\\x0a\\xff", PathBytes.Printable(PathBytes.Decode([(byte)'a', 0x1b, (byte)'[', (byte)'2', (byte)'J', (byte)'\n', 0xff])));

    [Fact]
    public void A_nul_in_a_name_is_an_error() => Assert.Throws<DecantException>(() => PathBytes.Encode("a\0b"));
}
