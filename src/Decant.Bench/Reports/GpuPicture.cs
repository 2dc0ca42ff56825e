namespace Decant.Bench;

/// <summary>What the host's GPUs did over the time of a trial: a panel for each figure, a line for each environment.</summary>
sealed class GpuPicture
{
    const double PanelHeight = 110;

    /// <summary>Title above and marks below a panel.</summary>
    const double RowHeight = PanelHeight + 48;

    /// <summary>More points than these are not seen apart.</summary>
    const int MostPoints = 300;

    /// <summary>Of all GPUs together as the metrics of the same names are.</summary>
    static readonly Figure[] _figures =
    [
        new("utilisation", "%", gpus => gpus.Average(gpu => (double?)gpu.Utilisation), WithZero: true),
        new("power", "W", gpus => GpuReading.Sum(gpus.Select(gpu => gpu.Power)), WithZero: true),
        new("clock", "MHz", gpus => gpus.Average(gpu => (double?)gpu.Clock), WithZero: false),
        new("temperature", "°C", gpus => gpus.Max(gpu => (double?)gpu.Temperature), WithZero: false),
    ];

    readonly string[] names;
    readonly (int Arm, Trial Trial)[] shown;
    readonly Figure[] figures;

    public GpuPicture(BenchResult result)
    {
        names = [.. result.Environments.Select(arm => arm.Name)];
        shown =
        [
            .. names.Select((name, arm) => (arm, Trial: TypicalTrial.OfValue(result, name, result.Metrics[0].Name, trial => _figures.Any(figure => figure.Points(trial).Length > 1))))
                .Where(line => line.Trial is not null).Select(line => (line.arm, line.Trial!)),
        ];
        figures = [.. _figures.Where(figure => shown.Any(line => figure.Points(line.Trial).Length > 1))];
    }

    /// <summary>Empty where no GPU was looked at.</summary>
    public string Draw(PictureSize size)
    {
        if (figures.Length == 0)
            return "";
        PictureKey key = ArmStyle.Key([.. shown.Select(line => names[line.Arm])], size);
        SvgPicture picture = new(size.Width, key.Height + 8 + RowHeight * figures.Length, "GPUs over a trial's time", string.Join("; ", shown.Select(Words)));
        ArmStyle.Write(key, picture, "curve", points: false, index => new ArmStyle(shown[index].Arm));
        (Figure Figure, Axis Y, double[] Marks)[] panels = [.. figures.Select((figure, i) => Panel(figure, key.Height + 8 + RowHeight * i + 20))];
        double left = 8 + panels.Max(panel => panel.Marks.Max(mark => SvgPicture.Length(ValueText.Mark(mark, panel.Figure.Unit))));
        double right = size.Width - size.Edge;
        Axis x = new(0, shown.Max(line => line.Trial.Samples.Max(sample => sample.Seconds)), left, right);
        foreach ((Figure figure, Axis y, double[] marks) in panels)
        {
            picture.Text(left, y.To - 7, figure.Name).MarksBelow(x, y.To, y.From, x.Marks(size.IsNarrow ? 4 : 8), mark => ValueText.Mark(mark, "s"))
                .MarksLeft(y, left, right, marks, mark => ValueText.Mark(mark, figure.Unit));
            foreach ((int arm, Trial trial) in shown)
                picture.Path(Thinned(figure.Points(trial)).Select(point => (x.At(point.Seconds), y.At(point.Value))), new ArmStyle(arm).Line("curve"));
        }

        return picture.ToString();
    }

    (Figure Figure, Axis Y, double[] Marks) Panel(Figure figure, double top)
    {
        Axis y = Axis.Around(shown.SelectMany(line => figure.Points(line.Trial)).Select(point => point.Value), top + PanelHeight, top, figure.WithZero);
        return (figure, y, [.. y.Marks(4)]);
    }

    /// <summary>Of each stretch of time the mean.</summary>
    static IEnumerable<(double Seconds, double Value)> Thinned((double Seconds, double Value)[] points) => points.Length <= MostPoints ? points :
        points.Chunk((points.Length + MostPoints - 1) / MostPoints).Select(few => (few.Average(point => point.Seconds), few.Average(point => point.Value)));

    string Words((int Arm, Trial Trial) line) => $"{names[line.Arm]}, trial {line.Trial.Number + 1}: at most "
        + ValueText.Sentence([.. figures.Where(figure => figure.Points(line.Trial).Length > 0).Select(figure => $"{ValueText.Of(figure.Points(line.Trial).Max(point => point.Value), figure.Unit)} {figure.Name}")]);

    /// <param name="Of">Of all GPUs at one look; null where none tells.</param>
    sealed record Figure(string Name, string Unit, Func<IReadOnlyList<GpuReading>, double?> Of, bool WithZero)
    {
        public (double Seconds, double Value)[] Points(Trial trial) =>
        [
            .. trial.Samples.Where(sample => sample.Gpus is not null).Select(sample => (sample.Seconds, Value: Of(sample.Gpus!)))
                .Where(point => point.Value is not null).Select(point => (point.Seconds, point.Value!.Value)),
        ];
    }
}
