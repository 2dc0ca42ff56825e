using System.Collections.Immutable;

namespace Decant.Bench;

/// <summary>
/// Files that each tell of a part, held against each other: native.json and docker.json, each an arm of its own, or old.json and new.json, the same arms at
/// two times.
/// </summary>
public static class ResultJoin
{
    /// <summary>
    /// One result for each workload that all files have, by its title; where each file has but one workload, that is the one. Where all files have the same
    /// several environments, one for each of them, with the files as environments. Trials are in the order of their start where all tell it, else file by file.
    /// </summary>
    /// <param name="files">The baseline first. Names are unique.</param>
    public static JoinedResults Of(IReadOnlyList<StoredResults> files)
    {
        if (files.Count == 1)
            return new JoinedResults(files[0].Results, null);
        string[] titles = [.. files.SelectMany(file => file.Results.Select(result => result.Title)).Distinct()];
        string[] common = [.. titles.Where(title => files.All(file => file.Results.Any(result => result.Title == title)))];
        (string File, BenchResult Result)[][] workloads = files.All(file => file.Results.Count == 1)
            ? [[.. files.Select(file => (file.Name, file.Results[0]))]]
            : [.. common.Select(title => files.Select(file => (file.Name, file.Results.First(result => result.Title == title))).ToArray())];
        string? separate = workloads.Length == 0 ? "no workload is in all of them" : workloads.Select(parts => Obstacle([.. parts.Select(part => part.Result)])).FirstOrDefault(reason => reason is not null);
        if (separate is not null)
            return new JoinedResults([.. files.SelectMany(file => file.Results)], separate);
        ImmutableArray<string> missing = common.Length == 0 || common.Length == titles.Length ? [] : [$"Not in all files, and left out: {string.Join(", ", titles.Except(common))}."];
        return new JoinedResults([.. workloads.SelectMany(Join).Select(result => result with { Remarks = [.. result.Remarks, .. missing] })], null);
    }

    /// <summary>Why results cannot be held against each other; null where they can.</summary>
    static string? Obstacle(IReadOnlyList<BenchResult> results)
    {
        if (results.Where(result => !result.Command.IsEmpty).DistinctBy(result => string.Join('\0', result.Command)).Count() > 1)
            return "they measured different commands";
        if (!results[0].Metrics.Any(metric => results.All(result => result.Metrics.Any(one => one.Name == metric.Name))))
            return "they have no metric in common";
        Metric? clash = results.SelectMany(result => result.Metrics).GroupBy(metric => metric.Name).FirstOrDefault(group => group.Select(metric => metric.Unit).Distinct().Count() > 1)?.First();
        return clash is null ? null : $"{clash.Name} is not in the same unit in all of them";
    }

    static IEnumerable<BenchResult> Join((string File, BenchResult Result)[] parts)
    {
        string[] arms = [.. parts[0].Result.Environments.Select(arm => arm.Name)];
        if (arms.Length == 1 || parts.Any(part => !part.Result.Environments.Select(arm => arm.Name).ToHashSet().SetEquals(arms)))
            return [Arms(parts)];
        string title = Title(parts);
        return arms.Select(arm => Arms([.. parts.Select(part => (part.File, Only(part.Result, arm)))]) with { Title = $"{title}: {arm}" });
    }

    /// <summary>Without what only other arms have, such as the costs of an engine.</summary>
    static BenchResult Only(BenchResult result, string arm)
    {
        ImmutableArray<Trial> trials = [.. result.Trials.Where(trial => trial.Environment == arm)];
        ImmutableArray<Metric> metrics = [.. result.Metrics.Where((metric, i) => i == 0 || trials.Any(trial => trial.Values.ContainsKey(metric.Name)))];
        return result with { Environments = [.. result.Environments.Where(one => one.Name == arm)], Metrics = metrics, Trials = trials };
    }

    static string Title((string File, BenchResult Result)[] parts) => ValueText.Sentence([.. parts.Select(part => part.Result.Title).Distinct()]);

    static BenchResult Arms((string File, BenchResult Result)[] parts)
    {
        Dictionary<string, int> names = parts.SelectMany(part => part.Result.Environments).CountBy(arm => arm.Name).ToDictionary();
        HashSet<string> shared = [.. parts[0].Result.Machine.Where(fact => parts.All(part => part.Result.Machine.GetValueOrDefault(fact.Key) == fact.Value)).Select(fact => fact.Key)];
        List<Trial> trials = [];
        List<ResultEnvironment> environments = [];
        foreach ((string file, BenchResult result) in parts)
        {
            string Name(string arm) => names.GetValueOrDefault(arm) < 2 ? arm : result.Environments.Length == 1 ? file : $"{file}: {arm}";
            environments.AddRange(result.Environments.Select(arm => arm with
            {
                Name = Name(arm.Name),
                Facts = arm.Facts.SetItems(result.Machine.Where(fact => !shared.Contains(fact.Key)).Select(fact => KeyValuePair.Create("machine." + fact.Key, fact.Value))),
            }));
            trials.AddRange(result.Trials.OrderBy(trial => trial.Number).Select(trial => trial with { Environment = Name(trial.Environment), Block = null }));
        }

        bool timed = trials.TrueForAll(trial => trial.Started is not null);
        Metric[] metrics = [.. parts.SelectMany(part => part.Result.Metrics).DistinctBy(metric => metric.Name)];
        return parts[0].Result with
        {
            Title = Title(parts),
            Source = string.Join(", ", parts.Select(part => part.Result.Source).Distinct()),
            Command = parts.FirstOrDefault(part => !part.Result.Command.IsEmpty).Result?.Command ?? [],
            Environments = [.. environments],
            // What only some files have cannot be what is compared first.
            Metrics = [.. metrics.OrderBy(metric => parts.All(part => part.Result.Metrics.Any(one => one.Name == metric.Name)) ? 0 : 1)],
            Questions = [.. Questions(parts, environments)],
            Trials = [.. (timed ? trials.OrderBy(trial => trial.Started) : trials.AsEnumerable()).Select((trial, number) => trial with { Number = number })],
            Machine = parts[0].Result.Machine.Where(fact => shared.Contains(fact.Key)).ToImmutableSortedDictionary(StringComparer.Ordinal),
            Remarks = [.. Remarks(parts, timed, shared)],
        };
    }

    /// <summary>What all of them had declared: the metric and the margin; the arms are those that they have together.</summary>
    static IEnumerable<Question> Questions((string File, BenchResult Result)[] parts, List<ResultEnvironment> environments) =>
        from question in parts[0].Result.Questions.DistinctBy(question => question.Metric)
        where parts.All(part => part.Result.Questions.Any(other => other.Metric == question.Metric && other.Margin == question.Margin))
        from arm in environments.Skip(1)
        select question with { Subject = arm.Name, Baseline = environments[0].Name };

    static IEnumerable<string> Remarks((string File, BenchResult Result)[] parts, bool timed, HashSet<string> shared)
    {
        yield return "Put together from separate measurements: "
            + ValueText.Sentence([.. parts.Select(part => timed && !part.Result.Trials.IsEmpty ? $"{part.File} ({When(part.Result)})" : part.File)])
            + (timed ? "." : "; no time of start is told, so the trials are taken to have run file by file.");
        string[] other = [.. parts.SelectMany(part => part.Result.Machine.Keys).Distinct().Where(fact => !shared.Contains(fact)).Order(StringComparer.Ordinal)];
        if (other.Length > 0)
            yield return $"What is known of the machine is not the same: {ValueText.Sentence(other)}.";
        foreach (IGrouping<string, string> remark in parts.SelectMany(part => part.Result.Remarks.Distinct().Select(remark => (part.File, remark))).GroupBy(pair => pair.remark, pair => pair.File))
            yield return remark.Count() == parts.Length ? remark.Key : $"{ValueText.Sentence([.. remark])}: {remark.Key}";
    }

    /// <summary>From the start of the first to that of the last trial.</summary>
    static string When(BenchResult result)
    {
        DateTimeOffset first = result.Trials.Min(trial => trial.Started)!.Value.ToUniversalTime();
        DateTimeOffset last = result.Trials.Max(trial => trial.Started)!.Value.ToUniversalTime();
        return $"{first:yyyy-MM-dd HH:mm} to {(first.Date == last.Date ? $"{last:HH:mm}" : $"{last:yyyy-MM-dd HH:mm}")} UTC";
    }
}
