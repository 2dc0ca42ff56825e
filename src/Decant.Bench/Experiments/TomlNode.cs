using System.Globalization;
using System.Text;
using Decant.Linux;
using Tomlyn;
using Tomlyn.Parsing;

namespace Decant.Bench;

/// <summary>A value of a TOML file with its place, for messages.</summary>
/// <param name="Place">FILE:LINE:COLUMN.</param>
/// <param name="Text">Of a string, number or boolean as it would be written; null for tables and arrays.</param>
/// <param name="Items">Of an array; null for all else.</param>
/// <param name="Keys">Of a table, in the file's order; null for all else.</param>
sealed record TomlNode(string Place, string? Text, IReadOnlyList<TomlNode>? Items, IReadOnlyList<KeyValuePair<string, TomlNode>>? Keys)
{
    /// <exception cref="DecantException">It is no TOML, or no UTF-8.</exception>
    public static TomlNode Parse(byte[] bytes, string file)
    {
        string name = PathBytes.Printable(file);
        try
        {
            string text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
            TomlParser parser = TomlParser.Create(text, new TomlParserOptions { Mode = TomlParserMode.Strict, DecodeScalars = true });
            parser.MoveNext();
            parser.MoveNext();
            return Read(parser, name);
        }
        catch (DecoderFallbackException e)
        {
            throw new DecantException($"{name}: byte {e.Index} is not UTF-8, as TOML must be", null, e);
        }
        catch (TomlException e)
        {
            string message = e.Message;
            int error = message.IndexOf("error : ", StringComparison.Ordinal);
            throw new DecantException($"{name}:{e.Line ?? 0}:{e.Column ?? 0}: {(error < 0 ? message : message[(error + 8)..]).Split('\n')[0].TrimEnd()}", null, e);
        }
    }

    static TomlNode Read(TomlParser parser, string file)
    {
        string place = $"{file}:{parser.Current.Line}:{parser.Current.Column}";
        switch (parser.Current.Kind)
        {
            case TomlParseEventKind.StartTable:
                List<KeyValuePair<string, TomlNode>> keys = [];
                while (parser.MoveNext() && parser.Current.Kind == TomlParseEventKind.PropertyName)
                {
                    string key = parser.GetPropertyName();
                    string where = $"{file}:{parser.Current.Line}:{parser.Current.Column}";
                    if (keys.Any(pair => pair.Key == key))
                        throw new DecantException($"{where}: {PathBytes.Printable(key)} is given more than once");
                    parser.MoveNext();
                    keys.Add(new(key, Read(parser, file) with { Place = where }));
                }

                return new TomlNode(place, null, null, keys);
            case TomlParseEventKind.StartArray:
                List<TomlNode> items = [];
                while (parser.MoveNext() && parser.Current.Kind != TomlParseEventKind.EndArray)
                    items.Add(Read(parser, file));
                return new TomlNode(place, null, items, null);
            case TomlParseEventKind.String:
                return new TomlNode(place, parser.GetString(), null, null);
            case TomlParseEventKind.Integer:
                return new TomlNode(place, parser.Current.GetInt64().ToString(CultureInfo.InvariantCulture), null, null);
            case TomlParseEventKind.Float:
                return new TomlNode(place, parser.Current.GetDouble().ToString(CultureInfo.InvariantCulture), null, null);
            case TomlParseEventKind.Boolean:
                return new TomlNode(place, parser.Current.GetBoolean() ? "true" : "false", null, null);
            default:
                throw new DecantException($"{place}: dates and times have no meaning here");
        }
    }
}
