namespace Decant.Bench.Tests;

public sealed class TellableVariablesTests
{
    [Theory]
    [InlineData("PATH")]
    [InlineData("LD_LIBRARY_PATH")]
    [InlineData("OMP_NUM_THREADS")]
    public void What_says_how_programs_run_is_told(string name) => Assert.Equal("/x", TellableVariables.Told(name, "/x"));

    [Theory]
    [InlineData("GITHUB_TOKEN")]
    [InlineData("DB_PASSWORD")]
    [InlineData("NVIDIA_API_KEY")]
    [InlineData("ANYTHING_ELSE")]
    public void What_may_be_a_secret_is_told_apart_and_not_told(string name)
    {
        string one = TellableVariables.Told(name, "hunter2");
        Assert.Matches(@"^\(not told, #[0-9a-f]{4}\)$", one);
        Assert.Equal(one, TellableVariables.Told(name, "hunter2"));
        Assert.NotEqual(one, TellableVariables.Told(name, "hunter3"));
    }
}
