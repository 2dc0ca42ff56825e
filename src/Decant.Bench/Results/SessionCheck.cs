using Decant.Linux;

namespace Decant.Bench;

/// <summary>Whether what a session's files say can have been written by decant: they may have been edited, or put together from others.</summary>
static class SessionCheck
{
    /// <exception cref="DecantException">Something of it makes no sense.</exception>
    public static void Throw(SessionHeader header, string path)
    {
        Experiment? experiment = header.Experiment;
        if (experiment is null || experiment.Environments.IsDefaultOrEmpty || experiment.Environments.Any(arm => arm?.Name is null) || string.IsNullOrEmpty(experiment.Primary) || experiment.Title is null
            || !(experiment.MarginPercent > 0 && double.IsFinite(experiment.MarginPercent)) || header.Absent is null || header.Machine is null)
            throw new DecantException($"{PathBytes.Printable(path)} declares no experiment: it has no environments, no metric or no margin above 0", "the file is damaged: remove the directory");
    }

    /// <param name="trials">In the order of the lines of <paramref name="path"/>.</param>
    /// <exception cref="DecantException">One of them makes no sense beside the others.</exception>
    public static void Throw(Experiment experiment, IReadOnlyList<Trial> trials, string path)
    {
        HashSet<int> numbers = [];
        HashSet<(int?, string)> places = [];
        for (int i = 0; i < trials.Count; i++)
        {
            Trial trial = trials[i];
            string? reason = trial.Environment is null || !experiment.Environments.Any(arm => arm.Name == trial.Environment) ? "the experiment has no such environment"
                : trial.Values is null || trial.Values.Values.Any(value => !double.IsFinite(value)) ? "a value is no number"
                : trial.Block is null or < 0 || trial.Number < 0 ? "its number or block is below 0"
                : !numbers.Add(trial.Number) || !places.Add((trial.Block, trial.Environment)) ? "it is there twice"
                : null;
            if (reason is not null)
                throw new DecantException($"{PathBytes.Printable(path)}:{i + 1}: this trial cannot be: {reason}", "the file was changed: remove that line, or the directory");
        }
    }
}
