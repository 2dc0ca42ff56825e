using System.Diagnostics;
using System.Globalization;

namespace Decant.Images.Tests;

/// <summary>
/// How long a fuzzer runs, and from which seed. DECANT_FUZZ_SECONDS is for all fuzzers together (test.sh: 60; unset: a moment);
/// DECANT_FUZZ_SEED replays the one case that a failure names.
/// </summary>
static class FuzzBudget
{
    const double UsualSeconds = 3;

    /// <summary>Runs the case of one seed after another until the share of the time is spent, or just the one that is asked for.</summary>
    public static int Run(double share, Action<Random, int> oneCase)
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("DECANT_FUZZ_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out int only))
        {
            Try(only, oneCase);
            return 1;
        }

        double seconds = double.TryParse(Environment.GetEnvironmentVariable("DECANT_FUZZ_SECONDS"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double given) ? given : UsualSeconds;
        // Another stretch of seeds each day, and the same ones all day long.
        int seed = (int)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86400 % 10_000) * 100_000;
        long end = Stopwatch.GetTimestamp() + (long)(seconds * share * Stopwatch.Frequency);
        int cases = 0;
        do
        {
            Try(seed + cases, oneCase);
            cases++;
        }
        while (Stopwatch.GetTimestamp() < end);
        return cases;
    }

    static void Try(int seed, Action<Random, int> oneCase)
    {
        try
        {
            oneCase(new Random(seed), seed);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}: run again with DECANT_FUZZ_SEED={seed}", e);
        }
    }
}
