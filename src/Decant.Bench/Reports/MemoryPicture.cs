namespace Decant.Bench;

/// <summary>Memory over the time of a trial, the parts stacked, a panel for each environment; all panels have the same axes.</summary>
sealed class MemoryPicture
{
    const double Left = 74;
    const double Gap = 24;
    const double PanelHeight = 150;

    /// <summary>Title above and marks below a panel.</summary>
    const double RowHeight = PanelHeight + 50;

    /// <summary>Of the highest pile: less is no line on the page.</summary>
    const double LeastPart = 0.003;

    /// <summary>More points than these are not seen apart.</summary>
    const int MostPoints = 300;

    readonly string title;
    readonly MemoryPart[] parts;
    readonly (string Environment, Trial Trial)[] panels;

    /// <param name="all">From the bottom to the top; those that are too little to be seen in any panel are left out.</param>
    public MemoryPicture(BenchResult result, string title, IReadOnlyList<MemoryPart> all)
    {
        this.title = title;
        panels = [.. result.Environments.Select(arm => (arm.Name, Trial: TypicalTrial.Of(result, arm.Name, Height))).Where(panel => panel.Trial is not null).Select(panel => (panel.Name, panel.Trial!))];
        double least = LeastPart * panels.Select(panel => panel.Trial.Samples.Max(Height)).Max().GetValueOrDefault();
        parts = [.. all.Where(part => panels.Any(panel => panel.Trial.Samples.Max(part.Of) > least))];

        double? Height(Sample sample) => all.Any(part => part.Of(sample) is not null) ? all.Sum(part => part.Of(sample).GetValueOrDefault()) : null;
    }

    /// <summary>Empty where no trial was looked at.</summary>
    public string Draw(PictureSize size)
    {
        if (parts.Length == 0)
            return "";
        int columns = panels.Length > 1 && !size.IsNarrow ? 2 : 1;
        double panelWidth = (size.Width - Left - size.Edge - Gap * (columns - 1)) / columns;
        int rows = (panels.Length + columns - 1) / columns;
        PictureKey key = new([.. parts.Select(part => part.Name)], size.Edge, size.Width - size.Edge, 11);
        SvgPicture picture = new(size.Width, key.Height + 12 + rows * RowHeight, title, string.Join("; ", panels.Select(Words)));
        key.Write(picture, (index, x, y) => picture.Box(x, y - 5, 11, 11, parts[index].Style));
        double highest = panels.Max(panel => panel.Trial.Samples.Max(Total));
        double longest = panels.Max(panel => panel.Trial.Samples.Max(sample => sample.Seconds));
        double multiple = ValueText.ByteMultiple(highest).Size;
        for (int i = 0; i < panels.Length; i++)
        {
            double left = Left + i % columns * (panelWidth + Gap);
            double top = key.Height + 12 + i / columns * RowHeight + 22;
            Axis x = new(0, longest, left, left + panelWidth);
            Axis y = new(0, highest * 1.04, top + PanelHeight, top);
            picture.MarksBelow(x, top, top + PanelHeight, x.Marks(size.IsNarrow ? 3 : 5), mark => ValueText.Mark(mark, "s"));
            foreach (double mark in y.Marks(4, multiple))
            {
                picture.Line(left, y.At(mark), left + panelWidth, y.At(mark), "grid");
                if (i % columns == 0)
                    picture.Text(Left - 6, y.At(mark) + 4, ValueText.Mark(mark, "B"), "end", "dim");
            }

            Panel(picture, panels[i].Trial, x, y);
            string what = $"trial {panels[i].Trial.Number + 1}, peak {ValueText.Of(panels[i].Trial.Samples.Max(Total), "B")}";
            // On a narrow picture the name may stand over the marks.
            double start = size.IsNarrow ? size.Edge : left;
            picture.Name(start, top - 7, panels[i].Environment, left + panelWidth - start - 10 - SvgPicture.Length(what)).Text(left + panelWidth, top - 7, what, "end", "dim");
        }

        return picture.ToString();
    }

    void Panel(SvgPicture picture, Trial trial, Axis x, Axis y)
    {
        Sample[] samples = Thinned([.. trial.Samples.Where(sample => parts.Any(part => part.Of(sample) is not null))]);
        double[] below = new double[samples.Length];
        foreach (MemoryPart part in parts)
        {
            double[] above = [.. samples.Select((sample, i) => below[i] + part.Of(sample).GetValueOrDefault())];
            picture.Area(
                [.. samples.Select((sample, i) => (x.At(sample.Seconds), y.At(above[i]))), .. samples.Select((sample, i) => (x.At(sample.Seconds), y.At(below[i]))).Reverse()],
                "area " + part.Style, $"{part.Name}: at most {ValueText.Of(samples.Max(sample => part.Of(sample).GetValueOrDefault()), "B")}");
            below = above;
        }
    }

    /// <summary>Of each stretch of time the sample with the most, so that no peak is lost.</summary>
    Sample[] Thinned(Sample[] samples) => samples.Length <= MostPoints ? samples :
        [.. samples.Chunk((samples.Length + MostPoints - 1) / MostPoints).Select(few => few.MaxBy(Total)!)];

    double Total(Sample sample) => parts.Sum(part => part.Of(sample).GetValueOrDefault());

    string Words((string Environment, Trial Trial) panel) =>
        $"{panel.Environment}, trial {panel.Trial.Number + 1}: peak {ValueText.Of(panel.Trial.Samples.Max(Total), "B")}, at most "
            + ValueText.Sentence([.. parts.Select(part => $"{ValueText.Of(panel.Trial.Samples.Max(part.Of).GetValueOrDefault(), "B")} {part.Name}")]);
}
