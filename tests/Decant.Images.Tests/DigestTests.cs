using Decant.Linux;

namespace Decant.Images.Tests;

public class DigestTests
{
    const string Empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void A_digest_keeps_its_text_and_knows_its_parts()
    {
        Digest digest = Digest.Parse(Empty);
        Assert.Equal(Empty, digest.ToString());
        Assert.Equal("sha256", digest.Algorithm);
        Assert.Equal(Empty[7..], digest.Hex);
        Assert.Equal(digest, Digest.Sha256([]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256")]
    [InlineData("sha256:")]
    [InlineData("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85")]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("sha256:../../../../../../../../../../../../../../../../../../../etc/passw")]
    [InlineData("sha512:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    public void What_is_no_digest_is_refused(string text)
    {
        Assert.False(Digest.TryParse(text, out _));
        Assert.Throws<DecantException>(() => Digest.Parse(text));
    }

    [Fact]
    public void Sha512_is_read()
    {
        Assert.Equal(128, Digest.Parse("sha512:" + new string('a', 128)).Hex.Length);
    }

    [Fact]
    public void Chain_ids_are_those_of_the_specification()
    {
        Digest a = Digest.Sha256("a"u8);
        Digest b = Digest.Sha256("b"u8);
        IReadOnlyList<Digest> chain = ChainId.Of([a, b]);
        Assert.Equal(a, chain[0]);
        Assert.Equal(Digest.Sha256(System.Text.Encoding.ASCII.GetBytes($"{a} {b}")), chain[1]);
    }
}
