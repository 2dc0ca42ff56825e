using System.Globalization;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>
/// A part of JSONPath (RFC 9535): $, then members .name or ['name'], items [0] or, from the end, [-1], and all of them [*] or .*. Neither filters nor slices
/// nor descendants.
/// </summary>
sealed class JsonQuery
{
    /// <summary>A member, an item, or all of them.</summary>
    abstract record Step
    {
        public sealed record Member(string Name) : Step;

        public sealed record Item(int Index) : Step;

        public sealed record All : Step;
    }

    readonly List<Step> _steps;

    JsonQuery(string text, List<Step> steps) => (Text, _steps) = (text, steps);

    public string Text { get; }

    /// <exception cref="DecantException">It is no such path.</exception>
    public static JsonQuery Parse(string path)
    {
        if (path is not ['$', ..])
            throw Wrong(path, 0, "a path begins with $");
        List<Step> steps = [];
        int at = 1;
        while (at < path.Length)
        {
            if (path[at] == '.')
                steps.Add(Name(path, ref at));
            else if (path[at] == '[')
                steps.Add(Bracket(path, ref at));
            else
                throw Wrong(path, at, "here stands neither . nor [");
        }

        return new JsonQuery(path, steps);
    }

    /// <summary>The places that the path leads to, in the order of the document; none where it leads nowhere.</summary>
    public IEnumerable<JsonPlace> Select(JsonPlace root)
    {
        IEnumerable<JsonPlace> places = [root];
        foreach (Step step in _steps)
            places = [.. places.SelectMany(place => Next(place, step))];
        return places;
    }

    static IEnumerable<JsonPlace> Next(JsonPlace place, Step step) => step switch
    {
        Step.Member member => place.Optional(member.Name) is { } value ? [value] : [],
        Step.Item item when place.IsArray => [.. place.Items().Where((_, i) => i == (item.Index < 0 ? place.Element.GetArrayLength() + item.Index : item.Index))],
        Step.All when place.IsArray => place.Items(),
        Step.All when place.IsObject => place.Members().Select(member => member.Value),
        _ => [],
    };

    static Step Name(string path, ref int at)
    {
        int from = ++at;
        while (at < path.Length && path[at] is not ('.' or '['))
            at++;
        string name = path[from..at];
        return name switch
        {
            "" => throw Wrong(path, from, from < path.Length && path[from] == '.' ? "descendants (..) are not read" : "a name is missing"),
            "*" => new Step.All(),
            _ => new Step.Member(name),
        };
    }

    static Step Bracket(string path, ref int at)
    {
        int from = at + 1;
        if (from < path.Length && path[from] is '\'' or '"')
        {
            int end = path.IndexOf(path[from], from + 1);
            if (end < 0 || end + 1 >= path.Length || path[end + 1] != ']')
                throw Wrong(path, from, "the name in quotes does not end, or not before a ]");
            at = end + 2;
            return new Step.Member(path[(from + 1)..end]);
        }

        int close = path.IndexOf(']', from);
        if (close < 0)
            throw Wrong(path, at, "the [ has no ]");
        string inner = path[from..close];
        at = close + 1;
        if (inner == "*")
            return new Step.All();
        return int.TryParse(inner, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int index)
            ? new Step.Item(index)
            : throw Wrong(path, from, "in brackets stands a number, * or a name in quotes; filters and slices are not read");
    }

    static DecantException Wrong(string path, int at, string why) =>
        new($"{PathBytes.Printable(path)} is no path, at character {at + 1}: {why}", "$.results[*].latency_ms");
}
