using System.Runtime.InteropServices;
using System.Text.Json;

namespace Decant.Bench;

/// <summary>A JSON document that knows on which line each of its values stands.</summary>
sealed class JsonText
{
    readonly ReadOnlyMemory<byte> _bytes;

    JsonText(ReadOnlyMemory<byte> bytes, JsonElement root)
    {
        _bytes = bytes;
        Root = new JsonPlace(this, root, "$");
    }

    public JsonPlace Root { get; }

    /// <param name="bytes">UTF-8, with or without a mark of byte order.</param>
    /// <param name="firstLine">What the first line counts as, of a document that is part of a longer text.</param>
    /// <exception cref="UnreadableException">It is no JSON.</exception>
    public static JsonText Parse(ReadOnlyMemory<byte> bytes, int firstLine = 1)
    {
        if (bytes.Span.StartsWith("\uFEFF"u8))
            bytes = bytes[3..];
        bytes = PythonNumbers.Quoted(bytes);
        try
        {
            return new JsonText(bytes, JsonDocument.Parse(bytes).RootElement) { FirstLine = firstLine };
        }
        catch (JsonException exception)
        {
            throw Unreadable(exception, firstLine);
        }
    }

    /// <summary>The document that the bytes begin with, whatever follows it.</summary>
    /// <exception cref="UnreadableException">They begin with none.</exception>
    public static JsonText ParseFirst(ReadOnlyMemory<byte> bytes, int firstLine)
    {
        bytes = PythonNumbers.Quoted(bytes);
        try
        {
            Utf8JsonReader reader = new(bytes.Span);
            reader.Read();
            reader.Skip();
            return Parse(bytes[..(int)reader.BytesConsumed], firstLine);
        }
        catch (JsonException exception)
        {
            throw Unreadable(exception, firstLine);
        }
    }

    static UnreadableException Unreadable(JsonException exception, int firstLine) =>
        new("not JSON", firstLine + (int)(exception.LineNumber ?? 0));

    int FirstLine { get; init; }

    public int LineOf(JsonElement element) =>
        _bytes.Span.Overlaps(JsonMarshal.GetRawUtf8Value(element), out int offset) && offset >= 0 ? FirstLine + _bytes.Span[..offset].Count((byte)'\n') : FirstLine;
}
