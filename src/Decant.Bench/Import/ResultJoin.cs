using System.Collections.Immutable;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>Files of which each tells of one arm, put together: native.json and docker.json of pyperf, each a run of the same benchmarks.</summary>
public static class ResultJoin
{
    /// <summary>
    /// One result for each workload that all files have, by its title; where each file has but one, that is the one. Environments take the file's name, before
    /// their own where a file has several. Trials are ordered by the time of their start where all tell it, else file by file.
    /// </summary>
    /// <param name="files">The baseline first. Names are unique.</param>
    /// <exception cref="DecantException">No workload is in all of them.</exception>
    public static IReadOnlyList<BenchResult> Of(IReadOnlyList<(string Name, IReadOnlyList<BenchResult> Results)> files)
    {
        if (files.Count == 1)
            return files[0].Results;
        if (files.All(file => file.Results.Count == 1))
            return [Join([.. files.Select(file => (file.Name, file.Results[0]))], [])];
        string[] titles = [.. files.SelectMany(file => file.Results.Select(result => result.Title)).Distinct()];
        string[] common = [.. titles.Where(title => files.All(file => file.Results.Any(result => result.Title == title)))];
        if (common.Length == 0)
        {
            throw new DecantException(
                $"no workload is in each of {string.Join(", ", files.Select(file => file.Name))}",
                $"{files[0].Name} has {string.Join(", ", files[0].Results.Select(result => result.Title))}");
        }

        ImmutableArray<string> missing = common.Length == titles.Length ? [] : [$"Not in all files, and left out: {string.Join(", ", titles.Except(common))}."];
        return [.. common.Select(title => Join([.. files.Select(file => (file.Name, file.Results.First(result => result.Title == title)))], missing))];
    }

    static BenchResult Join((string Name, BenchResult Result)[] parts, ImmutableArray<string> remarks)
    {
        List<Trial> trials = [];
        List<ResultEnvironment> environments = [];
        foreach ((string file, BenchResult result) in parts)
        {
            string Renamed(string environment) => result.Environments.Length == 1 ? file : $"{file}: {environment}";
            environments.AddRange(result.Environments.Select(environment => environment with { Name = Renamed(environment.Name) }));
            trials.AddRange(result.Trials.OrderBy(trial => trial.Number).Select(trial => trial with { Environment = Renamed(trial.Environment), Block = null }));
        }

        bool timed = trials.TrueForAll(trial => trial.Started is not null);
        Trial[] order = timed ? [.. trials.OrderBy(trial => trial.Started)] : [.. trials];
        return parts[0].Result with
        {
            Source = string.Join(", ", parts.Select(part => part.Result.Source).Distinct()),
            Environments = [.. environments],
            Metrics = [.. parts.SelectMany(part => part.Result.Metrics).DistinctBy(metric => metric.Name)],
            Trials = [.. order.Select((trial, number) => trial with { Number = number })],
            Remarks =
            [
                .. parts.SelectMany(part => part.Result.Remarks).Distinct(), .. remarks,
                .. timed ? Array.Empty<string>() : ["No time of start is told, so the trials are taken to have run file by file."],
            ],
        };
    }
}
