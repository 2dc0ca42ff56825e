using CsCheck;

namespace Decant.Images.Tests;

public sealed class AuthChallengeTests
{
    [Fact]
    public void A_bearer_challenge_has_its_parts()
    {
        AuthChallenge challenge = Assert.Single(AuthChallenge.Parse("""Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull,push" """));
        Assert.True(challenge.Is("bearer"));
        Assert.Equal("https://auth.example/token", challenge.Parameters["REALM"]);
        Assert.Equal("repository:a/b:pull,push", challenge.Parameters["scope"]);
    }

    [Theory]
    [InlineData("Basic realm=\"a\", Bearer realm=\"b\"", "Basic a|Bearer b")]
    [InlineData("Basic, Bearer realm=b", "Basic |Bearer b")]
    [InlineData("Negotiate YWJj==, Basic realm=\"a\"", "Negotiate |Basic a")]
    [InlineData("Basic realm=\"a \\\"quoted\\\" \\\\ word\"", "Basic a \"quoted\" \\ word")]
    [InlineData("Basic realm = \"a\" , charset=\"UTF-8\"", "Basic a")]
    [InlineData("Basic realm=\"not closed", "Basic not closed")]
    [InlineData(",, Basic realm=a", "Basic a")]
    [InlineData("=", "")]
    [InlineData("", "")]
    public void Several_challenges_are_told_apart(string header, string expected) =>
        Assert.Equal(expected, string.Join('|', AuthChallenge.Parse(header).Select(challenge => $"{challenge.Scheme} {challenge.Parameters.GetValueOrDefault("realm")}")));

    [Fact]
    public void What_is_quoted_comes_out_as_it_went_in() =>
        Gen.Select(Gen.String[Gen.Char["aZ9-_"], 1, 6], Gen.String[Gen.Char[' ', '~'], 0, 30]).Array[1, 4].Sample(pairs =>
        {
            string header = "Bearer " + string.Join(',', pairs.Select(pair => $"{pair.Item1}=\"{pair.Item2.Replace("\\", "\\\\").Replace("\"", "\\\"")}\""));
            AuthChallenge challenge = Assert.Single(AuthChallenge.Parse(header));
            foreach ((string name, string value) in pairs.Reverse())
            {
                if (pairs.Count(pair => string.Equals(pair.Item1, name, StringComparison.OrdinalIgnoreCase)) == 1)
                    Assert.Equal(value, challenge.Parameters[name]);
            }
        });

    [Fact]
    public void Any_header_is_read_to_an_end() =>
        Gen.String[Gen.Char["aB=\", \\\t~é"], 0, 60].Sample(header => Assert.All(AuthChallenge.Parse(header), challenge => Assert.NotEmpty(challenge.Scheme)));
}
