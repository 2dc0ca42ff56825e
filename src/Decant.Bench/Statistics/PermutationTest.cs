namespace Decant.Bench;

/// <summary>
/// A test by rearranging the data: how many arrangements that chance could have made lie at least as far from no difference (Good, Permutation,
/// Parametric and Bootstrap Tests of Hypotheses, 3rd edition).
/// </summary>
/// <param name="P">Two-sided.</param>
/// <param name="AsExtreme">How many arrangements are as extreme as the data.</param>
/// <param name="Arrangements">Of how many.</param>
/// <param name="Exact">Whether these are all; if not, a seeded sample, and P is (AsExtreme + 1)/(Arrangements + 1).</param>
public sealed record PermutationTest(double P, long AsExtreme, long Arrangements, bool Exact)
{
    /// <summary>All signs of so many blocks are counted, 2^32, from the 2^16 of either half.</summary>
    const int ExactBlocks = 32;

    const int ExactChoices = 1_000_000;

    const int Sampled = 100_000;

    /// <summary>Whether the blocks' mean is zero: without a difference, each block could have come out with the other sign.</summary>
    public static PermutationTest OfSignFlips(BlockDifferences differences, ulong seed = 0)
    {
        ReadOnlySpan<double> values = differences.Values.AsSpan();
        double least = Math.Abs(Sum(values)) - differences.Tolerance * values.Length;
        if (values.Length > ExactBlocks)
        {
            SeededRandom random = new(seed);
            long beyond = 0;
            for (int i = 0; i < Sampled; i++)
            {
                double sum = 0;
                ulong bits = 0;
                for (int block = 0; block < values.Length; block++, bits >>= 1)
                {
                    if (block % 64 == 0)
                        bits = random.Next();
                    sum += (bits & 1) == 0 ? values[block] : -values[block];
                }

                beyond += Math.Abs(sum) >= least ? 1 : 0;
            }

            return Estimated(beyond, Sampled);
        }

        // Every sum is one of the first half's and one of the second's, so it is made of few additions, and the extreme ones need not be listed.
        double[] first = SignedSums(values[..(values.Length / 2)]), second = SignedSums(values[(values.Length / 2)..]);
        Array.Sort(second);
        long extreme = 0;
        foreach (double left in first)
        {
            int low = Below(second, -least - left), high = Below(second, least - left);
            // The least distance is below 0, and every sum beyond it, where there is no difference at all.
            extreme += second.Length - Math.Max(0, high - low);
        }

        long all = 1L << values.Length;
        return new PermutationTest(extreme / (double)all, extreme, all, true);
    }

    /// <summary>Whether two arms without blocks have one mean: without a difference, every choice of n of the values could have been the subject's.</summary>
    public static PermutationTest OfMeans(ReadOnlySpan<double> subject, ReadOnlySpan<double> baseline, ulong seed = 0)
    {
        Descriptive.AtLeast(subject, 1);
        Descriptive.AtLeast(baseline, 1);
        double[] all = [.. subject, .. baseline];
        int n = subject.Length;
        double mean = Descriptive.Mean(all);
        // About the common mean, a choice's sum is 0 where both means are equal.
        for (int i = 0; i < all.Length; i++)
            all[i] -= mean;
        double least = Math.Abs(Sum(all.AsSpan(0, n))) - Descriptive.TiePart * Descriptive.Magnitude([.. subject, .. baseline]) * all.Length;
        if (Choices(all.Length, n) <= ExactChoices)
        {
            (long extreme, long choices) = Choose(all, 0, n, 0, least);
            return new PermutationTest(extreme / (double)choices, extreme, choices, true);
        }

        SeededRandom random = new(seed);
        long beyond = 0;
        for (int i = 0; i < Sampled; i++)
        {
            random.Shuffle(all.AsSpan());
            beyond += Math.Abs(Sum(all.AsSpan(0, n))) >= least ? 1 : 0;
        }

        return Estimated(beyond, Sampled);
    }

    /// <summary>P is never 0, as the data's own arrangement is one of them (Phipson and Smyth, SAGMB 9, 2010).</summary>
    internal static PermutationTest Estimated(long extreme, long arrangements) => new((extreme + 1.0) / (arrangements + 1), extreme, arrangements, false);

    static double[] SignedSums(ReadOnlySpan<double> values)
    {
        double[] sums = new double[1 << values.Length];
        for (int signs = 0; signs < sums.Length; signs++)
        {
            for (int i = 0; i < values.Length; i++)
                sums[signs] += (signs >> i & 1) == 0 ? values[i] : -values[i];
        }

        return sums;
    }

    /// <summary>How many of the sorted sums lie below a bound; none lies at one, as the tolerance sets the bounds off.</summary>
    static int Below(double[] sorted, double bound)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle] < bound)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    static (long Extreme, long Choices) Choose(double[] values, int from, int more, double sum, double least)
    {
        if (more == 0)
            return (Math.Abs(sum) >= least ? 1 : 0, 1);
        (long Extreme, long Choices) total = default;
        for (int i = from; i <= values.Length - more; i++)
        {
            (long extreme, long choices) = Choose(values, i + 1, more - 1, sum + values[i], least);
            total = (total.Extreme + extreme, total.Choices + choices);
        }

        return total;
    }

    static double Choices(int all, int chosen)
    {
        double choices = 1;
        for (int i = 1; i <= chosen; i++)
            choices *= (all - chosen + i) / (double)i;
        return choices;
    }

    static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value;
        return sum;
    }
}
