using Decant.Linux;

namespace Decant.Bench;

/// <summary>Whether an experiment can be measured at all; told before anything is made.</summary>
public static class ExperimentCheck
{
    /// <exception cref="DecantException">It cannot, and why.</exception>
    public static void Throw(Experiment experiment)
    {
        if (experiment.Environments.IsEmpty)
            throw new DecantException("nothing to compare: no environment is named", "--env host --env native=decant:IMAGE --env docker=docker:IMAGE");
        if (experiment.Environments.GroupBy(arm => arm.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new DecantException($"two environments are called {PathBytes.Printable(twice.Key)}", "--env NAME=KIND:IMAGE gives each a name of its own");
        if (experiment.Environments.FirstOrDefault(arm => arm.Against is { } other && (other == arm.Name || !experiment.Environments.Any(one => one.Name == other))) is { } lost)
            throw new DecantException($"{PathBytes.Printable(lost.Name)} is to be compared with {PathBytes.Printable(lost.Against!)}, which is no other environment", $"one of {string.Join(", ", experiment.Environments.Where(one => one != lost).Select(one => one.Name))}");
        if (experiment.Environments.FirstOrDefault(arm => (arm.Command ?? experiment.Command).IsEmpty) is { } without)
            throw new DecantException($"no command to measure in {PathBytes.Printable(without.Name)}", "decant bench --env ... -- CMD ...");
        if (experiment.Workload is null)
            KnownMetric(experiment.Primary, "--metric");
        if (experiment.Cache == CachePolicy.Cold && !CacheState.MayDrop)
            throw new DecantException("only root can drop caches", "sudo decant bench --cache cold, or --cache warm");
        foreach (string pattern in (string[])[.. experiment.RequiredProcesses, .. experiment.RequiredOutput is { } required ? [required] : (string[])[]])
            CheckPattern(pattern);
        if (experiment.RequiredFiles.FirstOrDefault(path => !path.StartsWith('/')) is { } relative)
            throw new DecantException($"{PathBytes.Printable(relative)} is no absolute path", "--must-open takes a path as the program sees it: /data/model");
        if (!(experiment.RequiredFiles.IsEmpty && experiment.RequiredProcesses.IsEmpty) && experiment.SampleInterval == TimeSpan.Zero)
            throw new DecantException("what a trial must run or open is looked for in samples, and there are to be none", "leave --sample 0 out");
        foreach (FileClass files in experiment.Files)
        {
            if (!LinuxFile.Exists(files.Path))
                throw new DecantException($"--files {PathBytes.Printable(files.Name)}: there is no {PathBytes.Printable(files.Path)}");
        }

        foreach (Gate gate in experiment.Gates)
        {
            if (GateReading.Of(gate.Condition) is null)
                throw new DecantException($"this machine does not tell {gate.Condition}{WhyNot(gate)}", $"leave --gate '{gate}' out");
        }
    }

    /// <exception cref="DecantException">Without a workload's own figures there is no such metric.</exception>
    public static void KnownMetric(string name, string option)
    {
        if (BuiltInMetrics.Find(name) is null)
            throw new DecantException($"{option} {PathBytes.Printable(name)}: there is no such metric", $"{string.Join(", ", BuiltInMetrics.All.Select(metric => metric.Name))}, files.CLASS; or a figure of --workload");
    }

    /// <summary>
    /// Why no verdict of this experiment can say that there is a difference, however clear the data are: the smallest p-value of so few blocks, 2/2ⁿ, is too
    /// large, or is after Holm's adjustment for the number of environments. Null where there are enough.
    /// </summary>
    public static string? TooFewBlocks(int blocks, int questions)
    {
        const double Alpha = 0.05;
        int needed = (int)Math.Ceiling(1 - Math.Log2(Alpha / Math.Max(1, questions)));
        return questions == 0 || blocks >= needed ? null
            : $"{blocks} blocks cannot show a difference in {questions} {(questions == 1 ? "comparison" : "comparisons")} at the level of 5 %, however clear it is: that takes {needed}";
    }

    static string WhyNot(Gate gate) =>
        gate.Condition.StartsWith("gpu.", StringComparison.Ordinal) && HostGpus.Reason is { } reason ? $": {PathBytes.Printable(reason)}" : "";

    static void CheckPattern(string pattern)
    {
        try
        {
            _ = RequiredPattern.Of(pattern);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new DecantException($"{PathBytes.Printable(pattern)} is no regular expression that decant runs", e is NotSupportedException ? "without back-references and look-around" : null, e);
        }
    }
}
