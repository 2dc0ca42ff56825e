using System.Text.RegularExpressions;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>
/// A pattern over each line of an output; each named group is a figure. "rate=(?&lt;rate&gt;\S+)" gives rate. Patterns run in time that grows with the line's
/// length alone, so back-references and look-around are not to be had.
/// </summary>
public sealed class RegexFormat : WorkloadFormat
{
    readonly Regex[] _patterns;
    readonly IReadOnlyDictionary<string, GenericFigure> _figures;

    /// <param name="patterns">Each is looked for by itself, so that one line may have figures of several.</param>
    /// <param name="figures">By the name of the group; each group that a pattern names has one.</param>
    /// <exception cref="DecantException">A pattern is none, or names no group; or the groups are not the figures.</exception>
    public RegexFormat(IReadOnlyList<string> patterns, IReadOnlyDictionary<string, GenericFigure> figures)
    {
        _patterns = [.. patterns.Select(Compile)];
        HashSet<string> groups = [.. _patterns.SelectMany(Groups)];
        if (groups.FirstOrDefault(name => !figures.ContainsKey(name)) is { } unknown)
            throw new DecantException($"the group {unknown} of the pattern has no unit and direction", $"declare {unknown}");
        if (figures.Keys.FirstOrDefault(name => !groups.Contains(name)) is { } missing)
            throw new DecantException($"the pattern has no group {missing}", $@"name it: (?<{missing}>\S+)");
        _figures = figures;
    }

    static IEnumerable<string> Groups(Regex pattern) => pattern.GetGroupNames().Where(name => !char.IsAsciiDigit(name[0]));

    static Regex Compile(string pattern)
    {
        try
        {
            Regex compiled = new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return Groups(compiled).Any() ? compiled
                : throw new DecantException($"the pattern {PathBytes.Printable(pattern)} names no figure", @"name each figure by a group: time=(?<time>\S+)");
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new DecantException(
                $"the pattern {PathBytes.Printable(pattern)} is no regular expression that decant runs",
                @"name each figure by a group: time=(?<time>\S+)", exception);
        }
    }

    public override string Name => "regex";

    internal override bool Claims(WorkloadText text) => false;

    internal override IEnumerable<WorkloadValue> Parse(WorkloadText text)
    {
        Dictionary<string, List<(double, int)>> found = _figures.Keys.ToDictionary(name => name, _ => new List<(double, int)>());
        foreach (WorkloadLine line in text.Lines)
        {
            foreach (Match match in _patterns.SelectMany(pattern => pattern.Matches(line.Text)))
            {
                foreach ((string name, List<(double, int)> values) in found)
                {
                    if (match.Groups[name] is { Success: true } group)
                        values.Add((Figure.Number(group.ValueSpan, line.Number), line.Number));
                }
            }
        }

        return _figures.Select(figure => figure.Value.Choose(found[figure.Key], $"the group {figure.Key} of {_patterns.First(pattern => Groups(pattern).Contains(figure.Key))}"));
    }
}
