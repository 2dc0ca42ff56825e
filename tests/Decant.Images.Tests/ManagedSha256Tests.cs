using System.Security.Cryptography;
using CsCheck;

namespace Decant.Images.Tests;

public sealed class ManagedSha256Tests
{
    [Fact]
    public void Any_bytes_in_any_pieces_have_the_digest_that_openssl_gives() =>
        Gen.Byte.Array[0, 300].Array[0, 6].Sample(pieces =>
        {
            ManagedSha256 hash = new();
            foreach (byte[] piece in pieces)
                hash.Append(piece);
            byte[] whole = [.. pieces.SelectMany(piece => piece)];
            return hash.Finish().AsSpan().SequenceEqual(SHA256.HashData(whole)) && hash.Finish().AsSpan().SequenceEqual(SHA256.HashData([]));
        });

    [Fact]
    public void Lengths_around_a_block_are_padded_as_the_standard_says()
    {
        for (int length = 0; length < 200; length++)
        {
            byte[] bytes = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
            ManagedSha256 hash = new();
            hash.Append(bytes);
            Assert.Equal(SHA256.HashData(bytes), hash.Finish());
        }
    }
}
