using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Decant.Devices;

/// <summary>Writes a specification as a file has it.</summary>
public static class CdiText
{
    static readonly SearchValues<char> plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+=:@");

    public static string Json(CdiSpec spec)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Tree(spec).WriteTo(writer);
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    public static string Yaml(CdiSpec spec)
    {
        StringBuilder text = new("---\n");
        Members(text, Tree(spec), 0);
        return text.ToString();
    }

    static void Members(StringBuilder text, JsonObject map, int indent)
    {
        bool first = true;
        foreach ((string name, JsonNode? value) in map)
        {
            // The first follows the dash of a list.
            text.Append(' ', first ? 0 : indent).Append(name).Append(':');
            first = false;
            Value(text, value!, indent + 2);
        }
    }

    static void Value(StringBuilder text, JsonNode value, int indent)
    {
        switch (value)
        {
            case JsonObject map:
                text.Append('\n').Append(' ', indent);
                Members(text, map, indent);
                break;
            case JsonArray list:
                text.Append('\n');
                foreach (JsonNode? item in list)
                {
                    text.Append(' ', indent).Append('-');
                    if (item is JsonObject members)
                    {
                        text.Append(' ');
                        Members(text, members, indent + 2);
                    }
                    else
                    {
                        Value(text, item!, indent + 2);
                    }
                }

                break;
            default:
                text.Append(' ').Append(value.GetValueKind() == JsonValueKind.String ? Scalar(value.GetValue<string>()) : value.ToString()).Append('\n');
                break;
        }
    }

    /// <summary>In quotation marks where YAML might take it for something else than a text.</summary>
    static string Scalar(string text)
    {
        bool isPlain = text.Length > 0
            && (char.IsAsciiLetter(text[0]) || text[0] == '/' || (text.StartsWith("--", StringComparison.Ordinal) && text.Length > 2 && char.IsAsciiLetter(text[2])))
            && !text.AsSpan().ContainsAnyExcept(plain)
            && !text.EndsWith(':')
            && text.ToLowerInvariant() is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n");
        return isPlain ? text : $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
    }

    static JsonObject Tree(CdiSpec spec)
    {
        JsonObject tree = new()
        {
            ["cdiVersion"] = spec.Version,
            ["kind"] = spec.Kind,
            ["devices"] = List(spec.Devices, device => new JsonObject { ["name"] = device.Name, ["containerEdits"] = Tree(device.Edits) }),
        };
        if (Tree(spec.Edits) is { Count: > 0 } edits)
            tree["containerEdits"] = edits;
        return tree;
    }

    static JsonObject Tree(CdiEdits edits)
    {
        JsonObject tree = [];
        Add(tree, "env", edits.Env, Text);
        Add(tree, "deviceNodes", edits.DeviceNodes, Tree);
        Add(tree, "hooks", edits.Hooks, Tree);
        Add(tree, "mounts", edits.Mounts, Tree);
        Add(tree, "additionalGids", edits.AdditionalGroups, group => JsonValue.Create(group));
        return tree;
    }

    static JsonObject Tree(CdiDeviceNode node)
    {
        JsonObject tree = new() { ["path"] = node.Path };
        if (node.HostPath is { } host)
            tree["hostPath"] = host;
        return tree;
    }

    static JsonObject Tree(CdiHook hook)
    {
        JsonObject tree = new() { ["hookName"] = hook.Name, ["path"] = hook.Path };
        Add(tree, "args", hook.Arguments, Text);
        return tree;
    }

    static JsonObject Tree(CdiMount mount)
    {
        JsonObject tree = new() { ["hostPath"] = mount.HostPath, ["containerPath"] = mount.ContainerPath };
        Add(tree, "options", mount.Options, Text);
        return tree;
    }

    static JsonValue Text(string text) => JsonValue.Create(text);

    static void Add<T>(JsonObject tree, string name, IReadOnlyList<T> items, Func<T, JsonNode> make)
    {
        if (items.Count > 0)
            tree[name] = List(items, make);
    }

    static JsonArray List<T>(IReadOnlyList<T> items, Func<T, JsonNode> make)
    {
        JsonArray list = [];
        foreach (T item in items)
            list.Add(make(item));
        return list;
    }
}
