namespace Decant.Bench;

/// <summary>What a start costs besides the command's own time: bars of wall time and of removing the container, and of CPU time of the programs and of the engine.</summary>
static class LifecyclePicture
{
    const double RowHeight = 46;

    static readonly (string Name, string Style)[] _keys = [("wall time", "bar c6"), ("removing the container", "teardown c6"), ("CPU of the programs", "work"), ("CPU of the engine", "engine")];

    /// <summary>Empty where no environment has an engine, or a container to remove.</summary>
    public static string Of(BenchResult result, ResultConclusions conclusions, PictureSize size)
    {
        string[] names = [.. result.Environments.Select(arm => arm.Name)];
        if (!conclusions.Summaries.Any(summary => summary.Metric is "teardown" or "engine.user_system" && summary.Median > 0))
            return "";
        PictureKey key = new([.. _keys.Select(sign => sign.Name)], size.Edge, size.Width - size.Edge, 11);
        NamedRows rows = new(size, names, [], key.Height + 14, RowHeight);
        SvgPicture picture = new(size.Width, rows.Bottom + 26, "Time and CPU time of a trial", string.Join("; ", names.Select(name => $"{name}: {Words(name)}")));
        key.Write(picture, (index, x, y) => picture.Box(x, y - 5, 11, 11, _keys[index].Style));
        Axis axis = Axis.Around(names.SelectMany(name => (double[])[Of(name, "wall") + Of(name, "teardown"), Programs(name) + Of(name, "engine.user_system")]), rows.Left, rows.Right, withZero: true);
        picture.MarksBelow(axis, key.Height + 8, rows.Bottom, axis.Marks(size.IsNarrow ? 4 : 6), mark => ValueText.Mark(mark, "s"));
        for (int row = 0; row < names.Length; row++)
        {
            string name = names[row];
            string colour = new ArmStyle(row).Colour;
            double y = rows.Top(row);
            rows.Write(picture, row, 17);
            Bars(y + 2, 18, (Of(name, "wall"), "bar " + colour, "wall time"), (Of(name, "teardown"), "teardown " + colour, "removing the container"));
            Bars(y + 22, 8, (Programs(name), "work", "CPU of the programs"), (Of(name, "engine.user_system"), "engine", "CPU of the engine"));
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
