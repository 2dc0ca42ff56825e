using Decant.Bench;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>What the options of <c>decant bench</c> said.</summary>
sealed class BenchOptions
{
    readonly List<EnvironmentSpec> environments = [];
    readonly List<Gate> gates = [];
    readonly List<FileClass> files = [];
    string? experimentFile;
    string? baseline;
    string? primary;
    string? title;
    string? required;
    readonly List<string> requiredProcesses = [];
    readonly List<string> requiredFiles = [];
    bool selfTest;
    string? workload;
    string? workloadFrom;
    string? output;
    double? margin;
    double? precision;
    (int Least, int Most)? blocks;
    int? primes;
    int? exitCode;
    ulong? seed;
    CachePolicy? cache;
    TimeSpan? budget;
    TimeSpan? gateTimeout;
    TimeSpan? trialTimeout;
    TimeSpan? sample;
    SampleMoment? moment;

    public CliOption[] Table() =>
    [
        Text("env", '\0', "SPEC", OptionTopic.Experiment, "[NAME=]KIND[:IMAGE]: host, decant, docker, ...", text => environments.Add(EnvironmentSpec.Parse(text))),
        Text("experiment", 'f', "FILE", OptionTopic.Experiment, "Read all of this from a file (docs/bench.md)", text => experimentFile = text, ValueHint.Files),
        Text("baseline", '\0', "NAME", OptionTopic.Comparison, "What others are compared with; else the first", text => baseline = text),
        Text("title", '\0', "TEXT", OptionTopic.Experiment, "A heading for the report", text => title = text),
        Text("metric", '\0', "NAME", OptionTopic.Comparison, "What the verdict is about; else wall", text => primary = text),
        Text("margin", '\0', "PERCENT", OptionTopic.Comparison, "Differences that do not matter; 1 by default", text => margin = ExperimentText.Percent(text, "--margin")),
        Text("blocks", '\0', "N[..MOST]", OptionTopic.Design, "Blocks; each runs every environment once; 10", text => blocks = ExperimentText.Blocks(text, "--blocks")),
        Text("precision", '\0', "PERCENT", OptionTopic.Design, "How narrow an interval; else half the margin", text => precision = ExperimentText.Percent(text, "--precision")),
        Text("budget", '\0', "TIME", OptionTopic.Design, "Begin no block after this: 90s, 10m, 2h", text => budget = DurationText.Parse(text, "--budget")),
        Text("timeout", '\0', "TIME", OptionTopic.Trial, "A longer trial has failed", text => trialTimeout = DurationText.Parse(text, "--timeout")),
        Text("seed", '\0', "NUMBER", OptionTopic.Design, "Of the order of trials", text => seed = ExperimentText.Seed(text, "--seed")),
        CliOption.Flag("self-test", '\0', OptionTopic.Design, "The baseline twice: what differs is noise", on => selfTest = on),
        new()
        {
            Name = "cache", Placeholder = "STATE", Topic = OptionTopic.Design, Choices = ["warm", "cold", "as-is"],
            Help = "Page cache before each trial: warm, cold, as-is", Apply = text => cache = ExperimentText.Cache(text, "--cache"),
        },
        Text("primes", '\0', "N", OptionTopic.Design, "Uncounted runs before each warm trial; 1", text => primes = ExperimentText.Count(text, "--primes")),
        Text("gate", '\0', "COND<=NUMBER", OptionTopic.Design, "Wait for it before each trial: cpu.pressure<=5", text => gates.Add(Gate.Parse(text))),
        Text("gate-timeout", '\0', "TIME", OptionTopic.Design, "Then measure all the same; 2m", text => gateTimeout = DurationText.Parse(text, "--gate-timeout")),
        Text("files", '\0', "NAME=PATH", OptionTopic.Memory, "Count the page cache of these files by itself", text => files.Add(ExperimentText.Files(text, "--files"))),
        Text("must-match", '\0', "REGEX", OptionTopic.Trial, "A trial counts only if its output matches", text => required = text),
        Text("must-run", '\0', "REGEX", OptionTopic.Trial, "... only if a process with such words was seen", requiredProcesses.Add),
        Text("must-open", '\0', "PATH", OptionTopic.Trial, "... only if a process had that file open", requiredFiles.Add),
        Text("workload", '\0', "FORMAT", OptionTopic.Trial, "Read what it prints: llama-bench, fio, ...", text => workload = text),
        Text("workload-from", '\0', "WHERE", OptionTopic.Trial, "stdout, stderr, or a file that it writes", text => workloadFrom = text),
        Text("exit-code", '\0', "N", OptionTopic.Trial, "The exit code of success; 0", text => exitCode = ExperimentText.Count(text, "--exit-code")),
        Text("sample", '\0', "TIME", OptionTopic.Memory, "Between looks at memory; 1s; 0 for none", text => sample = DurationText.Parse(text, "--sample")),
        new()
        {
            Name = "moment", Placeholder = "WHICH", Topic = OptionTopic.Memory, Choices = ["peak", "end"],
            Help = "Which look tells the host's memory: peak, end", Apply = text => moment = ExperimentText.Moment(text, "--moment"),
        },
        Text("output", 'o', "DIR", OptionTopic.Output, "Where the trials go; the store by default", text => output = text, ValueHint.Files),
    ];

    /// <summary>Whether something is to be measured.</summary>
    public bool NamesEnvironments => environments.Count > 0 || experimentFile is not null;

    static CliOption Text(string name, char letter, string placeholder, OptionTopic topic, string help, Action<string> apply, ValueHint hint = default) =>
        new() { Name = name, Letter = letter, Placeholder = placeholder, Topic = topic, Help = help, Apply = apply, Hint = hint };

    /// <summary>The experiment of the file, if there is one, with what the options say in place of what it says.</summary>
    /// <exception cref="DecantException">Something is missing or makes no sense.</exception>
    public Experiment ToExperiment(string[] command)
    {
        Experiment experiment = experimentFile is null
            ? new Experiment { Title = "", Command = [], Environments = [] }
            : ExperimentFile.Read(LinuxFile.ReadAll(null, experimentFile), experimentFile);
        experiment = experiment with
        {
            Command = command.Length > 0 ? [.. command] : experiment.Command,
            Environments = EnvironmentLadder.Expand(environments.Count > 0 ? [.. environments] : experiment.Environments),
            Primary = primary ?? experiment.Primary,
            MarginPercent = margin ?? experiment.MarginPercent,
            LeastBlocks = blocks?.Least ?? experiment.LeastBlocks,
            MostBlocks = blocks?.Most ?? experiment.MostBlocks,
            PrecisionPercent = precision ?? experiment.PrecisionPercent,
            Budget = budget ?? experiment.Budget,
            Seed = seed ?? experiment.Seed,
            Cache = cache ?? experiment.Cache,
            Primes = primes ?? experiment.Primes,
            Gates = gates.Count > 0 ? [.. gates] : experiment.Gates,
            GateTimeout = gateTimeout ?? experiment.GateTimeout,
            TrialTimeout = trialTimeout ?? experiment.TrialTimeout,
            Files = files.Count > 0 ? [.. files] : experiment.Files,
            RequiredOutput = required ?? experiment.RequiredOutput,
            RequiredProcesses = requiredProcesses.Count > 0 ? [.. requiredProcesses] : experiment.RequiredProcesses,
            RequiredFiles = requiredFiles.Count > 0 ? [.. requiredFiles] : experiment.RequiredFiles,
            SelfTest = selfTest || experiment.SelfTest,
            Workload = Workload(experiment.Workload),
            ExitCode = exitCode ?? experiment.ExitCode,
            SampleInterval = sample ?? experiment.SampleInterval,
            Moment = moment ?? experiment.Moment,
        };
        experiment = (baseline is null ? experiment : experiment.WithBaseline(baseline)).WithSelfTest();
        experiment = experiment with { Title = title ?? (experiment.Title.Length > 0 ? experiment.Title : string.Join(' ', experiment.Command)) };
        ExperimentCheck.Throw(experiment);
        return experiment;
    }

    WorkloadSource? Workload(WorkloadSource? declared) =>
        workload is not null ? ExperimentText.Workload(workload, workloadFrom ?? WorkloadSource.StandardOutput)
        : workloadFrom is null ? declared
        : declared is null ? throw new DecantException("--workload-from tells where figures are, and no --workload tells what they are", $"--workload FORMAT, one of {string.Join(", ", WorkloadFormats.Names)}")
        : declared with { From = ExperimentText.WorkloadFrom(workloadFrom) };

    /// <summary>The named directory; else one in the store: that of an interrupted session of the same experiment, or a new one.</summary>
    public string Directory(string store, Experiment experiment)
    {
        if (output is not null)
            return output;
        string name = $"{store}/bench/{experiment.Identity()}";
        for (int count = 1; ; count++)
        {
            string directory = count == 1 ? name : $"{name}-{count}";
            if (!BenchSession.IsFinished(directory))
                return directory;
        }
    }
}
