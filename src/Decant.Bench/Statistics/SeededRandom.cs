namespace Decant.Bench;

/// <summary>
/// Random numbers that are the same for a seed on every machine and in every version: xoshiro256** (Blackman and Vigna, ACM TOMS 47, 2021), its state
/// filled by SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
/// </summary>
public sealed class SeededRandom
{
    readonly ulong[] _state = new ulong[4];

    public SeededRandom(ulong seed)
    {
        for (int i = 0; i < _state.Length; i++)
        {
            seed += 0x9E3779B97F4A7C15;
            ulong z = seed;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            _state[i] = z ^ (z >> 31);
        }
    }

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        ulong result = ulong.RotateLeft(_state[1] * 5, 7) * 9, shifted = _state[1] << 17;
        _state[2] ^= _state[0];
        _state[3] ^= _state[1];
        _state[1] ^= _state[2];
        _state[0] ^= _state[3];
        _state[2] ^= shifted;
        _state[3] = ulong.RotateLeft(_state[3], 45);
        return result;
    }

    /// <summary>A whole number from 0 to <paramref name="limit"/> − 1, all equally likely (Lemire, ACM TOMACS 29, 2019).</summary>
    public int Below(int limit)
    {
        ulong unfair = (0UL - (ulong)limit) % (ulong)limit;
        while (true)
        {
            ulong high = Math.BigMul(Next(), (ulong)limit, out ulong low);
            if (low >= unfair)
                return (int)high;
        }
    }

    /// <summary>Puts the items into an order of which all are equally likely (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
