using CsCheck;
using Decant.Linux;

namespace Decant.Images.Tests;

public sealed class RegistryReferenceTests
{
    const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    static readonly Gen<string> run = Gen.String[Gen.Char["abz09"], 1, 5];
    static readonly Gen<string> component = Gen.Select(run, Gen.OneOf("", ".", "_", "__", "-", "---"), run, (a, separator, b) => a + separator + b);
    static readonly Gen<string> host = Gen.OneOf(
        Gen.Select(run, run, (a, b) => $"{a}.{b}"), Gen.Const("localhost"), Gen.Const("[::1]:5000"), Gen.Select(run, Gen.Int[1, 65535], (a, port) => $"{a}:{port}"));
    static readonly Gen<string> tag = Gen.Select(Gen.Char["aZ0_"], Gen.String[Gen.Char["aZ0_.-"], 0, 127], (first, rest) => first + rest);

    [Theory]
    [InlineData("debian", "docker.io", "library/debian", "latest", "debian:latest")]
    [InlineData("debian:12", "docker.io", "library/debian", "12", "debian:12")]
    [InlineData("docker.io/debian:12", "docker.io", "library/debian", "12", "debian:12")]
    [InlineData("index.docker.io/library/debian:12", "docker.io", "library/debian", "12", "debian:12")]
    [InlineData("lab/mpi:4.1", "docker.io", "lab/mpi", "4.1", "lab/mpi:4.1")]
    [InlineData("localhost/x", "localhost", "x", "latest", "localhost/x:latest")]
    [InlineData("LAB/x", "LAB", "x", "latest", "LAB/x:latest")]
    [InlineData("LAB.Example/x", "lab.example", "x", "latest", "lab.example/x:latest")]
    [InlineData("127.0.0.1:5000/a/b/c:1", "127.0.0.1:5000", "a/b/c", "1", "127.0.0.1:5000/a/b/c:1")]
    [InlineData("[::1]:5000/x:1", "[::1]:5000", "x", "1", "[::1]:5000/x:1")]
    public void Names_mean_what_they_mean_to_docker(string text, string host, string repository, string tag, string familiar)
    {
        RegistryReference reference = RegistryReference.Parse(text);
        Assert.Equal((host, repository, tag, familiar), (reference.Host, reference.Repository, reference.Tag, reference.FamiliarName));
    }

    [Fact]
    public void A_digest_goes_over_a_tag()
    {
        RegistryReference reference = RegistryReference.Parse($"debian:12@sha256:{Hex}");
        Assert.Equal($"sha256:{Hex}", reference.ManifestName);
        Assert.Equal($"docker://docker.io/library/debian:12@sha256:{Hex}", reference.Text);
        Assert.Null(RegistryReference.Parse($"debian@sha256:{Hex}").Tag);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("localhost/")]
    [InlineData("localhost/Upper")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a..b")]
    [InlineData("a___b")]
    [InlineData("a._b")]
    [InlineData("a:")]
    [InlineData("a:-x")]
    [InlineData("a:x/y")]
    [InlineData("a@sha256:12")]
    [InlineData("a@md5:00")]
    [InlineData("host:0/x")]
    [InlineData("host:99999/x")]
    [InlineData("ho_st.x/x")]
    [InlineData("[::1/x")]
    [InlineData("[1.2.3.4]:5/x")]
    [InlineData("http://host/x")]
    [InlineData("a/../b")]
    [InlineData("a?b")]
    [InlineData("a b")]
    public void What_is_no_reference_is_refused(string text) => Assert.Throws<DecantException>(() => RegistryReference.Parse(text));

    [Fact]
    public void Every_reference_is_read_back_as_it_was_written() =>
        Gen.Select(host, component.Array[1, 4], Gen.Null(tag), Gen.Bool).Sample((host, components, tag, withDigest) =>
        {
            string text = $"{host}/{string.Join('/', components)}{(tag is null ? "" : ":" + tag)}{(withDigest ? "@sha256:" + Hex : "")}";
            RegistryReference reference = RegistryReference.Parse(text);
            Assert.Equal(reference, RegistryReference.Parse(reference.Text["docker://".Length..]));
            Assert.Equal(reference, RegistryReference.Parse(reference.FamiliarName));
            Assert.Equal((host, string.Join('/', components)), (reference.Host, reference.Repository));
        });

    [Fact]
    public void Whatever_is_written_is_a_reference_or_a_mistake_that_is_explained() =>
        Gen.String[Gen.Char["aA0.:/@_-[]sha256 \u00e9\n"], 0, 40].Sample(text =>
        {
            try
            {
                RegistryReference reference = RegistryReference.Parse(text);
                Assert.Equal(reference, RegistryReference.Parse(reference.Text["docker://".Length..]));
            }
            catch (DecantException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
        });
}
