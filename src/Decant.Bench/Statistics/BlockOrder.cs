namespace Decant.Bench;

/// <summary>In which order the arms run in each block: balanced, so that no arm is always first and each follows each other equally often.</summary>
public static class BlockOrder
{
    /// <summary>
    /// Williams' sequences of <paramref name="arms"/> arms (Aust. J. Sci. Res. A 2, 1949): in all of them together each arm stands once at each place, or
    /// twice where the arms are odd in number, and directly after each other arm equally often.
    /// </summary>
    public static int[][] Williams(int arms)
    {
        if (arms < 2)
            throw new ArgumentOutOfRangeException(nameof(arms), arms, "An order is balanced among two arms or more.");
        int[] first = new int[arms];
        for (int place = 1, low = 1, high = arms - 1; place < arms; place++)
            first[place] = place % 2 == 1 ? low++ : high--;
        List<int[]> sequences = [];
        for (int shift = 0; shift < arms; shift++)
        {
            int[] sequence = Array.ConvertAll(first, arm => (arm + shift) % arms);
            sequences.Add(sequence);
            if (arms % 2 == 1)
                sequences.Add([.. sequence.Reverse()]);
        }

        return [.. sequences];
    }

    /// <summary>The order of each block: all of Williams' sequences in a random order, again and again. Of two arms come AB BA and BA AB.</summary>
    /// <param name="seed">Is stored with the result, so that the order can be made again.</param>
    public static int[][] Of(int arms, int blocks, ulong seed)
    {
        int[][] sequences = Williams(arms), orders = new int[blocks][];
        SeededRandom random = new(seed);
        for (int block = 0; block < blocks; block++)
        {
            int turn = block % sequences.Length;
            if (turn == 0)
                random.Shuffle(sequences.AsSpan());
            orders[block] = [.. sequences[turn]];
        }

        return orders;
    }

    /// <summary>Whether a session went in complete blocks: each arm once before any comes again. The last block may be unfinished.</summary>
    /// <param name="trials">The arm of each trial, in the order of the session.</param>
    public static bool IsInterleaved(ReadOnlySpan<int> trials)
    {
        HashSet<int> block = [];
        int arms = new HashSet<int>(trials.ToArray()).Count;
        foreach (int arm in trials)
        {
            if (!block.Add(arm))
                return false;
            if (block.Count == arms)
                block.Clear();
        }

        return arms > 1;
    }
}
