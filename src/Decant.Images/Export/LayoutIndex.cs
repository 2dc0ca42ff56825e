using System.Text.Json;
using Decant.Linux;

namespace Decant.Images;

/// <summary>The index.json of a layout with an image added: all that others have written there stays, known to decant or not.</summary>
static class LayoutIndex
{
    const string RefName = "org.opencontainers.image.ref.name";

    /// <param name="existing">What index.json holds; null for a new one.</param>
    /// <param name="image">The manifest to add.</param>
    /// <param name="tag">Its tag, taken from the image that had it; null for none.</param>
    /// <param name="place">Names the existing file in messages.</param>
    public static byte[] With(byte[]? existing, Descriptor image, string? tag, string place)
    {
        using JsonDocument? old = existing is null ? null : Parse(existing, place);
        try
        {
            return With(old, image, tag, place);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // A string of JSON may hold bytes and escapes that are no text.
            throw new DecantException($"{place}: a string in it is not valid text: {PathBytes.Printable(e.Message)}", inner: e);
        }
    }

    static byte[] With(JsonDocument? old, Descriptor image, string? tag, string place)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            if (old is null)
            {
                json.WriteNumber("schemaVersion", 2);
                json.WriteString("mediaType", MediaTypes.Index);
            }

            foreach (JsonProperty property in old?.RootElement.EnumerateObject().AsEnumerable() ?? [])
            {
                if (!property.NameEquals("manifests"))
                    property.WriteTo(json);
            }

            json.WriteStartArray("manifests");
            foreach (JsonElement manifest in Manifests(old, place))
            {
                // The same image under the same tag is written anew, at the end.
                if (IsImage(manifest, image) && (TagOf(manifest) == tag || TagOf(manifest) is null))
                    continue;
                if (tag is not null && TagOf(manifest) == tag)
                    WriteWithoutTag(json, manifest);
                else
                    manifest.WriteTo(json);
            }

            DescriptorDocument added = DescriptorDocument.From(tag is null ? image : image with { Annotations = new Dictionary<string, string> { [RefName] = tag } });
            JsonSerializer.Serialize(json, added, ImagesJson.Default.DescriptorDocument);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    static JsonDocument Parse(byte[] json, string place)
    {
        try
        {
            JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
            throw new DecantException($"{place}: not a JSON object, so it is no index");
        }
        catch (JsonException e)
        {
            throw new DecantException($"{place}: not JSON: {PathBytes.Printable(e.Message)}", inner: e);
        }
    }

    static JsonElement.ArrayEnumerator Manifests(JsonDocument? index, string place)
    {
        if (index is null || !index.RootElement.TryGetProperty("manifests", out JsonElement manifests) || manifests.ValueKind == JsonValueKind.Null)
            return default;
        if (manifests.ValueKind != JsonValueKind.Array || manifests.EnumerateArray().Any(manifest => manifest.ValueKind != JsonValueKind.Object))
            throw new DecantException($"{place}: its manifests are no list of descriptors");
        return manifests.EnumerateArray();
    }

    static bool IsImage(JsonElement manifest, Descriptor image) =>
        manifest.TryGetProperty("digest", out JsonElement digest) && digest.ValueKind == JsonValueKind.String && digest.GetString() == image.Digest.ToString();

    static string? TagOf(JsonElement manifest) =>
        manifest.TryGetProperty("annotations", out JsonElement annotations) && annotations.ValueKind == JsonValueKind.Object
        && annotations.TryGetProperty(RefName, out JsonElement tag) && tag.ValueKind == JsonValueKind.String
            ? tag.GetString()
            : null;

    static void WriteWithoutTag(Utf8JsonWriter json, JsonElement manifest)
    {
        json.WriteStartObject();
        foreach (JsonProperty property in manifest.EnumerateObject())
        {
            if (!property.NameEquals("annotations"))
            {
                property.WriteTo(json);
                continue;
            }

            json.WriteStartObject("annotations");
            foreach (JsonProperty annotation in property.Value.EnumerateObject())
            {
                if (!annotation.NameEquals(RefName))
                    annotation.WriteTo(json);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
