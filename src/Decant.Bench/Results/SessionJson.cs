using System.Text.Json.Serialization;

namespace Decant.Bench;

/// <summary>The serializers of a session's files, generated at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Experiment))]
[JsonSerializable(typeof(SessionHeader))]
[JsonSerializable(typeof(SessionSamples))]
[JsonSerializable(typeof(Trial))]
[JsonSerializable(typeof(Metric))]
[JsonSerializable(typeof(ResultEnvironment))]
sealed partial class SessionJson : JsonSerializerContext;
