namespace Decant.Bench;

/// <summary>
/// All values in tidy form as a Parquet file: the columns of <see cref="CsvReport"/>, and the seconds since the trial's start, which the samples of a running
/// trial have and values of a whole trial do not. The metrics of samples begin with "sample.", so that neither is taken for the other.
/// </summary>
public static class ParquetReport
{
    /// <param name="creator">Who made the file: program and version.</param>
    public static byte[] Of(IReadOnlyList<BenchResult> results, string creator)
    {
        ParquetColumn title = new("title", ParquetKind.Text);
        ParquetColumn number = new("trial", ParquetKind.Int32);
        ParquetColumn block = new("block", ParquetKind.Int32, optional: true);
        ParquetColumn environment = new("environment", ParquetKind.Text);
        ParquetColumn started = new("started", ParquetKind.Timestamp, optional: true);
        ParquetColumn counts = new("counts", ParquetKind.Boolean);
        ParquetColumn name = new("metric", ParquetKind.Text);
        ParquetColumn unit = new("unit", ParquetKind.Text);
        ParquetColumn value = new("value", ParquetKind.Double);
        ParquetColumn seconds = new("seconds", ParquetKind.Double, optional: true);
        ParquetFile file = new(title, number, block, environment, started, counts, name, unit, value, seconds);
        foreach (BenchResult result in results)
        {
            Dictionary<string, string> units = result.Metrics.ToDictionary(metric => metric.Name, metric => metric.Unit);
            foreach (Trial trial in result.Trials)
            {
                foreach ((string metric, double of) in trial.Values)
                    Row(result, trial, metric, units.GetValueOrDefault(metric, ""), of, null);
                foreach (Sample sample in trial.Samples)
                {
                    foreach (SampleFigure figure in SampleFigure.All)
                    {
                        if (figure.Of(sample) is { } of)
                            Row(result, trial, "sample." + figure.Name, figure.Unit, of, sample.Seconds);
                    }
                }
            }
        }

        return file.ToBytes(creator);

        void Row(BenchResult result, Trial trial, string metric, string of, double amount, double? since)
        {
            title.Add(result.Title);
            number.Add(trial.Number);
            block.Add(trial.Block);
            environment.Add(trial.Environment);
            started.Add(trial.Started);
            counts.Add(trial.Counts);
            name.Add(metric);
            unit.Add(of);
            value.Add(amount);
            seconds.Add(since);
            file.EndRow();
        }
    }
}
