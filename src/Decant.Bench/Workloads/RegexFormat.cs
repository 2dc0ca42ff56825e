using System.Text.RegularExpressions;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>
/// A pattern over each line of an output; each named group is a figure. "rate=(?&lt;rate&gt;\S+)" gives rate. Patterns run in time that grows with the line's
/// length alone, so back-references and look-around are not to be had.
/// </summary>
public sealed class RegexFormat : WorkloadFormat
{
    readonly Regex _pattern;
    readonly IReadOnlyDictionary<string, GenericFigure> _figures;

    /// <param name="figures">By the name of the group; each group that the pattern names has one.</param>
    /// <exception cref="DecantException">The pattern is none, names no group, or another than the figures do.</exception>
    public RegexFormat(string pattern, IReadOnlyDictionary<string, GenericFigure> figures)
    {
        try
        {
            _pattern = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new DecantException(
                $"the pattern {PathBytes.Printable(pattern)} is no regular expression that decant runs",
                @"name each figure by a group: time=(?<time>\S+)", exception);
        }

        string[] groups = [.. _pattern.GetGroupNames().Where(name => !char.IsAsciiDigit(name[0]))];
        if (groups.Length == 0)
            throw new DecantException($"the pattern {PathBytes.Printable(pattern)} names no figure", @"name each figure by a group: time=(?<time>\S+)");
        if (groups.FirstOrDefault(name => !figures.ContainsKey(name)) is { } unknown)
            throw new DecantException($"the group {unknown} of the pattern has no unit and direction", $"declare {unknown}");
        if (figures.Keys.FirstOrDefault(name => !groups.Contains(name)) is { } missing)
            throw new DecantException($"the pattern has no group {missing}", $@"name it: (?<{missing}>\S+)");
        _figures = figures;
    }

    public override string Name => "regex";

    internal override bool Claims(WorkloadText text) => false;

    internal override IEnumerable<WorkloadValue> Parse(WorkloadText text)
    {
        Dictionary<string, List<(double, int)>> found = _figures.Keys.ToDictionary(name => name, _ => new List<(double, int)>());
        foreach (WorkloadLine line in text.Lines)
        {
            foreach (Match match in _pattern.Matches(line.Text))
            {
                foreach ((string name, List<(double, int)> values) in found)
                {
                    if (match.Groups[name] is { Success: true } group)
                        values.Add((Figure.Number(group.ValueSpan, line.Number), line.Number));
                }
            }
        }

        return _figures.Select(figure => figure.Value.Choose(found[figure.Key], $"the group {figure.Key} of {_pattern}"));
    }
}
