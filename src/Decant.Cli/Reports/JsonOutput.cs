using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Decant.Cli;

/// <summary>Reports as JSON, on standard output or in a page.</summary>
static class JsonOutput
{
    public static void Write<T>(T report, JsonTypeInfo<T> type) =>
        StandardStreams.Write(Text(report, type) + "\n");

    public static string Text<T>(T report, JsonTypeInfo<T> type) => Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(report, type));
}
