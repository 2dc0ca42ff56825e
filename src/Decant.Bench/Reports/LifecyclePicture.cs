namespace Decant.Bench;

/// <summary>What a start costs besides the command's own time: bars of wall time and of removing the container, and of CPU time of the programs and of the engine.</summary>
static class LifecyclePicture
{
    const double Width = 760;
    const double Left = 150;
    const double Right = 20;
    const double RowHeight = 52;
    const double Top = 34;

    /// <summary>Empty where no environment has an engine, or a container to remove.</summary>
    public static string Of(BenchResult result, ResultConclusions conclusions)
    {
        string[] names = [.. result.Environments.Select(arm => arm.Name)];
        if (!conclusions.Summaries.Any(summary => summary.Metric is "teardown" or "engine.user_system" && summary.Median > 0))
            return "";
        double bottom = Top + RowHeight * names.Length;
        SvgPicture picture = new(Width, bottom + 34, "Time and CPU time of a trial", string.Join("; ", names.Select(name => $"{name}: {Words(name)}")));
        picture.Keys(Left, 12, [("CPU of the programs", "work"), ("CPU of the engine", "engine")]);
        Axis axis = Axis.Around(names.SelectMany(name => (double[])[Of(name, "wall") + Of(name, "teardown"), Programs(name) + Of(name, "engine.user_system")]), Left, Width - Right, withZero: true);
        picture.MarksBelow(axis, Top - 6, bottom, axis.Marks(6), mark => ValueText.Mark(mark, "s"));
        for (int row = 0; row < names.Length; row++)
        {
            string name = names[row];
            string colour = $"c{row % ResultPictures.Colours}";
            double y = Top + RowHeight * row;
            picture.Text(Left - 10, y + 17, SvgPicture.Short(name, 20), "end");
            Bars(y + 4, 18, (Of(name, "wall"), "bar " + colour, "wall time"), (Of(name, "teardown"), "teardown " + colour, "removing the container"));
            Bars(y + 24, 8, (Programs(name), "work", "CPU of the programs"), (Of(name, "engine.user_system"), "engine", "CPU of the engine"));
        }

        return picture.ToString();

        double Of(string name, string metric) => conclusions.Summaries.FirstOrDefault(one => one.Metric == metric && one.Environment == name)?.Median ?? 0;

        double Programs(string name) => Of(name, "user") + Of(name, "system");

        void Bars(double y, double height, params ReadOnlySpan<(double Seconds, string Style, string Name)> bars)
        {
            double from = 0;
            foreach ((double seconds, string style, string what) in bars)
            {
                if (seconds > 0)
                    picture.Box(axis.At(from), y, axis.At(from + seconds) - axis.At(from), height, style, $"{what}: {ValueText.Of(seconds, "s")}");
                from += seconds;
            }
        }

        string Words(string name)
        {
            (string What, double Seconds)[] parts =
                [("wall time", Of(name, "wall")), ("removing the container", Of(name, "teardown")), ("CPU of the programs", Programs(name)), ("CPU of the engine", Of(name, "engine.user_system"))];
            return ValueText.Sentence([.. parts.Where(part => part.Seconds > 0).Select(part => $"{part.What} {ValueText.Of(part.Seconds, "s")}")]);
        }
    }
}
