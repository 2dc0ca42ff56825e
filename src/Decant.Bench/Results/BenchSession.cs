using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Bench;

/// <summary>
/// The directory of a session. Each trial is a line of a file that is only ever appended to and is on the disk before the next trial starts, so whatever ends
/// decant, the session goes on where it was.
/// </summary>
public sealed class BenchSession : IDisposable
{
    const string HeaderFile = "session.json";
    const string TrialsFile = "trials.jsonl";
    const string EnvironmentsFile = "environments.jsonl";
    const string SamplesFile = "samples.jsonl";
    const string MetricsFile = "metrics.jsonl";
    const string FinishedFile = "finished";

    readonly SessionHeader header;
    readonly List<Trial> trials;
    readonly SortedDictionary<string, ResultEnvironment> environments;
    readonly List<Metric> metrics;
    readonly SafeFileHandle held;

    BenchSession(string directory, SessionHeader header, List<Trial> trials, SortedDictionary<string, ResultEnvironment> environments, List<Metric> metrics, SafeFileHandle held)
    {
        Path = directory;
        (this.header, this.trials, this.environments, this.metrics, this.held) = (header, trials, environments, metrics, held);
    }

    /// <summary>The directory, absolute.</summary>
    public string Path { get; }

    public IReadOnlyList<Trial> Trials => trials;

    /// <summary>Of the order of trials and of all that is drawn in the evaluation.</summary>
    public ulong Seed => header.DrawnSeed;

    /// <summary>Whether earlier trials were found.</summary>
    public bool Continued { get; private init; }

    /// <summary>Whether the session of that directory was measured to its end.</summary>
    public static bool IsFinished(string directory) => File.Exists($"{directory}/{FinishedFile}");

    /// <summary>Marks it as measured to its end, for the given reason. A session that is taken up again has several.</summary>
    public void Finish(string reason)
    {
        ImmutableArray<string> earlier = Ends(Path);
        if (!earlier.Contains(reason))
            WriteWhole(Path, FinishedFile, System.Text.Encoding.UTF8.GetBytes(string.Concat(earlier.Append(reason).Select(line => line + "\n"))));
    }

    static ImmutableArray<string> Ends(string directory) =>
        [.. (KernelText.TryRead($"{directory}/{FinishedFile}") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(PathBytes.Printable)];

    /// <summary>What the reader of a verdict must know of how measuring came to its end.</summary>
    static IEnumerable<string> EndRemarks(Experiment experiment, string directory)
    {
        ImmutableArray<string> ends = Ends(directory);
        if (ends.Length > 1)
            yield return $"measuring ended {ends.Length} times, each time with a report, and was taken up again: {string.Join("; then ", ends)}. Who goes on until a verdict pleases finds one by chance";
        else if (ends is [var only] && (experiment.Budget is not null || experiment.LeastBlocks < experiment.MostBlocks))
            yield return $"measuring ended as {only}";
    }

    /// <summary>Whether the directory holds a session.</summary>
    public static bool IsSession(string directory) => File.Exists($"{directory}/{HeaderFile}");

    static void MakeDirectory(string directory)
    {
        if (LinuxFile.TryMakeDirectories(directory, 0x1ED /* 0755 */, out string failed) is not Errno.None and var errno)
            throw new LinuxException("make the directory", failed, errno, "name another directory with --output");
    }

    /// <summary>Takes up the session of that directory, or begins it where the directory is empty or not there.</summary>
    /// <exception cref="DecantException">The directory holds another experiment, something else, or a session that is being measured right now.</exception>
    public static BenchSession Open(
        string directory, Experiment experiment, string source, ImmutableSortedDictionary<string, string> absent, ImmutableArray<string> remarks)
    {
        directory = LinuxPath.Absolute(directory);
        string printable = PathBytes.Printable(directory);
        if (!IsSession(directory) && Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
            throw new DecantException($"{printable} is not empty and holds no results of decant bench", "name another directory with --output");
        MakeDirectory(directory);
        SafeFileHandle held = LinuxFile.Open(directory, OpenFlags.ReadOnly | OpenFlag.Directory | OpenFlags.CloseOnExec);
        if (!LinuxFile.Lock(held, directory, exclusive: true, wait: false))
        {
            held.Dispose();
            throw new DecantException($"another decant bench is measuring into {printable}", "wait for it, or name another directory with --output");
        }

        // One that failed at once is in nobody's way. Its header goes last, so that what an interruption leaves is still a session.
        if (IsSession(directory) && ReadHeader(directory) is var other && !IsOf(other, experiment) && FailedAtOnce(ReadTrials(directory, other.Experiment)))
        {
            foreach (string name in (string[])[TrialsFile, EnvironmentsFile, SamplesFile, MetricsFile, FinishedFile, HeaderFile])
                File.Delete($"{directory}/{name}");
        }

        if (!IsSession(directory))
        {
            SessionHeader made = new(SessionHeader.CurrentSchema, experiment.Identity(), source, DateTimeOffset.UtcNow, experiment, MachineFacts.Read(), absent, remarks, experiment.Seed ?? (ulong)Random.Shared.Next());
            WriteWhole(directory, HeaderFile, JsonSerializer.SerializeToUtf8Bytes(made, SessionJson.Default.SessionHeader));
            return new BenchSession(directory, made, [], new(StringComparer.Ordinal), [], held);
        }

        SessionHeader found = ReadHeader(directory);
        if (!IsOf(found, experiment))
        {
            held.Dispose();
            throw new DecantException($"{printable} holds the results of another experiment ({PathBytes.Printable(found.Experiment.Title)})", "name another directory with --output, or remove that one");
        }

        foreach (string name in (string[])[TrialsFile, EnvironmentsFile, SamplesFile, MetricsFile])
            CutUnfinishedLine($"{directory}/{name}");
        List<Trial> trials = ReadTrials(directory, found.Experiment);
        return new BenchSession(directory, found, trials, ReadEnvironments(directory), ReadLines(directory, MetricsFile, SessionJson.Default.Metric), held) { Continued = trials.Count > 0 };
    }

    /// <summary>The results of a session's directory, complete or not.</summary>
    /// <exception cref="DecantException">It holds none, or a file of it is damaged.</exception>
    public static BenchResult Read(string directory)
    {
        SessionHeader header = ReadHeader(directory);
        return ToResult(directory, header, ReadTrials(directory, header.Experiment), ReadEnvironments(directory), ReadLines(directory, MetricsFile, SessionJson.Default.Metric));
    }

    /// <summary>Puts a trial on the disk.</summary>
    public void Add(Trial trial)
    {
        if (!trial.Samples.IsEmpty)
            Append(SamplesFile, new SessionSamples(trial.Number, trial.Samples), SessionJson.Default.SessionSamples);
        Append(TrialsFile, trial, SessionJson.Default.Trial);
        trials.Add(trial);
    }

    /// <summary>What is known of an environment; a later word replaces an earlier one.</summary>
    public void Add(ResultEnvironment environment)
    {
        environments[environment.Name] = environment;
        Append(EnvironmentsFile, environment, SessionJson.Default.ResultEnvironment);
    }

    /// <summary>What figures of the workload are, each once.</summary>
    public void Add(IEnumerable<Metric> read)
    {
        foreach (Metric metric in read)
        {
            if (metrics.Any(known => known.Name == metric.Name))
                continue;
            metrics.Add(metric);
            Append(MetricsFile, metric, SessionJson.Default.Metric);
        }
    }

    /// <summary>Whether something has been seen of a process of that environment.</summary>
    public bool Knows(string environment) => environments.ContainsKey(environment);

    public BenchResult ToResult() => ToResult(Path, header, trials, environments, metrics);

    static BenchResult ToResult(string directory, SessionHeader header, IReadOnlyList<Trial> trials, IReadOnlyDictionary<string, ResultEnvironment> environments, IReadOnlyList<Metric> read)
    {
        Experiment experiment = header.Experiment;
        HashSet<string> seen = [.. trials.SelectMany(trial => trial.Values.Keys)];
        ImmutableArray<Metric> metrics =
        [
            .. read,
            .. BuiltInMetrics.All.Where(metric => seen.Contains(metric.Name)),
            .. seen.Where(name => name.StartsWith("files.", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(name => BuiltInMetrics.Find(name)!),
        ];
        // So that there is something to report on before the first value.
        if (metrics.IsEmpty)
            metrics = [BuiltInMetrics.Find(experiment.Primary) ?? new Metric(experiment.Primary, "", Direction.Neither, "What the workload was to print; no trial has it.")];
        return new BenchResult
        {
            Title = PathBytes.Printable(experiment.Title),
            Source = header.Source,
            Command = experiment.Command,
            Environments =
            [
                .. experiment.Environments.Where(arm => !header.Absent.ContainsKey(arm.Name)).Select(arm => environments.GetValueOrDefault(arm.Name)
                    ?? new ResultEnvironment(arm.Name, EnvironmentSpec.Word(arm.Kind), arm.ToString(), ImmutableSortedDictionary<string, string>.Empty) { Repeats = arm.Repeats }),
            ],
            Metrics = [.. metrics.OrderBy(metric => metric.Name == experiment.Primary ? 0 : 1)],
            Questions = [.. experiment.Questions().Where(question => !header.Absent.ContainsKey(question.Subject) && !header.Absent.ContainsKey(question.Baseline))],
            Trials = [.. trials],
            Machine = header.Machine,
            Design = DesignFacts.Of(experiment, header.DrawnSeed),
            Remarks = [.. header.Absent.Select(absent => $"{absent.Key} was not measured: {absent.Value}"), .. header.Remarks, .. experiment.Environments.Length - header.Absent.Count > 1 ? Unseen(trials, environments) : [], .. Uncounted(trials), .. EndRemarks(experiment, directory)],
        };
    }

    /// <summary>A decant that drew no seed had 0 where none was declared.</summary>
    static bool IsOf(SessionHeader header, Experiment experiment) =>
        header.Identity == experiment.Identity() || (experiment.Seed is null && header.Identity == (experiment with { Seed = 0 }).Identity());

    /// <summary>Nothing was measured, beyond what a wrong command costs before the bench ends.</summary>
    static bool FailedAtOnce(List<Trial> trials) => trials.Count <= 2 && trials.TrueForAll(trial => !trial.Counts);

    static IEnumerable<string> Unseen(IReadOnlyList<Trial> trials, IReadOnlyDictionary<string, ResultEnvironment> environments)
    {
        string[] unseen = [.. trials.Where(trial => trial.Counts).Select(trial => trial.Environment).Distinct().Where(name => !environments.ContainsKey(name)).Select(PathBytes.Printable)];
        if (unseen.Length > 0)
            yield return $"of {ValueText.Sentence(unseen)} no process of the command was seen, as it ends too soon: whether variables, mounts and limits are the same there is not known";
    }

    static IEnumerable<string> Uncounted(IReadOnlyList<Trial> trials)
    {
        if (trials.Any(trial => trial.Values.ContainsKey("memory.peak")) && !trials.Any(trial => trial.Values.ContainsKey("io.read")))
            yield return "io.read and io.written are missing: this kernel counts no traffic to disks for the trials' cgroups";
    }

    static SessionHeader ReadHeader(string directory)
    {
        string path = $"{directory}/{HeaderFile}";
        if (LinuxFile.TryReadAll(null, path, out byte[] bytes) is not Errno.None and var errno)
            throw new LinuxException("read", path, errno, $"{PathBytes.Printable(directory)} holds no results of decant bench");
        SessionHeader? header = Parse(bytes, SessionJson.Default.SessionHeader, path, 1);
        if (header is not { Schema: SessionHeader.CurrentSchema })
            throw new DecantException($"{PathBytes.Printable(path)} has the schema {PathBytes.Printable(header?.Schema ?? "")}, not {SessionHeader.CurrentSchema}", "read it with the version of decant that wrote it");
        SessionCheck.Throw(header, path);
        return header;
    }

    static SortedDictionary<string, ResultEnvironment> ReadEnvironments(string directory)
    {
        SortedDictionary<string, ResultEnvironment> environments = new(StringComparer.Ordinal);
        foreach (ResultEnvironment environment in ReadLines(directory, EnvironmentsFile, SessionJson.Default.ResultEnvironment))
            environments[environment.Name] = environment;
        return environments;
    }

    /// <summary>With their samples. Those of a trial that was ended before its own line was written are of no trial, or of one that was measured again and comes later.</summary>
    static List<Trial> ReadTrials(string directory, Experiment experiment)
    {
        Dictionary<int, ImmutableArray<Sample>> samples = [];
        foreach (SessionSamples line in ReadLines(directory, SamplesFile, SessionJson.Default.SessionSamples))
            samples[line.Trial] = line.Samples.IsDefault ? [] : line.Samples;
        List<Trial> trials = ReadLines(directory, TrialsFile, SessionJson.Default.Trial);
        SessionCheck.Throw(experiment, trials, $"{directory}/{TrialsFile}");
        return [.. trials.Select(trial => trial with { Samples = samples.GetValueOrDefault(trial.Number, []) })];
    }

    /// <summary>All whole lines; a last one without its end was cut off.</summary>
    static List<T> ReadLines<T>(string directory, string name, JsonTypeInfo<T> type)
    {
        string path = $"{directory}/{name}";
        List<T> items = [];
        if (LinuxFile.TryReadAll(null, path, out byte[] bytes) != Errno.None)
            return items;
        int start = 0;
        for (int line = 1; bytes.AsSpan(start).IndexOf((byte)'\n') is >= 0 and var length; line++)
        {
            items.Add(Parse(bytes.AsSpan(start, length), type, path, line));
            start += length + 1;
        }

        return items;
    }

    static T Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, string path, int line)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new DecantException($"{PathBytes.Printable(path)}:{line + (e.LineNumber ?? 0)}: byte {e.BytePositionInLine ?? 0} is not what decant writes there", "the file is damaged: remove that line, or the directory", e);
        }
    }

    void Append<T>(string name, T item, JsonTypeInfo<T> type)
    {
        string path = $"{Path}/{name}";
        using SafeFileHandle file = LinuxFile.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Append | OpenFlags.CloseOnExec, 0x1A4 /* 0644 */);
        Errno errno = LinuxFile.TryWrite(file, [.. JsonSerializer.SerializeToUtf8Bytes(item, type), (byte)'\n']);
        if (errno != Errno.None)
            throw new LinuxException("write", path, errno);
        LinuxFile.Sync(file, path);
    }

    /// <summary>A line that was being written when decant was ended: what it tells is measured again, and the next line must not go on from it.</summary>
    static void CutUnfinishedLine(string path)
    {
        if (LinuxFile.TryReadAll(null, path, out byte[] bytes) != Errno.None)
            return;
        int whole = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
        if (whole < bytes.Length)
            WriteWhole(LinuxPath.Parent(path), LinuxPath.Name(path), bytes[..whole]);
    }

    static void WriteWhole(string directory, string name, byte[] bytes)
    {
        string path = $"{directory}/{name}";
        string partial = path + ".part";
        using (SafeFileHandle file = LinuxFile.Open(partial, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate | OpenFlags.CloseOnExec, 0x1A4 /* 0644 */))
        {
            LinuxFile.Write(file, bytes, 0, partial);
            LinuxFile.Sync(file, partial);
        }

        LinuxFile.Rename(null, partial, null, path);
    }

    public void Dispose() => held.Dispose();
}
