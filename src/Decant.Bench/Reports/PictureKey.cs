namespace Decant.Bench;

/// <summary>What signs mean: at the top of a picture, in as many lines as the names need.</summary>
sealed class PictureKey
{
    const double LineHeight = 18;
    const double Gap = 14;

    readonly List<(double X, int Line)> places = [];
    readonly IReadOnlyList<string> names;
    readonly double sign;
    readonly double room;

    /// <param name="left">Where lines begin; they end before <paramref name="right"/>.</param>
    /// <param name="sign">The width of a sign.</param>
    public PictureKey(IReadOnlyList<string> names, double left, double right, double sign)
    {
        (this.names, this.sign, room) = (names, sign + 5, right - left - sign - 5);
        double x = left;
        int line = 0;
        foreach (string name in names)
        {
            double length = this.sign + Math.Min(SvgPicture.Length(name), room);
            if (x > left && x + length > right)
                (x, line) = (left, line + 1);
            places.Add((x, line));
            x += length + Gap;
        }

        Height = LineHeight * (line + 1);
    }

    public double Height { get; }

    /// <param name="draw">A sign by its number, from its left edge, around a middle line.</param>
    public void Write(SvgPicture picture, Action<int, double, double> draw)
    {
        for (int i = 0; i < names.Count; i++)
        {
            (double x, int line) = places[i];
            double y = LineHeight * line + 12;
            draw(i, x, y - 4);
            picture.Name(x + sign, y, names[i], room);
        }
    }
}
