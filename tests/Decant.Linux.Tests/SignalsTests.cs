namespace Decant.Linux.Tests;

public sealed class SignalsTests
{
    [Theory]
    [InlineData("SIGTERM", 15)]
    [InlineData("TERM", 15)]
    [InlineData("sigquit", 3)]
    [InlineData("9", 9)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("RTMAX-1", 63)]
    [InlineData("SIGRTMIN", 34)]
    public void Signals_go_by_name_or_number(string text, int number) => Assert.Equal(number, Signals.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("SIG")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("SIGNONE")]
    [InlineData("RTMIN+99")]
    [InlineData("RTMIN-1")]
    public void Anything_else_is_no_signal(string text) => Assert.Null(Signals.Parse(text));

    [Fact]
    public void A_name_leads_back_to_its_number()
    {
        for (int signal = 1; signal <= 64; signal++)
        {
            // 32 and 33 belong to the C library and have no name.
            if (signal is not (32 or 33))
                Assert.Equal(signal, Signals.Parse(Signals.Name(signal)));
        }
    }
}
