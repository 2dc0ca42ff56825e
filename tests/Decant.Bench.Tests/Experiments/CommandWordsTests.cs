using CsCheck;
using Decant.Launch;

namespace Decant.Bench.Tests;

public sealed class CommandWordsTests
{
    [Fact]
    public void Words_that_are_quoted_for_a_shell_come_back_unchanged() =>
        Gen.String.Array[0, 6].Where(words => !words.Any(word => word.Contains('\0'))).Sample(words =>
            Assert.Equal(words, CommandWords.Split(string.Join(' ', words.Select(ShellWord.Quote)))));

    [Theory]
    [InlineData("a  b\tc", "a|b|c")]
    [InlineData("'a b' \"c d\" e\\ f", "a b|c d|e f")]
    [InlineData("\"a\\\"b\" 'a\\b' \"\"", "a\"b|a\\b|")]
    public void Blanks_and_quotes_split_as_a_shell_splits(string line, string words) => Assert.Equal(words, string.Join('|', CommandWords.Split(line)));
}
