using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Decant.Linux;

namespace Decant.Images;

/// <summary>The JSON of images and of the store, read and written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ManifestDocument))]
[JsonSerializable(typeof(DescriptorDocument))]
[JsonSerializable(typeof(LayoutDocument))]
[JsonSerializable(typeof(ConfigDocument))]
[JsonSerializable(typeof(List<DockerArchiveDocument?>))]
[JsonSerializable(typeof(EngineImageDocument))]
[JsonSerializable(typeof(EngineContainerDocument))]
[JsonSerializable(typeof(EngineErrorDocument))]
[JsonSerializable(typeof(KeptRunRecord))]
[JsonSerializable(typeof(TokenDocument))]
[JsonSerializable(typeof(HelperDocument))]
[JsonSerializable(typeof(RegistryErrorsDocument))]
sealed partial class ImagesJson : JsonSerializerContext
{
    /// <summary>Reads a document; the place is for the message, which names the line and column of the fault.</summary>
    public static T Read<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, string place)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new DecantException($"{place}: the JSON document is null");
        }
        // InvalidOperationException: a string with half of a surrogate pair.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            string at = e is JsonException { LineNumber: long line, BytePositionInLine: long column } ? $" at line {line + 1}, byte {column + 1}" : "";
            throw new DecantException($"{place}: not the JSON that belongs here{at}: {PathBytes.Printable(Reason(e))}", inner: e);
        }
    }

    public static byte[] Write<T>(T document, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(document, type);

    /// <summary>The exception's text without the place, which the message has already.</summary>
    static string Reason(Exception e)
    {
        int place = e.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        return place < 0 ? e.Message : e.Message[..place];
    }
}
