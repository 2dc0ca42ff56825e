using System.Text.Json.Serialization;

namespace Decant.Cli;

/// <summary>The reports' serializers, generated at build time.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ImagesReport))]
[JsonSerializable(typeof(InspectReport))]
[JsonSerializable(typeof(PullReport))]
[JsonSerializable(typeof(EnvReport))]
[JsonSerializable(typeof(LddReport))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(PlanReport))]
[JsonSerializable(typeof(HostJsonReport))]
[JsonSerializable(typeof(GcReport))]
[JsonSerializable(typeof(FsckReport))]
[JsonSerializable(typeof(PackReport))]
[JsonSerializable(typeof(ResultsReport))]
[JsonSerializable(typeof(LogExplanationReport))]
sealed partial class ReportJson : JsonSerializerContext;
