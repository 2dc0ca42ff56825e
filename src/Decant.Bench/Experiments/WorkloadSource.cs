namespace Decant.Bench;

/// <summary>Where a workload's own figures come from.</summary>
/// <param name="Format">A name of <see cref="WorkloadFormats"/>, or one of regex, jsonpath and csv with <paramref name="Figures"/>.</param>
/// <param name="From">stdout, stderr, or the path of a file of the host that the command writes.</param>
/// <param name="Figures">What is read, where the format is one of those that know nothing by themselves.</param>
public sealed record WorkloadSource(string Format, string From, System.Collections.Immutable.ImmutableArray<FigureSpec> Figures)
{
    public const string StandardOutput = "stdout";
    public const string StandardError = "stderr";

    /// <exception cref="Linux.DecantException">There is no such format, or a pattern or path is none.</exception>
    public WorkloadFormat ToFormat() => Format switch
    {
        "regex" => new RegexFormat([.. Figures.Select(figure => figure.Place).Distinct()], Figures.ToDictionary(figure => figure.Name, figure => figure.ToFigure())),
        "jsonpath" => new JsonPathFormat([.. Figures.Select(figure => (figure.Place, figure.ToFigure()))]),
        "csv" => new CsvFormat([.. Figures.Select(figure => (figure.Place, figure.ToFigure()))]),
        _ => WorkloadFormats.Named(Format),
    };
}
