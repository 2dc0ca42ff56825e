using System.Text;

namespace Decant.Images;

/// <summary>The identity of a layer together with all below it (image-spec config.md, "Layer ChainID").</summary>
static class ChainId
{
    /// <summary>One for each layer, the lowest first.</summary>
    public static IReadOnlyList<Digest> Of(IReadOnlyList<Digest> diffIds)
    {
        List<Digest> chain = new(diffIds.Count);
        foreach (Digest diffId in diffIds)
            chain.Add(chain.Count == 0 ? diffId : Digest.Sha256(Encoding.ASCII.GetBytes($"{chain[^1]} {diffId}")));
        return chain;
    }
}
