namespace Decant.Images;

/// <summary>
/// How long to wait before trying again: twice as long each time, with jitter so that many clients do not come back together, never
/// shorter than the server asks for, and with an end to it.
/// </summary>
sealed class Backoff(Random random)
{
    /// <summary>Tries in a row that bring nothing.</summary>
    public const int MostTries = 6;

    /// <summary>All waiting together.</summary>
    public static readonly TimeSpan MostWaiting = TimeSpan.FromMinutes(10);

    static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    TimeSpan waited;

    /// <summary>Failed tries since something was brought.</summary>
    public int Failures { get; private set; }

    /// <summary>The last try brought something, so that the next failure counts as the first.</summary>
    public void Succeeded() => Failures = 0;

    /// <summary>The time to wait after one more failure; null where it is time to give up.</summary>
    /// <param name="asked">What the server asks for (Retry-After).</param>
    public TimeSpan? Next(TimeSpan? asked)
    {
        Failures++;
        TimeSpan own = First * Math.Pow(2, Failures - 1);
        own = (own < Longest ? own : Longest) * (0.5 + (random.NextDouble() / 2));
        TimeSpan wait = asked is { } server && server > own ? server : own;
        if (Failures >= MostTries || waited + wait > MostWaiting)
            return null;
        waited += wait;
        return wait;
    }
}
