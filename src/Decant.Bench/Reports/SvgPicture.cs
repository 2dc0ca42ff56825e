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
    /// <param name="tip">Shown when pointed at; null for nothing.</param>
    public SvgPicture Area(IEnumerable<(double X, double Y)> outline, string style, string? tip)
    {
        body.Append($"<polygon class=\"{style}\" points=\"").AppendJoin(' ', outline.Select(point => $"{Axis.Pixel(point.X)},{Axis.Pixel(point.Y)}")).Append(tip is null ? "\"/>\n" : $"\"><title>{Escape(tip)}</title></polygon>\n");
        return this;
    }

    /// <param name="anchor">start, middle or end.</param>
    public SvgPicture Text(double x, double y, string text, string anchor = "start", string style = "")
    {
        Write(x, y, text, anchor, style, "");
        return this;
    }

    /// <summary>A text of any length: what has no room is left out in the middle, and shown when pointed at.</summary>
    /// <param name="room">In pixels.</param>
    public SvgPicture Name(double x, double y, string name, double room, string anchor = "start")
    {
        string fitting = Fitting(name, room);
        Write(x, y, fitting, anchor, "", fitting == name ? "" : $"<title>{Escape(name)}</title>");
        return this;
    }

    void Write(double x, double y, string text, string anchor, string style, string tip) =>
        body.Append($"<text x=\"{Axis.Pixel(x)}\" y=\"{Axis.Pixel(y)}\" text-anchor=\"{anchor}\"{(style.Length > 0 ? $" class=\"{style}\"" : "")}>{Escape(text)}{tip}</text>\n");

    /// <summary>Marks along the lower edge, with lines up to <paramref name="top"/>; a line whose text would run into the one before has none.</summary>
    public SvgPicture MarksBelow(Axis axis, double top, double bottom, IEnumerable<double> marks, Func<double, string> text)
    {
        double free = double.NegativeInfinity;
        foreach (double mark in marks)
        {
            double place = axis.At(mark);
            double half = Length(text(mark)) / 2;
            double middle = Math.Clamp(place, half + 2, Width - half - 2);
            Line(place, top, place, bottom, "grid");
            if (middle - half < free)
                continue;
            Text(middle, bottom + 16, text(mark), "middle", "dim");
            free = middle + half + 4;
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

    /// <summary>How long a text is at most, in pixels: letters of 12 pixels, of a wide font; a narrow one leaves some air.</summary>
    public static double Length(string text) => text.Sum(Length);

    static double Length(char letter) => letter switch
    {
        'i' or 'j' or 'l' or 'I' or ' ' or '.' or ',' or ':' or ';' or '\'' or '|' or '/' => 4.3,
        'f' or 'r' or 't' or '(' or ')' or '[' or ']' or '-' => 5.5,
        'm' or 'w' or 'M' or 'W' or '%' or '@' or '+' or '−' or '×' or '…' or '_' or '=' or '<' or '>' or '~' => 12,
        >= 'A' and <= 'Z' or '#' or '&' => 10,
        >= '\u1100' => 12.5,
        _ => 7.8,
    };

    /// <summary>The text, or as much of its beginning and end as has room.</summary>
    public static string Fitting(string text, double room)
    {
        double length = Length(text);
        if (length <= room || text.Length < 2)
            return text;
        int head = (text.Length + 1) / 2;
        int tail = head;
        for (length += Length('…'); length > room && (head > 1 || tail < text.Length);)
            length -= Length(head > text.Length - tail ? text[--head] : text[tail++]);
        // Half of a pair is no character.
        if (char.IsHighSurrogate(text[head - 1]))
            head--;
        if (tail < text.Length && char.IsLowSurrogate(text[tail]))
            tail++;
        return $"{text[..head]}…{text[tail..]}";
    }

    /// <summary>At most so many characters.</summary>
    public static string Short(string text, int most) => text.Length > most ? text[..(most - 1)] + "…" : text;

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    public override string ToString() =>
        $"<svg class=\"{(Width > PictureSize.Narrow.Width ? "broad" : "narrow")}\" role=\"img\" aria-label=\"{Escape(title)}\" viewBox=\"0 0 {Axis.Pixel(Width)} {Axis.Pixel(Height)}\">\n<title>{Escape(title)}</title>\n<desc>{Escape(description)}</desc>\n{body}</svg>\n";
}
