namespace Decant.Bench.Tests;

public class SeededRandomTests
{
    /// <summary>Made by the authors' reference code in C, its state filled by theirs of SplitMix64.</summary>
    [Fact]
    public void The_numbers_are_those_of_the_reference_code()
    {
        SeededRandom zero = new(0), other = new(42);
        Assert.Equal([11091344671253066420, 13793997310169335082, 1900383378846508768, 7684712102626143532], new[] { zero.Next(), zero.Next(), zero.Next(), zero.Next() });
        Assert.Equal([1546998764402558742, 6990951692964543102, 12544586762248559009], new[] { other.Next(), other.Next(), other.Next() });
    }

    [Fact]
    public void Numbers_below_a_limit_are_equally_frequent()
    {
        SeededRandom random = new(1);
        int[] counts = new int[6];
        for (int i = 0; i < 60_000; i++)
            counts[random.Below(6)]++;
        // Five standard deviations of a count.
        Assert.All(counts, count => Assert.InRange(count, 10_000 - 460, 10_000 + 460));
    }

    [Fact]
    public void A_shuffle_makes_every_order_equally_often()
    {
        SeededRandom random = new(2);
        Dictionary<string, int> counts = [];
        for (int i = 0; i < 24_000; i++)
        {
            char[] letters = [.. "abcd"];
            random.Shuffle(letters.AsSpan());
            string order = new(letters);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(24, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 1_000 - 160, 1_000 + 160));
    }
}
