namespace Decant.Bench;

/// <summary>How an environment looks in all pictures of a page: its colour, and for those who do not tell colours apart the shape of its points and the dashes of its lines.</summary>
/// <param name="Index">Its place among the environments. The first thirty differ.</param>
sealed record ArmStyle(int Index)
{
    /// <summary>More environments than this share colours.</summary>
    public const int Colours = 10;

    /// <summary>How many kinds of lines there are; the first is not dashed.</summary>
    public const int Dashes = 7;

    /// <summary>Outlines around a point, of a circle's size; the first is the circle itself.</summary>
    static readonly (double X, double Y)[][] _shapes =
    [
        [],
        [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        [(0, -1.3), (1.25, 0.95), (-1.25, 0.95)],
        [(0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0)],
        [(0, 1.3), (1.25, -0.95), (-1.25, -0.95)],
        [(-0.45, -1.3), (0.45, -1.3), (0.45, -0.45), (1.3, -0.45), (1.3, 0.45), (0.45, 0.45), (0.45, 1.3), (-0.45, 1.3), (-0.45, 0.45), (-1.3, 0.45), (-1.3, -0.45), (-0.45, -0.45)],
    ];

    /// <summary>Its class on the page.</summary>
    public string Colour => $"c{Index % Colours}";

    /// <summary>The classes of a line of that kind.</summary>
    public string Line(string kind) => $"{kind} {Colour} d{Index % Dashes}";

    /// <summary>A point of its shape.</summary>
    /// <param name="tip">Shown when pointed at; null for nothing.</param>
    public void Point(SvgPicture picture, double x, double y, double radius, string? tip = null)
    {
        (double X, double Y)[] shape = _shapes[Index % _shapes.Length];
        if (shape.Length == 0)
            picture.Circle(x, y, radius, "dot " + Colour, tip);
        else
            picture.Area(shape.Select(corner => (x + radius * corner.X, y + radius * corner.Y)), "dot " + Colour, tip);
    }

    /// <summary>The key of a picture with a line for each environment.</summary>
    public static PictureKey Key(IReadOnlyList<string> names, PictureSize size) => new(names, size.Edge, size.Width - size.Edge, 28);

    /// <param name="kind">The class of its lines.</param>
    /// <param name="points">Whether its lines have points.</param>
    /// <param name="arm">The look of each name of the key.</param>
    public static void Write(PictureKey key, SvgPicture picture, string kind, bool points, Func<int, ArmStyle> arm) => key.Write(picture, (index, x, y) =>
    {
        picture.Path([(x, y), (x + 28, y)], arm(index).Line(kind));
        if (points)
            arm(index).Point(picture, x + 14, y, 4);
    });
}
