using System.Buffers.Binary;
using System.Numerics;

namespace Decant.Images;

/// <summary>SHA-256 (FIPS 180-4, sections 4.1.2, 5.1.1 and 6.2).</summary>
public sealed class ManagedSha256
{
    const int BlockBytes = 64;

    /// <summary>The first 32 bits of the fractional parts of the cube roots of the first 64 primes.</summary>
    static readonly uint[] Constants = RootFractions(64, Math.Cbrt);

    readonly uint[] state = new uint[8];
    readonly byte[] block = new byte[BlockBytes];
    readonly uint[] schedule = new uint[64];
    int filled;
    ulong total;

    public ManagedSha256() => Reset();

    public void Append(ReadOnlySpan<byte> bytes)
    {
        total += (ulong)bytes.Length;
        if (filled > 0)
        {
            int taken = Math.Min(BlockBytes - filled, bytes.Length);
            bytes[..taken].CopyTo(block.AsSpan(filled));
            filled += taken;
            bytes = bytes[taken..];
            if (filled < BlockBytes)
                return;
            Compress(block);
            filled = 0;
        }

        for (; bytes.Length >= BlockBytes; bytes = bytes[BlockBytes..])
            Compress(bytes[..BlockBytes]);
        bytes.CopyTo(block);
        filled = bytes.Length;
    }

    /// <summary>The 32 bytes of the digest; starts anew.</summary>
    public byte[] Finish()
    {
        ulong bits = total * 8;
        Append([0x80]);
        while (filled != BlockBytes - 8)
            Append([0]);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(length, bits);
        Append(length);
        byte[] digest = new byte[32];
        for (int i = 0; i < 8; i++)
            BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(i * 4), state[i]);
        Reset();
        return digest;
    }

    void Reset()
    {
        RootFractions(8, Math.Sqrt).CopyTo(state, 0);
        filled = 0;
        total = 0;
    }

    void Compress(ReadOnlySpan<byte> bytes)
    {
        uint[] w = schedule;
        for (int i = 0; i < 16; i++)
            w[i] = BinaryPrimitives.ReadUInt32BigEndian(bytes[(i * 4)..]);
        for (int i = 16; i < 64; i++)
        {
            uint small0 = BitOperations.RotateRight(w[i - 15], 7) ^ BitOperations.RotateRight(w[i - 15], 18) ^ (w[i - 15] >> 3);
            uint small1 = BitOperations.RotateRight(w[i - 2], 17) ^ BitOperations.RotateRight(w[i - 2], 19) ^ (w[i - 2] >> 10);
            w[i] = w[i - 16] + small0 + w[i - 7] + small1;
        }

        uint a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
        for (int i = 0; i < 64; i++)
        {
            uint big1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
            uint t1 = h + big1 + ((e & f) ^ (~e & g)) + Constants[i] + w[i];
            uint big0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
            uint t2 = big0 + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + t1, c, b, a, t1 + t2);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    /// <summary>A double has 53 bits, of which the whole part takes at most 5.</summary>
    static uint[] RootFractions(int count, Func<double, double> root)
    {
        uint[] fractions = new uint[count];
        int found = 0;
        for (int candidate = 2; found < count; candidate++)
        {
            bool prime = true;
            for (int divisor = 2; divisor * divisor <= candidate; divisor++)
                prime &= candidate % divisor != 0;
            if (prime)
                fractions[found++] = (uint)((root(candidate) % 1) * 4294967296.0);
        }

        return fractions;
    }
}
