namespace Decant.Bench;

/// <summary>The pictures of a result's primary metric. Each environment looks the same on the whole page.</summary>
sealed class ResultPictures(BenchResult result, ResultConclusions conclusions)
{
    const double RowHeight = 34;

    /// <summary>Of what is drawn in a picture with two axes.</summary>
    const double PlotHeight = 205;

    /// <summary>On a line: more only hide it.</summary>
    const int MostPoints = 20;

    /// <summary>Between what is drawn and the texts of an axis.</summary>
    const double Gap = 6;

    readonly Metric primary = result.Metrics[0];
    readonly string[] names = [.. result.Environments.Select(arm => arm.Name)];

    ArmStyle Style(string environment) => new(Array.IndexOf(names, environment));

    string Value(double value) => ValueText.Of(value, primary.Unit);

    (Trial Trial, double Value)[] Of(string environment) =>
        [.. result.Trials.Where(trial => trial.Counts && trial.Environment == environment && trial.Values.ContainsKey(primary.Name)).Select(trial => (trial, trial.Values[primary.Name]))];

    IEnumerable<double> All => names.SelectMany(Of).Select(pair => pair.Value);

    /// <summary>Round in the multiple of the unit in which values of that size are shown.</summary>
    IEnumerable<double> Marks(Axis axis, int about) => primary.Unit == "B" ? axis.Marks(about, ValueText.ByteMultiple(axis.High).Size) : axis.Marks(about);

    string Mark(double value) => ValueText.Mark(value, primary.Unit);

    /// <summary>Each ratio with its interval, and the band of what does not matter.</summary>
    public string Forest(PictureSize size)
    {
        Verdict[] verdicts = [.. conclusions.Verdicts];
        bool several = verdicts.Select(verdict => verdict.Question.Baseline).Distinct().Count() > 1;
        bool metrics = verdicts.Select(verdict => verdict.Question.Metric).Distinct().Count() > 1;
        NamedRows rows = new(size, [.. verdicts.Select(verdict => (several ? $"{verdict.Question.Subject} / {verdict.Question.Baseline}" : verdict.Question.Subject) + (metrics ? $": {verdict.Question.Metric}" : ""))],
            [.. verdicts.Select(verdict => ValueText.Ratio(verdict.Comparison.Ratio.Value))], 15, RowHeight);
        double bottom = rows.Bottom + 5;
        SvgPicture picture = new(size.Width, bottom + 26, $"Ratio{(metrics ? "" : $" of {primary.Name}")} to {(several ? "what each is compared with" : verdicts[0].Question.Baseline)}",
            string.Join("; ", verdicts.Select(verdict => $"{verdict.Question.Subject}: {ValueText.Ratio(verdict.Comparison.Ratio.Value)}")));
        // On a logarithmic scale half and twice are equally far from 1.
        Axis axis = Axis.Around(verdicts.SelectMany(verdict => (double[])[Math.Log(verdict.Comparison.Ratio.Interval.Low), Math.Log(verdict.Comparison.Ratio.Interval.High),
            Math.Log(verdict.Question.Margin.Low), Math.Log(verdict.Question.Margin.High)]), rows.Left, rows.Right);
        EquivalenceMargin margin = verdicts[0].Question.Margin;
        picture.Box(axis.At(Math.Log(margin.Low)), 10, axis.At(Math.Log(margin.High)) - axis.At(Math.Log(margin.Low)), bottom - 10, "band");
        picture.MarksBelow(axis, 10, bottom, axis.RatioMarks(size.IsNarrow ? 4 : 6), axis.RatioText);
        picture.Line(axis.At(0), 10, axis.At(0), bottom, "one");
        for (int row = 0; row < verdicts.Length; row++)
        {
            Verdict verdict = verdicts[row];
            Estimate ratio = verdict.Comparison.Ratio;
            double y = rows.Top(row) + RowHeight / 2;
            ArmStyle style = Style(verdict.Question.Subject);
            rows.Write(picture, row, RowHeight / 2 + 4);
            picture.Line(axis.At(Math.Log(ratio.Interval.Low)), y, axis.At(Math.Log(ratio.Interval.High)), y, "interval " + style.Colour);
            style.Point(picture, axis.At(Math.Log(ratio.Value)), y, 5, verdict.Sentence);
        }

        return picture.ToString();
    }

    /// <summary>Every value, with quartiles and median.</summary>
    public string Strip(PictureSize size)
    {
        NamedRows rows = new(size, names, [], 15, RowHeight);
        double bottom = rows.Bottom + 5;
        SvgPicture picture = new(size.Width, bottom + 26, $"{primary.Name} of each trial", string.Join("; ", names.Select(name => $"{name}: median {Median(name)}")));
        Axis axis = Axis.Around(All, rows.Left, rows.Right);
        picture.MarksBelow(axis, 10, bottom, Marks(axis, size.IsNarrow ? 4 : 6), Mark);
        for (int row = 0; row < names.Length; row++)
        {
            double y = rows.Top(row) + RowHeight / 2;
            ArmStyle style = Style(names[row]);
            string colour = style.Colour;
            rows.Write(picture, row, RowHeight / 2 + 4);
            if (conclusions.Summaries.FirstOrDefault(one => one.Metric == primary.Name && one.Environment == names[row]) is { } summary)
            {
                picture.Box(axis.At(summary.LowerQuartile), y - 10, axis.At(summary.UpperQuartile) - axis.At(summary.LowerQuartile), 20, "quartiles " + colour)
                    .Line(axis.At(summary.Median), y - 12, axis.At(summary.Median), y + 12, "median " + colour);
            }

            foreach ((Trial trial, double value) in Of(names[row]))
            {
                // Spread by the trial's number, so that equal values stay apart and the picture is the same each time.
                style.Point(picture, axis.At(value), y + (trial.Number * 0.618 % 1 - 0.5) * 14, 3, $"trial {trial.Number + 1}: {Value(value)}");
            }
        }

        return picture.ToString();
    }

    string Median(string name) => conclusions.Summaries.FirstOrDefault(one => one.Metric == primary.Name && one.Environment == name) is { } summary ? Value(summary.Median) : "none";

    /// <summary>What share of trials is at most so long.</summary>
    public string Cumulative(PictureSize size)
    {
        PictureKey key = ArmStyle.Key(names, size);
        double top = key.Height + 12;
        double bottom = top + PlotHeight;
        double left = SvgPicture.Length("100 %") + Gap + 4;
        double right = size.Width - size.Edge;
        SvgPicture picture = new(size.Width, bottom + 26, $"Share of trials with at most that {primary.Name}", "One rising line for each environment; one that is further left has lower values.");
        ArmStyle.Write(key, picture, "curve", points: true, index => new ArmStyle(index));
        Axis x = Axis.Around(All, left, right);
        Axis y = new(0, 1, bottom, top);
        picture.MarksBelow(x, top, bottom, Marks(x, size.IsNarrow ? 4 : 6), Mark).MarksLeft(y, left, right, y.Marks(5), mark => $"{100 * mark:F0} %");
        foreach (string name in names)
        {
            double[] values = [.. Of(name).Select(pair => pair.Value).Order()];
            List<(double X, double Y)> points = [];
            for (int i = 0; i < values.Length; i++)
            {
                points.Add((x.At(values[i]), y.At((double)i / values.Length)));
                points.Add((x.At(values[i]), y.At((i + 1.0) / values.Length)));
            }

            picture.Path(points, Style(name).Line("curve"));
            for (int i = 0; i < values.Length; i += (values.Length + MostPoints - 1) / MostPoints)
                Style(name).Point(picture, points[2 * i + 1].X, points[2 * i + 1].Y, 2.5);
        }

        return picture.ToString();
    }

    /// <summary>The values over the time of the clock, or in the order of measurement where that is not known: where they drift, it is seen here. Beside them the temperature, where the trials have one.</summary>
    public string RunOrder(PictureSize size)
    {
        PictureKey key = ArmStyle.Key(names, size);
        double top = key.Height + 12;
        double bottom = top + PlotHeight;
        ClockMarks? clock = ClockMarks.Of(result);
        SvgPicture picture = new(size.Width, bottom + 26, clock is null ? $"{primary.Name} in the order of measurement" : $"{primary.Name} over the time of measurement",
            "Points of all environments from the first trial to the last; a slope or a step is drift." + (Temperature is null ? "" : $" The dashed line is {Temperature.Name}."));
        ArmStyle.Write(key, picture, "thread", points: true, index => new ArmStyle(index));
        (double Place, double Value)[] heat = Temperature is null ? [] : [.. Places(Temperature.Name, clock, _ => true)];
        Axis degrees = Axis.Around(heat.Select(point => point.Value), bottom, top);
        double[] degreeMarks = [.. degrees.Marks(5)];
        double right = size.Width - (Temperature is null ? size.Edge : Gap + 2 + Longest(degreeMarks, DegreeMark));
        Axis y = Axis.Around(All, bottom, top);
        double[] marks = [.. Marks(y, 5)];
        double left = Gap + 2 + Longest(marks, Mark);
        Axis x = Axis.Around(result.Trials.Select((trial, index) => clock?.Of(trial) ?? index), left, right);
        picture.MarksLeft(y, left, right, marks, Mark);
        if (clock is null)
        {
            picture.Text(left, bottom + 18, "first trial", "start", "dim").Text(right, bottom + 18, "last", "end", "dim");
        }
        else
        {
            Dictionary<double, string> times = clock.Within(x, size.IsNarrow ? 5 : 9).ToDictionary(mark => mark.Place, mark => mark.Text);
            picture.MarksBelow(x, top, bottom, times.Keys, mark => times[mark]);
        }

        if (Temperature is not null)
            picture.MarksRight(degrees, right, degreeMarks, DegreeMark).Path(heat.Select(point => (x.At(point.Place), degrees.At(point.Value))), "heat");
        foreach (string name in names)
            Thread(picture, Style(name), [.. Places(primary.Name, clock, trial => trial.Counts && trial.Environment == name).Select(point => (x.At(point.Place), y.At(point.Value)))]);
        return picture.ToString();
    }

    static string DegreeMark(double degrees) => $"{degrees:0.#} °C";

    static double Longest(IEnumerable<double> marks, Func<double, string> text) => marks.Select(mark => SvgPicture.Length(text(mark))).DefaultIfEmpty().Max();

    static void Thread(SvgPicture picture, ArmStyle style, (double X, double Y)[] points)
    {
        picture.Path(points, style.Line("thread"));
        foreach ((double x, double y) in points)
            style.Point(picture, x, y, 3);
    }

    /// <summary>Whether the trials tell when they began.</summary>
    public bool IsTimed => ClockMarks.Of(result) is not null;

    /// <summary>What tells how warm the machine was when a trial began, or at least in it; null where nothing does.</summary>
    public Metric? Temperature =>
        result.Metrics.Where(metric => metric.Unit == "°C").OrderBy(metric => metric.Name.Contains("start", StringComparison.Ordinal) ? 0 : 1).FirstOrDefault(metric => metric.Name != primary.Name);

    /// <summary>The values of a metric with their trials' places, on the clock or in the order of measurement.</summary>
    IEnumerable<(double Place, double Value)> Places(string metric, ClockMarks? clock, Func<Trial, bool> shown) =>
        result.Trials.Select((trial, index) => (trial, Place: clock?.Of(trial) ?? index)).Where(pair => shown(pair.trial) && pair.trial.Values.ContainsKey(metric)).Select(pair => (pair.Place, pair.trial.Values[metric]));

    /// <summary>The ratio of each block: what the verdict is made from. Empty where there are no blocks.</summary>
    public string Blocks(PictureSize size)
    {
        (string Name, PairedValues Pairs)[] arms = [.. names.Skip(1).Select(name => (name, PairedValues.Of(result, primary.Name, name, names[0]))).Where(arm => arm.Item2.Positive)];
        if (arms.Length == 0)
            return "";
        PictureKey key = ArmStyle.Key([.. arms.Select(arm => arm.Name)], size);
        double top = key.Height + 12;
        double bottom = top + PlotHeight;
        SvgPicture picture = new(size.Width, bottom + 26, $"Ratio of {primary.Name} to {names[0]} in each block", "One line for each environment; a steady difference is a level line.");
        ArmStyle.Write(key, picture, "thread", points: true, index => Style(arms[index].Name));
        Axis y = Axis.Around(arms.SelectMany(arm => arm.Pairs.LogRatios().Values).Append(0), bottom, top);
        double[] marks = [.. y.RatioMarks(5)];
        double left = Gap + 2 + Longest(marks, y.RatioText);
        double right = size.Width - size.Edge;
        Axis x = Axis.Around([0, arms.Max(arm => arm.Pairs.Count) - 1], left, right);
        picture.MarksLeft(y, left, right, marks, y.RatioText);
        picture.Line(left, y.At(0), right, y.At(0), "one");
        picture.Text(left, bottom + 18, "first block", "start", "dim").Text(right, bottom + 18, "last", "end", "dim");
        foreach ((string name, PairedValues pairs) in arms)
            Thread(picture, Style(name), [.. pairs.LogRatios().Values.Select((value, block) => (x.At(block), y.At(value)))]);
        return picture.ToString();
    }

    /// <summary>Where the memory went, part by part.</summary>
    public static string Of(Waterfall waterfall, PictureSize size)
    {
        WaterfallPart[] parts = [.. waterfall.Parts, new WaterfallPart("unexplained", waterfall.Unexplained)];
        NamedRows rows = new(size, [.. parts.Select(part => part.Name), "difference"],
            [.. parts.Select(part => ValueText.Difference(part.Bytes, "B")), ValueText.Difference(waterfall.Difference, "B")], 20, 26);
        SvgPicture picture = new(size.Width, rows.Bottom + 26, $"Memory of the host: {waterfall.Subject} against {waterfall.Baseline}",
            string.Join("; ", parts.Select(part => $"{part.Name}: {ValueText.Difference(part.Bytes, "B")}")));
        List<double> sums = [0];
        foreach (WaterfallPart part in parts)
            sums.Add(sums[^1] + part.Bytes);
        Axis axis = Axis.Around(sums, rows.Left, rows.Right, withZero: true);
        double multiple = ValueText.ByteMultiple(axis.High - axis.Low).Size;
        picture.MarksBelow(axis, 10, rows.Bottom, axis.Marks(size.IsNarrow ? 4 : 6, multiple), mark => ValueText.Mark(mark, "B"));
        for (int row = 0; row <= parts.Length; row++)
        {
            (double from, double to) = row < parts.Length ? (sums[row], sums[row + 1]) : (0, waterfall.Difference);
            string style = row == parts.Length ? "sum" : row == parts.Length - 1 || parts[row].Name == Waterfall.OtherFiles ? (Math.Abs(to - from) <= waterfall.Tolerance ? "rest" : "alarm") : to >= from ? "more" : "less";
            rows.Write(picture, row, 13);
            picture.Box(axis.At(Math.Min(from, to)), rows.Top(row), Math.Max(1, Math.Abs(axis.At(to) - axis.At(from))), 18, style);
        }

        return picture.ToString();
    }
}
