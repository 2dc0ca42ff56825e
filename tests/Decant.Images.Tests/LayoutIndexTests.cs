using System.Text;
using Decant.Linux;

namespace Decant.Images.Tests;

public sealed class LayoutIndexTests
{
    /// <summary>Bytes that are no UTF-8, half a pair of surrogates.</summary>
    [Theory]
    [InlineData("{\"manifests\":[{\"digest\":\"\xff\"}]}")]
    [InlineData("{\"manifests\":[{\"digest\":\"\\ud800\"}]}")]
    [InlineData("{\"manifests\":[{\"annotations\":{\"org.opencontainers.image.ref.name\":\"\\ud800\"}}]}")]
    [InlineData("{\"manifests\":[],\"\\ud800\":1}")]
    [InlineData("{\"manifests\":[],\"x\":\"\\udc00\"}")]
    public void Strings_that_are_no_text_are_refused_with_the_place(string json)
    {
        Descriptor image = new("application/vnd.oci.image.manifest.v1+json", Digest.Parse($"sha256:{new string('0', 64)}"), 1);
        DecantException refused = Assert.Throws<DecantException>(() => LayoutIndex.With(Encoding.Latin1.GetBytes(json), image, "tag", "index.json"));
        Assert.StartsWith("index.json: ", refused.Message);
    }
}
