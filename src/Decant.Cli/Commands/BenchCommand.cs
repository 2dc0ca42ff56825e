using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Decant.Bench;
using Decant.Linux;

namespace Decant.Cli;

/// <summary><c>decant bench --env SPEC... -- CMD...</c></summary>
sealed class BenchCommand : CliCommand
{
    readonly BenchOptions bench = new();
    readonly ResultOutputs outputs = new();
    CliOption[]? options;

    public override string Name => "bench";

    public override string Summary => "Run a command in several environments and compare";

    public override CliOperand[] Operands => [new("CMD", ValueHint.Files, Optional: true, Repeated: true)];

    public override bool OptionsComeFirst => true;

    public override CliOption[] Options => options ??= [.. bench.Table(), .. outputs.Table()];

    public override string[] Examples =>
    [
        "decant bench --env host --env native=decant:debian -- gzip -k9c /etc/services",
        "decant bench --env decant:app --env docker:app -- python train.py",
        "decant bench -f experiment.toml --html report.html",
        "decant bench explain trtllm.log",
    ];

    public override int Run(string[] operands)
    {
        if (operands is ["explain", .. var words] && !bench.NamesEnvironments)
            return Explain(words);
        outputs.Check();
        Configuration configuration = Configuration.Load();
        Experiment experiment = bench.ToExperiment(operands is ["--", .. var rest] ? rest : operands);
        outputs.Check(experiment);
        ImmutableArray<BenchEnvironment> declared = [.. experiment.Environments.Select(BenchEnvironment.Of)];
        ImmutableSortedDictionary<string, string> absent = declared.Select(arm => (arm.Name, Reason: arm.Absent())).Where(arm => arm.Reason is not null)
            .ToImmutableSortedDictionary(arm => arm.Name, arm => arm.Reason!, StringComparer.Ordinal);
        foreach ((string name, string reason) in absent)
            StandardStreams.WriteError($"decant: {name} is not measured: {reason}\n");
        ImmutableArray<BenchEnvironment> arms = [.. declared.Where(arm => !absent.ContainsKey(arm.Name))];
        if (arms.IsEmpty || absent.ContainsKey(experiment.Environments[0].Name))
            throw new DecantException($"the baseline {experiment.Environments[0].Name} cannot be measured here", "name another one with --baseline");
        if (arms.Length < 2 && declared.Length > 1)
            throw new DecantException($"of these environments only {PathBytes.Printable(arms[0].Name)} can be measured here, which leaves nothing to compare", "--env host alone measures one");
        if (ExperimentCheck.TooFewBlocks(experiment.MostBlocks, arms.Count(arm => arm.Spec.Repeats is null) - 1) is { } few)
            StandardStreams.WriteError($"decant: {few}\n");
        SessionCgroup? cgroup = SessionCgroup.TryMake(out string? without);
        try
        {
            using BenchSession session = BenchSession.Open(
                bench.Directory(configuration.OpenStore().Root, experiment), experiment, $"decant {BuildVersion.Text}", absent,
                [.. Limits(experiment, without)]);
            return Measure(experiment, session, arms, cgroup, configuration);
        }
        finally
        {
            cgroup?.RemoveAll();
        }
    }

    static int Explain(string[] words)
    {
        if (words is ["--help" or "-h"])
        {
            StandardStreams.Write("Usage: decant bench explain [--json] LOG\n\nSays which figures of a log of TensorRT-LLM or vLLM follow from what was free. - reads standard input.\n");
            return ExitCode.Success;
        }

        bool json = words.Contains("--json");
        if (words.Where(word => word != "--json").ToArray() is not [var log] || (log.Length > 1 && log.StartsWith('-')))
            throw new DecantException("decant bench explain takes one log, and no option but --json", "decant bench explain trtllm.log");
        LogExplanation explanation = LogExplanation.Of(log, Encoding.UTF8.GetString(log == "-" ? StandardStreams.ReadInput(256 << 20) : LinuxFile.ReadAll(null, log)));
        if (json)
            JsonOutput.Write(LogExplanationReport.Of(explanation), ReportJson.Default.LogExplanationReport);
        else
            StandardStreams.Write(ExplanationText.Of(explanation));
        return ExitCode.Success;
    }

    /// <summary>What is known before the first trial to limit what can be concluded.</summary>
    static IEnumerable<string> Limits(Experiment experiment, string? withoutCgroup)
    {
        if (withoutCgroup is not null)
            yield return $"trials have no cgroups of their own, so their memory is not counted: {withoutCgroup}";
        if (HostGpus.Reason is { } reason)
            yield return $"there is an NVIDIA driver, and GPUs are not measured: {PathBytes.Printable(reason)}";
        if (experiment.Environments.Any(arm => (arm.Cache ?? experiment.Cache) == CachePolicy.AsIs))
            yield return "trials found the page cache as earlier ones left it: the host's memory depends on their order";
    }

    int Measure(Experiment experiment, BenchSession session, ImmutableArray<BenchEnvironment> arms, SessionCgroup? cgroup, Configuration configuration)
    {
        if (session.Continued)
            StandardStreams.WriteError($"decant: {session.Trials.Count} trials of this experiment are in {PathBytes.Printable(session.Path)}; the others follow\n");
        EnvironmentSetup setup = new(LinuxFile.ReadLink(null, "/proc/self/exe"), image => RunImage.Open(configuration.OpenStore(), image, null, configuration), session.Path);
        foreach (BenchEnvironment arm in arms)
            arm.Prepare(setup);
        using CancellationTokenSource cancel = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Cancel);
        int signal = Signals.Interrupt;
        void Cancel(PosixSignalContext context)
        {
            signal = context.Signal switch
            {
                PosixSignal.SIGTERM => Signals.Terminate,
                PosixSignal.SIGHUP => Signals.Hangup,
                _ => Signals.Interrupt,
            };
            context.Cancel = true;
            cancel.Cancel();
        }

        string? reason;
        using (BenchProgressLines lines = new())
            reason = new ExperimentRun(experiment, session, arms, lines.Show).Run(cgroup, cancel.Token);
        if (reason is not null)
            session.Finish(reason);
        else
            StandardStreams.WriteError($"decant: interrupted; the same command goes on from here ({PathBytes.Printable(session.Path)})\n");
        BenchResult result = session.ToResult();
        if (reason is null)
            result = result with { Remarks = [.. result.Remarks, "the session was interrupted: this report is of what had been measured"] };
        int code = outputs.Write([result], session.Seed);
        return reason is null ? 128 + signal : code;
    }
}
