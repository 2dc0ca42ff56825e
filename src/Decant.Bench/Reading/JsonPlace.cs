using System.Text.Json;

namespace Decant.Bench;

/// <summary>A value of a JSON document with the way to it, so that what is missing or of the wrong kind is told by its place: $.jobs[0].read.bw_bytes.</summary>
/// <remarks>All that read throw <see cref="UnreadableException"/>.</remarks>
readonly struct JsonPlace(JsonText text, JsonElement element, string path)
{
    public JsonElement Element => element;

    public string Path => path;

    public int Line => text.LineOf(element);

    public bool IsObject => element.ValueKind == JsonValueKind.Object;

    public bool IsArray => element.ValueKind == JsonValueKind.Array;

    public bool IsNumber => element.ValueKind == JsonValueKind.Number;

    public bool IsText => element.ValueKind == JsonValueKind.String;

    public bool IsNull => element.ValueKind == JsonValueKind.Null;

    /// <summary>A member that must be there.</summary>
    public JsonPlace this[string name] => Optional(name) ?? throw Unreadable($"has no {name}");

    /// <summary>A member, or null where there is none or it is null.</summary>
    public JsonPlace? Optional(string name) =>
        IsObject && element.TryGetProperty(name, out JsonElement member) && member.ValueKind != JsonValueKind.Null ? new JsonPlace(text, member, $"{path}.{name}") : null;

    public bool Has(string name) => Optional(name) is not null;

    /// <summary>The members of an object, in their order.</summary>
    public IEnumerable<(string Name, JsonPlace Value)> Members()
    {
        if (!IsObject)
            throw Unreadable("is no object");
        List<(string, JsonPlace)> members = [];
        try
        {
            foreach (JsonProperty member in element.EnumerateObject())
                members.Add((member.Name, new JsonPlace(text, member.Value, $"{path}.{member.Name}")));
        }
        catch (InvalidOperationException)
        {
            throw Unreadable("has a name that is no UTF-8");
        }

        return members;
    }

    /// <summary>The items of an array.</summary>
    public IEnumerable<JsonPlace> Items()
    {
        if (!IsArray)
            throw Unreadable("is no array");
        List<JsonPlace> items = [];
        foreach (JsonElement item in element.EnumerateArray())
            items.Add(new JsonPlace(text, item, $"{path}[{items.Count}]"));
        return items;
    }

    /// <summary>A finite number.</summary>
    public double Number() => IsNumber && element.TryGetDouble(out double value) && double.IsFinite(value)
        ? value
        : throw Unreadable($"is no number{(IsNumber || IsText ? $": {Shown()}" : "")}");

    /// <summary>A whole number.</summary>
    public int Count() => IsNumber && element.TryGetInt32(out int value) ? value : throw Unreadable("is no whole number");

    public string Text()
    {
        try
        {
            return IsText ? element.GetString()! : throw Unreadable("is no text");
        }
        catch (InvalidOperationException)
        {
            throw Unreadable("is no UTF-8");
        }
    }

    /// <summary>A text, or what a number or truth value is written as; empty for what has parts.</summary>
    public string Shown() => element.ValueKind switch
    {
        JsonValueKind.String => Text(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => element.GetRawText(),
        _ => "",
    };

    public UnreadableException Unreadable(string reason) => new($"{path} {reason}", Line);
}
