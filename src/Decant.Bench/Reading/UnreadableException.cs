namespace Decant.Bench;

/// <summary>A text that does not hold what its format promises. It ends at the public face of what reads, which adds whose text it is.</summary>
/// <param name="reason">What is wrong, without the place.</param>
/// <param name="line">From 1; null where it is not about one line.</param>
sealed class UnreadableException(string reason, int? line = null) : Exception(reason)
{
    public int? Line { get; } = line;

    /// <summary>"line 7: …", or the reason alone.</summary>
    public string Text => Line is null ? Message : $"line {Line}: {Message}";
}
