using System.Net;
using System.Text;

namespace Decant.Bench;

/// <summary>A picture for a page: its colours and letters are the page's, by classes; it names itself for those who hear it read.</summary>
sealed class SvgPicture
{
    readonly StringBuilder body = new();
    readonly string title;
    readonly string description;

    public SvgPicture(double width, double height, string title, string description)
    {
        (Width, Height, this.title, this.description) = (width, height, title, description);
    }

    public double Width { get; }

    public double Height { get; }

    public SvgPicture Line(double x1, double y1, double x2, double y2, string style)
    {
        body.Append($"<line class=\"{style}\" x1=\"{Axis.Pixel(x1)}\" y1=\"{Axis.Pixel(y1)}\" x2=\"{Axis.Pixel(x2)}\" y2=\"{Axis.Pixel(y2)}\"/>\n");
        return this;
    }

    /// <param name="tip">Shown when pointed at; null for nothing.</param>
    public SvgPicture Circle(double x, double y, double radius, string style, string? tip = null)
    {
        body.Append($"<circle class=\"{style}\" cx=\"{Axis.Pixel(x)}\" cy=\"{Axis.Pixel(y)}\" r=\"{Axis.Pixel(radius)}\"").Append(tip is null ? "/>\n" : $"><title>{Escape(tip)}</title></circle>\n");
        return this;
    }

    public SvgPicture Box(double x, double y, double width, double height, string style, string? tip = null)
    {
        body.Append($"<rect class=\"{style}\" x=\"{Axis.Pixel(x)}\" y=\"{Axis.Pixel(y)}\" width=\"{Axis.Pixel(Math.Max(0, width))}\" height=\"{Axis.Pixel(Math.Max(0, height))}\"").Append(tip is null ? "/>\n" : $"><title>{Escape(tip)}</title></rect>\n");
        return this;
    }

    public SvgPicture Path(IEnumerable<(double X, double Y)> points, string style)
    {
        body.Append($"<polyline class=\"{style}\" points=\"").AppendJoin(' ', points.Select(point => $"{Axis.Pixel(point.X)},{Axis.Pixel(point.Y)}")).Append("\"/>\n");
        return this;
    }

    /// <summary>A filled shape with that outline.</summary>
    public SvgPicture Area(IEnumerable<(double X, double Y)> outline, string style, string tip)
    {
        body.Append($"<polygon class=\"{style}\" points=\"").AppendJoin(' ', outline.Select(point => $"{Axis.Pixel(point.X)},{Axis.Pixel(point.Y)}")).Append($"\"><title>{Escape(tip)}</title></polygon>\n");
        return this;
    }

    /// <summary>What colours mean, in one line.</summary>
    public SvgPicture Keys(double x, double y, IEnumerable<(string Name, string Style)> keys)
    {
        foreach ((string name, string style) in keys)
        {
            Box(x, y - 9, 11, 11, style).Text(x + 16, y, name);
            x += 16 + Length(name) + 14;
        }

        return this;
    }

    /// <param name="anchor">start, middle or end.</param>
    public SvgPicture Text(double x, double y, string text, string anchor = "start", string style = "")
    {
        body.Append($"<text x=\"{Axis.Pixel(x)}\" y=\"{Axis.Pixel(y)}\" text-anchor=\"{anchor}\"{(style.Length > 0 ? $" class=\"{style}\"" : "")}>{Escape(text)}</text>\n");
        return this;
    }

    /// <summary>Marks along the lower edge, with lines up to <paramref name="top"/>; a line whose text would run into the one before has none.</summary>
    public SvgPicture MarksBelow(Axis axis, double top, double bottom, IEnumerable<double> marks, Func<double, string> text)
    {
        double free = double.NegativeInfinity;
        foreach (double mark in marks)
        {
            double place = axis.At(mark);
            double half = Length(text(mark)) / 2;
            Line(place, top, place, bottom, "grid");
            if (place - half < free)
                continue;
            Text(place, bottom + 16, text(mark), "middle", "dim");
            free = place + half + 4;
        }

        return this;
    }

    /// <summary>Marks along the left edge, with lines to <paramref name="right"/>.</summary>
    public SvgPicture MarksLeft(Axis axis, double left, double right, IEnumerable<double> marks, Func<double, string> text)
    {
        foreach (double mark in marks)
            Line(left, axis.At(mark), right, axis.At(mark), "grid").Text(left - 6, axis.At(mark) + 4, text(mark), "end", "dim");
        return this;
    }

    /// <summary>Marks along the right edge, without lines: for a second axis.</summary>
    public SvgPicture MarksRight(Axis axis, double right, IEnumerable<double> marks, Func<double, string> text)
    {
        foreach (double mark in marks)
            Text(right + 6, axis.At(mark) + 4, text(mark), "start", "dim");
        return this;
    }

    /// <summary>About how long a text is, in pixels: letters of 12 pixels, of a wide font; a narrow one leaves some air.</summary>
    public static double Length(string text) => 7 * text.Length;

    /// <summary>At most so many characters.</summary>
    public static string Short(string text, int most) => text.Length > most ? text[..(most - 1)] + "…" : text;

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    public override string ToString() =>
        $"<svg role=\"img\" aria-label=\"{Escape(title)}\" viewBox=\"0 0 {Axis.Pixel(Width)} {Axis.Pixel(Height)}\">\n<title>{Escape(title)}</title>\n<desc>{Escape(description)}</desc>\n{body}</svg>\n";
}
