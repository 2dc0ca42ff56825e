namespace Decant.Bench;

/// <summary>The pictures of a result's primary metric. Each environment has one colour on the whole page: class c0, c1, …</summary>
sealed class ResultPictures(BenchResult result, ResultConclusions conclusions)
{
    const double Width = 760;
    const double Left = 150;
    const double Right = 20;
    const double RowHeight = 34;

    /// <summary>More environments than this share colours.</summary>
    public const int Colours = 10;

    readonly Metric primary = result.Metrics[0];
    readonly string[] names = [.. result.Environments.Select(arm => arm.Name)];

    string Colour(string environment) => $"c{Array.IndexOf(names, environment) % Colours}";

    string Value(double value) => ValueText.Of(value, primary.Unit);

    (Trial Trial, double Value)[] Of(string environment) =>
        [.. result.Trials.Where(trial => trial.Counts && trial.Environment == environment && trial.Values.ContainsKey(primary.Name)).Select(trial => (trial, trial.Values[primary.Name]))];

    IEnumerable<double> All => names.SelectMany(Of).Select(pair => pair.Value);

    static string Short(string text) => SvgPicture.Short(text, 20);

    /// <summary>Round in the multiple of the unit in which values of that size are shown.</summary>
    IEnumerable<double> Marks(Axis axis, int about) => primary.Unit == "B" ? axis.Marks(about, ValueText.ByteMultiple(axis.High).Size) : axis.Marks(about);

    string Mark(double value) => ValueText.Mark(value, primary.Unit);

    /// <summary>Each ratio with its interval, and the band of what does not matter.</summary>
    public string Forest()
    {
        Verdict[] verdicts = [.. conclusions.Verdicts];
        double bottom = 20 + RowHeight * verdicts.Length;
        bool several = verdicts.Select(verdict => verdict.Question.Baseline).Distinct().Count() > 1;
        SvgPicture picture = new(Width, bottom + 26, $"Ratio of {primary.Name} to {(several ? "what each is compared with" : verdicts[0].Question.Baseline)}",
            string.Join("; ", verdicts.Select(verdict => $"{verdict.Question.Subject}: {ValueText.Ratio(verdict.Comparison.Ratio.Value)}")));
        // On a logarithmic scale half and twice are equally far from 1.
        Axis axis = Axis.Around(verdicts.SelectMany(verdict => (double[])[Math.Log(verdict.Comparison.Ratio.Interval.Low), Math.Log(verdict.Comparison.Ratio.Interval.High),
            Math.Log(verdict.Question.Margin.Low), Math.Log(verdict.Question.Margin.High)]), Left, Width - Right - 130);
        EquivalenceMargin margin = verdicts[0].Question.Margin;
        picture.Box(axis.At(Math.Log(margin.Low)), 10, axis.At(Math.Log(margin.High)) - axis.At(Math.Log(margin.Low)), bottom - 10, "band");
        picture.MarksBelow(axis, 10, bottom, axis.RatioMarks(6), axis.RatioText);
        picture.Line(axis.At(0), 10, axis.At(0), bottom, "one");
        for (int row = 0; row < verdicts.Length; row++)
        {
            Verdict verdict = verdicts[row];
            Estimate ratio = verdict.Comparison.Ratio;
            double y = 20 + RowHeight * (row + 0.5) - 5;
            string colour = Colour(verdict.Question.Subject);
            picture.Text(Left - 10, y + 4, Short(several ? $"{verdict.Question.Subject} / {verdict.Question.Baseline}" : verdict.Question.Subject), "end")
                .Line(axis.At(Math.Log(ratio.Interval.Low)), y, axis.At(Math.Log(ratio.Interval.High)), y, "interval " + colour)
                .Circle(axis.At(Math.Log(ratio.Value)), y, 5, "dot " + colour, verdict.Sentence)
                .Text(Width - Right - 115, y + 4, ValueText.Ratio(ratio.Value), "start");
        }

        return picture.ToString();
    }

    /// <summary>Every value, with quartiles and median.</summary>
    public string Strip()
    {
        double bottom = 20 + RowHeight * names.Length;
        SvgPicture picture = new(Width, bottom + 26, $"{primary.Name} of each trial", string.Join("; ", names.Select(name => $"{name}: median {Median(name)}")));
        Axis axis = Axis.Around(All, Left, Width - Right);
        picture.MarksBelow(axis, 10, bottom, Marks(axis, 6), Mark);
        for (int row = 0; row < names.Length; row++)
        {
            double y = 20 + RowHeight * (row + 0.5) - 5;
            string colour = Colour(names[row]);
            picture.Text(Left - 10, y + 4, Short(names[row]), "end");
            if (conclusions.Summaries.FirstOrDefault(one => one.Metric == primary.Name && one.Environment == names[row]) is { } summary)
            {
                picture.Box(axis.At(summary.LowerQuartile), y - 10, axis.At(summary.UpperQuartile) - axis.At(summary.LowerQuartile), 20, "quartiles " + colour)
                    .Line(axis.At(summary.Median), y - 12, axis.At(summary.Median), y + 12, "median " + colour);
            }

            foreach ((Trial trial, double value) in Of(names[row]))
            {
                // Spread by the trial's number, so that equal values stay apart and the picture is the same each time.
                picture.Circle(axis.At(value), y + (trial.Number * 0.618 % 1 - 0.5) * 14, 3, "dot " + colour, $"trial {trial.Number + 1}: {Value(value)}");
            }
        }

        return picture.ToString();
    }

    string Median(string name) => conclusions.Summaries.FirstOrDefault(one => one.Metric == primary.Name && one.Environment == name) is { } summary ? Value(summary.Median) : "none";

    /// <summary>What share of trials is at most so long.</summary>
    public string Cumulative()
    {
        const double Bottom = 220;
        SvgPicture picture = new(Width, Bottom + 26, $"Share of trials with at most that {primary.Name}", "One rising line for each environment; one that is further left has lower values.");
        Axis x = Axis.Around(All, 60, Width - Right);
        Axis y = new(0, 1, Bottom, 15);
        picture.MarksBelow(x, 15, Bottom, Marks(x, 6), Mark).MarksLeft(y, 60, Width - Right, y.Marks(5), mark => $"{100 * mark:F0} %");
        foreach (string name in names)
        {
            double[] values = [.. Of(name).Select(pair => pair.Value).Order()];
            List<(double, double)> points = [];
            for (int i = 0; i < values.Length; i++)
            {
                points.Add((x.At(values[i]), y.At((double)i / values.Length)));
                points.Add((x.At(values[i]), y.At((i + 1.0) / values.Length)));
            }

            picture.Path(points, "curve " + Colour(name));
        }

        return picture.ToString();
    }

    /// <summary>The values in the order of measurement: where they drift, it is seen here. Beside them the temperature, where the trials have one.</summary>
    public string RunOrder()
    {
        const double Bottom = 220;
        SvgPicture picture = new(Width, Bottom + 26, $"{primary.Name} in the order of measurement",
            "Points of all environments from the first trial to the last; a slope or a step is drift." + (Temperature is null ? "" : $" The dashed line is {Temperature.Name}."));
        double right = Width - (Temperature is null ? Right : 60);
        Axis y = Axis.Around(All, Bottom, 15);
        double[] marks = [.. Marks(y, 5)];
        double left = Math.Max(60, 12 + marks.Select(mark => SvgPicture.Length(Mark(mark))).DefaultIfEmpty().Max());
        Axis x = Axis.Around([0, result.Trials.Length - 1], left, right);
        picture.MarksLeft(y, left, right, marks, Mark);
        picture.Text(left, Bottom + 18, "first trial", "start", "dim").Text(right, Bottom + 18, "last", "end", "dim");
        if (Temperature is not null)
        {
            (int Index, double Value)[] heat = [.. Places(Temperature.Name, _ => true)];
            Axis degrees = Axis.Around(heat.Select(point => point.Value), Bottom, 15);
            picture.MarksRight(degrees, right, degrees.Marks(5), mark => $"{mark:0.#} °C").Path(heat.Select(point => (x.At(point.Index), degrees.At(point.Value))), "heat");
        }

        foreach (string name in names)
        {
            (double X, double Y)[] points = [.. Places(primary.Name, trial => trial.Counts && trial.Environment == name).Select(point => (x.At(point.Index), y.At(point.Value)))];
            picture.Path(points, "thread " + Colour(name));
            foreach ((double px, double py) in points)
                picture.Circle(px, py, 3, "dot " + Colour(name));
        }

        return picture.ToString();
    }

    /// <summary>What tells how warm the machine was when a trial began, or at least in it; null where nothing does.</summary>
    public Metric? Temperature =>
        result.Metrics.Where(metric => metric.Unit == "°C").OrderBy(metric => metric.Name.Contains("start", StringComparison.Ordinal) ? 0 : 1).FirstOrDefault(metric => metric.Name != primary.Name);

    /// <summary>The values of a metric with their trials' places in the order of measurement.</summary>
    IEnumerable<(int Index, double Value)> Places(string metric, Func<Trial, bool> shown) =>
        result.Trials.Select((trial, index) => (trial, index)).Where(pair => shown(pair.trial) && pair.trial.Values.ContainsKey(metric)).Select(pair => (pair.index, pair.trial.Values[metric]));

    /// <summary>The ratio of each block: what the verdict is made from. Empty where there are no blocks.</summary>
    public string Blocks()
    {
        const double Bottom = 220;
        (string Name, PairedValues Pairs)[] arms = [.. names.Skip(1).Select(name => (name, PairedValues.Of(result, primary.Name, name, names[0]))).Where(arm => arm.Item2.Positive)];
        if (arms.Length == 0)
            return "";
        SvgPicture picture = new(Width, Bottom + 26, $"Ratio of {primary.Name} to {names[0]} in each block", "One line for each environment; a steady difference is a level line.");
        Axis x = Axis.Around([0, arms.Max(arm => arm.Pairs.Count) - 1], 80, Width - Right);
        Axis y = Axis.Around(arms.SelectMany(arm => arm.Pairs.LogRatios().Values).Append(0), Bottom, 15);
        picture.MarksLeft(y, 80, Width - Right, y.RatioMarks(5), y.RatioText);
        picture.Line(80, y.At(0), Width - Right, y.At(0), "one");
        picture.Text(80, Bottom + 18, "first block", "start", "dim").Text(Width - Right, Bottom + 18, "last", "end", "dim");
        foreach ((string name, PairedValues pairs) in arms)
        {
            (double X, double Y)[] points = [.. pairs.LogRatios().Values.Select((value, block) => (x.At(block), y.At(value)))];
            picture.Path(points, "thread " + Colour(name));
            foreach ((double px, double py) in points)
                picture.Circle(px, py, 3, "dot " + Colour(name));
        }

        return picture.ToString();
    }

    /// <summary>Where the memory went, part by part.</summary>
    public static string Of(Waterfall waterfall)
    {
        WaterfallPart[] parts = [.. waterfall.Parts, new WaterfallPart("unexplained", waterfall.Unexplained)];
        const double NameWidth = 210;
        double bottom = 20 + 26 * (parts.Length + 1);
        SvgPicture picture = new(Width, bottom + 26, $"Memory of the host: {waterfall.Subject} against {waterfall.Baseline}",
            string.Join("; ", parts.Select(part => $"{part.Name}: {ValueText.Difference(part.Bytes, "B")}")));
        List<double> sums = [0];
        foreach (WaterfallPart part in parts)
            sums.Add(sums[^1] + part.Bytes);
        Axis axis = Axis.Around(sums, NameWidth, Width - Right - 100, withZero: true);
        double size = ValueText.ByteMultiple(axis.High - axis.Low).Size;
        picture.MarksBelow(axis, 10, bottom, axis.Marks(6, size), mark => ValueText.Mark(mark, "B"));
        for (int row = 0; row <= parts.Length; row++)
        {
            double y = 20 + 26 * row;
            (string name, double from, double to) = row < parts.Length ? (parts[row].Name, sums[row], sums[row + 1]) : ("difference", 0, waterfall.Difference);
            string style = row == parts.Length ? "sum" : row == parts.Length - 1 || parts[row].Name == Waterfall.OtherFiles ? (Math.Abs(to - from) <= waterfall.Tolerance ? "rest" : "alarm") : to >= from ? "more" : "less";
            picture.Text(NameWidth - 10, y + 13, name, "end").Box(axis.At(Math.Min(from, to)), y, Math.Max(1, Math.Abs(axis.At(to) - axis.At(from))), 18, style)
                .Text(Width - Right - 90, y + 13, ValueText.Difference(to - from, "B"));
        }

        return picture.ToString();
    }
}
