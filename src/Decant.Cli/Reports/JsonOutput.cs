using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Decant.Cli;

/// <summary>Reports as JSON on standard output.</summary>
static class JsonOutput
{
    public static void Write<T>(T report, JsonTypeInfo<T> type) =>
        StandardStreams.Write(Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(report, type)) + "\n");
}
