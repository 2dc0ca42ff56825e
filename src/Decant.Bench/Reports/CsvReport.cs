using System.Globalization;
using System.Text;

namespace Decant.Bench;

/// <summary>All values in tidy form, one a line (RFC 4180): for R, pandas and spreadsheets.</summary>
public static class CsvReport
{
    public const string Heading = "title,trial,block,environment,started,counts,metric,unit,value";

    public static string Of(IReadOnlyList<BenchResult> results)
    {
        StringBuilder text = new StringBuilder(Heading).Append("\r\n");
        foreach (BenchResult result in results)
        {
            Dictionary<string, string> units = result.Metrics.ToDictionary(metric => metric.Name, metric => metric.Unit);
            foreach (Trial trial in result.Trials)
            {
                foreach ((string metric, double value) in trial.Values)
                {
                    text.AppendJoin(',', Field(result.Title), trial.Number.ToString(CultureInfo.InvariantCulture), trial.Block?.ToString(CultureInfo.InvariantCulture), Field(trial.Environment),
                        trial.Started?.ToString("O", CultureInfo.InvariantCulture), trial.Counts ? "true" : "false", Field(metric), Field(units.GetValueOrDefault(metric, "")),
                        value.ToString("R", CultureInfo.InvariantCulture)).Append("\r\n");
                }
            }
        }

        return text.ToString();
    }

    static string Field(string text) => text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
