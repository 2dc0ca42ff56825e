namespace Decant.Bench;

/// <summary>Rows with a name each and perhaps a value: beside what is drawn where there is room, above it on a narrow picture. The columns are as wide as the longest text needs.</summary>
sealed class NamedRows
{
    const double Gap = 10;

    /// <summary>Of a narrow picture: a name above its row.</summary>
    const double NameHeight = 17;

    /// <summary>Of the width: a longer name is shortened in the middle.</summary>
    const double MostOfNames = 0.38;

    readonly PictureSize size;
    readonly IReadOnlyList<string> names;
    readonly IReadOnlyList<string> values;
    readonly double top;
    readonly double height;

    /// <param name="values">Empty for none.</param>
    /// <param name="height">Of what is drawn in a row.</param>
    public NamedRows(PictureSize size, IReadOnlyList<string> names, IReadOnlyList<string> values, double top, double height)
    {
        (this.size, this.names, this.values, this.top, this.height) = (size, names, values, top, height);
        Left = size.IsNarrow ? size.Edge : Gap + Math.Min(names.Select(SvgPicture.Length).DefaultIfEmpty().Max() + 4, MostOfNames * size.Width);
        Right = size.Width - size.Edge - (size.IsNarrow || values.Count == 0 ? 0 : Gap + values.Max(SvgPicture.Length));
    }

    /// <summary>Where what is drawn begins; it ends at <see cref="Right"/>.</summary>
    public double Left { get; }

    public double Right { get; }

    public double Bottom => top + RowHeight * names.Count;

    double RowHeight => height + (size.IsNarrow ? NameHeight : 0);

    /// <summary>The upper edge of what is drawn in a row.</summary>
    public double Top(int row) => top + RowHeight * row + RowHeight - height;

    /// <param name="baseline">Of the texts beside what is drawn, from its upper edge.</param>
    public void Write(SvgPicture picture, int row, double baseline)
    {
        string value = values.Count == 0 ? "" : values[row];
        double y = size.IsNarrow ? Top(row) - 3 : Top(row) + baseline;
        if (size.IsNarrow)
            picture.Name(Left, y, names[row], Right - Left - (value.Length == 0 ? 0 : SvgPicture.Length(value) + Gap));
        else
            picture.Name(Left - Gap, y, names[row], Left - Gap - 2, "end");
        if (value.Length > 0)
            picture.Text(size.IsNarrow ? Right : Right + Gap, y, value, size.IsNarrow ? "end" : "start");
    }
}
