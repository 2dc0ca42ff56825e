namespace Decant.Doctor.Tests;

public sealed class EnvironmentChangeTests
{
    [Theory]
    [InlineData(null, "/a", "V=/a")]
    [InlineData("", "/a", "V=/a")]
    [InlineData("/b:/c", "/a:/b:/c", "V=/a:$V")]
    [InlineData("/b:/a:/c", "/a:/b:/c", "V=/a:/b:/c")]
    public void A_directory_goes_first_and_stands_once(string? before, string value, string shell)
    {
        EnvironmentChange change = EnvironmentChange.Prepend("V", before, "/a", "");
        Assert.Equal((value, shell), (change.Value, change.Describe(before)));
    }

    [Theory]
    [InlineData("/a", null, "unset V")]
    [InlineData("/b:/a:/c:/a", "/b:/c", "V=/b:/c")]
    public void A_directory_is_taken_out_wherever_it_stands(string before, string? value, string shell)
    {
        EnvironmentChange change = EnvironmentChange.Remove("V", before, "/a", "");
        Assert.Equal((value, shell), (change.Value, change.Describe(before)));
    }
}
