using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Decant.Bench.Tests;

/// <summary>Data that lie beside the checkout, in ../shared/data, or in data/ of the directory that DECANT_SHARED names.</summary>
static class SharedData
{
    public static JsonElement Golden => Read("golden-statistics.json");

    public static JsonElement Spark => Read("benchmark-spark-results.json");

    static JsonElement Read(string name)
    {
        string shared = Environment.GetEnvironmentVariable("DECANT_SHARED") ?? "../shared";
        string path = Path.GetFullPath(Path.Combine(Root(), shared, "data", name));
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path} is not there: these tests compare with it. DECANT_SHARED names the directory whose data/ has it, if not ../shared.");
        return JsonDocument.Parse(File.ReadAllText(path)).RootElement;
    }

    static string Root([CallerFilePath] string caller = "") => Path.Combine(Path.GetDirectoryName(caller)!, "../..");

    public static double Number(this JsonElement element, params string[] path) => element.At(path).GetDouble();

    public static double[] Numbers(this JsonElement element, params string[] path) => [.. element.At(path).EnumerateArray().Select(value => value.GetDouble())];

    static JsonElement At(this JsonElement element, string[] path) => path.Aggregate(element, (at, name) => at.GetProperty(name));
}
