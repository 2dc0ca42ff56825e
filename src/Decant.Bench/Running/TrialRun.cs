using System.Collections.Immutable;
using System.Diagnostics;
using Decant.Launch.Running;
using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Bench;

/// <summary>One trial from its cgroups to its clean-up. Nothing of it is left when <see cref="Run"/> returns, however it went.</summary>
/// <param name="cgroup">The session's; null where there is none.</param>
/// <param name="experiment">For the interval, the time-out, the file classes and what is checked.</param>
/// <param name="outputs">A directory for what the program writes.</param>
/// <param name="daemons">How the daemons of all engines of the experiment are called: they are there in the trials of the others too.</param>
/// <param name="shared">Files that trials of any environment leave in the page cache, as far as they are known: images' layers, and the programs that launch something. More come to it.</param>
sealed partial class TrialRun(SessionCgroup? cgroup, Experiment experiment, string outputs, IReadOnlyList<string> daemons, ISet<FileClass> shared)
{
    /// <summary>The program's standard error is told up to this.</summary>
    const int MostErrorBytes = 2000;

    /// <param name="arm">The environment.</param>
    /// <param name="label">For names of cgroups, containers and files: t12.</param>
    /// <param name="look">Whether memory, files and processes are looked at; a run that does not count needs none of it.</param>
    /// <param name="cancel">Ends the trial at once.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is left of it.</exception>
    public TrialOutcome Run(BenchEnvironment arm, string label, bool look, CancellationToken cancel)
    {
        ImmutableArray<string> command = arm.Spec.Command ?? experiment.Command;
        string name = $"decant-bench-{Libc.GetProcessId()}-{label}";
        if (!arm.Spec.Prepare.IsEmpty)
            HostCommand.Run(arm.Spec.Prepare, $"prepare {arm.Name}");
        TrialCgroup? groups = cgroup is null ? null : TrialCgroup.Make(cgroup, label);
        bool leaves = arm.Teardown(name).Length > 0;
        try
        {
            if (leaves)
                File.WriteAllText(InterruptedFile, $"{arm.Name}\n{name}\n");
            ImmutableArray<string> line = arm.CommandLine(command, name, groups);
            return Measure(arm, line, command, label, name, groups, look, cancel);
        }
        finally
        {
            // Also after a failure in between; where it has been done, there is nothing left to do.
            cgroup?.Remove(label);
            if (!look || cancel.IsCancellationRequested)
            {
                File.Delete($"{outputs}/{label}.err");
                File.Delete($"{outputs}/{label}.out");
            }

            if (leaves)
                File.Delete(InterruptedFile);
        }
    }

    /// <summary>Which container is there while it is: of a decant that was killed, the next one removes it.</summary>
    string InterruptedFile => $"{outputs}/running";

    /// <summary>Removes the container of the trial that an earlier decant was killed in, if there is one.</summary>
    public void RemoveInterrupted(IEnumerable<BenchEnvironment> arms)
    {
        if (KernelText.TryRead(InterruptedFile)?.Split('\n') is not [var environment, var name, ..])
            return;
        // The file says which one, and no more than that.
        if (TrialName().IsMatch(name) && arms.FirstOrDefault(arm => arm.Name == environment) is { } arm)
            Teardown(arm, name);
        File.Delete(InterruptedFile);
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"^decant-bench-\d+-[tp][\d.]+$")]
    private static partial System.Text.RegularExpressions.Regex TrialName();

    TrialOutcome Measure(
        BenchEnvironment arm, ImmutableArray<string> line, ImmutableArray<string> command, string label, string name, TrialCgroup? groups, bool look, CancellationToken cancel)
    {
        string errorFile = $"{outputs}/{label}.err";
        string outputFile = $"{outputs}/{label}.out";
        using SafeFileHandle input = LinuxFile.Open("/dev/null", OpenFlags.ReadOnly | OpenFlags.CloseOnExec);
        using SafeFileHandle output = Create(KeepsOutput ? outputFile : "/dev/null");
        using SafeFileHandle error = Create(errorFile);
        FileState? written = WorkloadFile is { } named ? FileState.Of(named) : null;
        TrialReadings before = TrialReadings.Read(daemons, arm.Daemons, look);
        GpuCounters? gpusBefore = look ? HostGpus.ReadCounters() : null;
        DateTimeOffset clock = DateTimeOffset.UtcNow;
        RequiredSights sights = new(command, look ? experiment.RequiredProcesses : [], look ? experiment.RequiredFiles : []);
        using Sampler? sampler = look && experiment.SampleInterval > TimeSpan.Zero ? new Sampler(groups, arm.LauncherStaysOutside, experiment.SampleInterval, command, sights) : null;
        MeasuredProgram program = MeasuredProgram.Start(
            line, [.. HostCommand.CallerVariables, .. arm.LauncherVariables], null, groups is null ? [] : (arm.LauncherStaysOutside ? groups.Engine : groups.Work).Paths, input, output, error);
        sampler?.Begin(program.Started, program.Pid);
        bool timedOut = false;
        ProgramEnd end;
        using (cancel.Register(() => program.Signal(Signals.Kill)))
        using (Timer? timer = experiment.TrialTimeout is { } limit ? new Timer(_ => { timedOut = true; program.Signal(Signals.Kill); }, null, limit, Timeout.InfiniteTimeSpan) : null)
            end = program.Wait();
        GpuCounters? gpusAfter = look ? HostGpus.ReadCounters() : null;
        sampler?.Stop();
        TrialReadings after = TrialReadings.Read(daemons, arm.Daemons, look);
        TrialFigures figures = new(program.Started, end, before, after, groups?.Work.Read(), arm.LauncherStaysOutside ? groups?.Engine.Read() : null, sampler?.Samples ?? [], experiment.Moment);
        if (sampler is not null)
            figures.AddCost(sampler.Cost);
        figures.AddGpus(sampler?.Samples ?? [], gpusBefore, gpusAfter);
        IReadOnlyList<CachedClass> files = [];
        if (look)
        {
            FileClass[] own = [.. arm.Files(sampler?.Observed)];
            shared.UnionWith(own.Where(one => one.Name == OverlayFiles.ImageLayers));
            files = CachedClass.Of([.. experiment.Files, .. shared, .. own]);
            figures.AddFiles(files);
        }

        List<string> remarks = [];
        if (groups is not null && !arm.LauncherStaysOutside && groups.Work.Processes().Count is > 0 and var left)
            remarks.Add($"{left} processes were left behind, and ended");
        if (Teardown(arm, name) is { } teardown)
            figures.Values["teardown"] = teardown.TotalSeconds;
        if (cgroup?.Remove(label) == false)
            remarks.Add("processes in its cgroup could not be ended");
        cancel.ThrowIfCancellationRequested();
        string? failure = timedOut ? $"it took longer than {experiment.TrialTimeout!.Value.TotalSeconds} s"
            : end.ExitCode != experiment.ExitCode ? Ended(end) + LastWords(errorFile)
            : (KeepsOutput ? TrialOutput.TooLarge(outputFile) : null) ?? RequiredOutput(outputFile) ?? sights.Failure();
        ImmutableArray<Metric> metrics = [];
        if (failure is null && WorkloadFile is { } expected && FileState.Of(expected) is var now && (now is null || now == written))
            failure = now is null ? $"it did not write {expected}" : $"it did not write {expected}, which is as it was before";
        if (failure is null && look && experiment.Workload is { } workload)
        {
            WorkloadReading reading = workload.ToFormat().Read(TrialOutput.Read(workload.From switch
            {
                WorkloadSource.StandardOutput => outputFile,
                WorkloadSource.StandardError => errorFile,
                _ => workload.From,
            }));
            failure = reading.Failure?.ToString();
            metrics = [.. reading.Values.Select(value => value.Metric)];
            foreach (WorkloadValue value in reading.Values)
                figures.Values[value.Metric.Name] = value.Value;
        }

        if (failure is null && experiment.Workload?.From != WorkloadSource.StandardError)
            File.Delete(errorFile);
        return new TrialOutcome(
            clock, failure, figures.Values.ToImmutableSortedDictionary(StringComparer.Ordinal), [.. files.SelectMany(group => group.Largest)], [.. remarks], metrics, sampler?.Observed, sampler?.Samples ?? []);
    }

    /// <summary>The file of the host that the command writes its figures into; null where there is none.</summary>
    string? WorkloadFile => experiment.Workload is { From: not (WorkloadSource.StandardOutput or WorkloadSource.StandardError) and var file } ? file : null;

    /// <summary>Else it goes nowhere, so that no disk is part of what is measured.</summary>
    bool KeepsOutput => experiment.RequiredOutput is not null || experiment.Workload is { From: WorkloadSource.StandardOutput };

    static SafeFileHandle Create(string path) =>
        LinuxFile.Open(path, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate | OpenFlags.CloseOnExec, 0x180 /* 0600 */);

    static TimeSpan? Teardown(BenchEnvironment arm, string name)
    {
        if (arm.Teardown(name) is not { Length: > 0 } command)
            return null;
        long started = Stopwatch.GetTimestamp();
        // It complains of a container that never came to be.
        ChildProgram.TryRun(command, [], quiet: true);
        return Stopwatch.GetElapsedTime(started);
    }

    static string Ended(ProgramEnd end) => end.Signal is { } signal ? $"signal {signal} ended it" : $"it ended with code {end.ExitCode}";

    static string LastWords(string file)
    {
        string text = TrialOutput.ReadEnd(file, MostErrorBytes).TrimEnd();
        return text.Length == 0 ? "" : ": " + text;
    }

    string? RequiredOutput(string file)
    {
        if (experiment.RequiredOutput is not { } pattern)
            return null;
        string text = TrialOutput.Read(file);
        return RequiredPattern.Of(pattern).IsMatch(text)
            ? null
            : $"its output does not match {pattern}";
    }
}
