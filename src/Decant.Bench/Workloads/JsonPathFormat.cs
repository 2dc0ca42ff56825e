using Decant.Linux;

namespace Decant.Bench;

/// <summary>Figures of a JSON document by their places (<see cref="JsonQuery"/>): $.results[*].latency_ms.</summary>
public sealed class JsonPathFormat : WorkloadFormat
{
    readonly (JsonQuery Query, GenericFigure Figure)[] _figures;

    /// <exception cref="DecantException">A path is none.</exception>
    public JsonPathFormat(IReadOnlyList<(string Path, GenericFigure Figure)> figures) => _figures = [.. figures.Select(one => (JsonQuery.Parse(one.Path), one.Figure))];

    public override string Name => "jsonpath";

    internal override bool Claims(WorkloadText text) => false;

    internal override IEnumerable<WorkloadValue> Parse(WorkloadText text)
    {
        JsonPlace root = text.Json();
        foreach ((JsonQuery query, GenericFigure figure) in _figures)
            yield return figure.Choose([.. query.Select(root).Select(place => (place.Number(), place.Line))], query.Text);
    }
}
