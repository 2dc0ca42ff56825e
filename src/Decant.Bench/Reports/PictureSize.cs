namespace Decant.Bench;

/// <summary>
/// How wide a picture is drawn, in pixels beside letters of 12. The page holds each picture twice and shows the one that suits the screen: nothing is to be scrolled to, and letters keep their size.
/// </summary>
sealed record PictureSize(double Width)
{
    public static PictureSize Wide { get; } = new(760);

    /// <summary>For a phone: names stand above their rows.</summary>
    public static PictureSize Narrow { get; } = new(340);

    public bool IsNarrow => this == Narrow;

    /// <summary>Between a picture's edge and what is drawn.</summary>
    public double Edge => IsNarrow ? 8 : 20;
}
