using System.Text;
using Decant.Doctor;
using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>What doctor says to a launch, asked once for each command (<see cref="LaunchQuestion"/>).</summary>
sealed class LaunchAdvice
{
    const char Separator = LaunchQuestion.Separator;

    const string Healthy = "healthy";
    const string Failing = "failing";
    const string Prescribed = "prescribed";

    readonly List<EnvironmentChange> changes = [];

    /// <summary>False where doctor has not looked at the command, or could not.</summary>
    public bool WasAsked { get; private init; }

    /// <summary>There are errors that no change of the environment mends.</summary>
    public bool ExpectsFailure { get; private init; }

    /// <summary>The launch with the prescription, or as it was.</summary>
    public LaunchSpec Apply(LaunchSpec spec)
    {
        if (changes.Count > 0)
            return spec with { Env = [.. spec.Env, .. changes.ConvertAll(change => new EnvRequest(change.Name, change.Value, "doctor", Remove: change.Value is null))] };
        return ExpectsFailure ? spec with { WaitFor = "doctor expects it to fail: it says why" } : spec;
    }

    /// <summary>One line with all that the prescription changes; nothing where there is none.</summary>
    /// <param name="before">The environment without it.</param>
    public string Describe(LaunchEnvironment before)
    {
        if (changes.Count == 0)
            return "";
        StringBuilder text = new("decant: so that it works, with");
        foreach (EnvironmentChange change in changes)
            text.Append(' ').Append(PathBytes.Printable(change.Describe(before[change.Name])));
        return text.Append("  (decant doctor says why; --no-fix leaves it)\n").ToString();
    }

    public static LaunchAdvice Of(LaunchSpec spec, LaunchPlan plan, ImageStore store)
    {
        // A directory of the host may change at any time, so no answer could be kept: only who asks is told.
        if (spec.Image.Flatten is null)
            return new LaunchAdvice();
        // What a launcher tells its ranks differs from rank to rank; what it is itself is asked of all.
        LaunchEnvironment environment = plan.Environment.Without(MpiJob.Origin);
        LaunchQuestion question = new("advice", store, spec, plan, environment);
        if (question.Recall() is { } known && Read(known) is { } remembered)
            return remembered;
        Diagnosis diagnosis;
        try
        {
            diagnosis = question.Watch(() => Diagnosis.Of(DoctorCommand.Examined(spec, plan, environment), LaunchQuestion.Host(spec)));
        }
        catch (DecantException)
        {
            // What doctor cannot look into may run all the same.
            return new LaunchAdvice();
        }

        bool isWanted = IsWanted(diagnosis, environment);
        LaunchAdvice advice = new() { WasAsked = true, ExpectsFailure = !isWanted && diagnosis.Findings.Any(CanBeTold) };
        if (isWanted)
            advice.changes.AddRange(diagnosis.Prescription!.Changes);
        // What was not looked into to the end may be found another time.
        if (!diagnosis.Findings.Any(finding => finding.Id == "not-examined"))
            question.Remember(advice.Write());
        return advice;
    }

    /// <summary>Where somebody said where programs are to be found, a program that is elsewhere is not found, as with docker.</summary>
    static bool IsWanted(Diagnosis diagnosis, LaunchEnvironment environment) => diagnosis.Prescription is { } prescription
        && !(prescription.Changes.Any(change => change.Name == "PATH") && environment.Variables.Any(variable => variable.Name == "PATH" && variable.Origin.StartsWith("--env", StringComparison.Ordinal)));

    /// <summary>Of another machine's program the kernel knows more, such as by which emulator it is run.</summary>
    static bool CanBeTold(Finding finding) => finding.Severity == FindingSeverity.Error && finding.Id != "program-for-other-machine";

    string Write()
    {
        StringBuilder text = new();
        text.Append(ExpectsFailure ? Failing : changes.Count > 0 ? Prescribed : Healthy).Append(Separator);
        foreach (EnvironmentChange change in changes)
            text.Append(change.Name).Append(Separator).Append(change.Value is null ? "-" : "=").Append(change.Value).Append(Separator).Append(change.Reason).Append(Separator);
        return text.ToString();
    }

    /// <summary>Null for what is no answer: a file that was cut off is asked for anew.</summary>
    static LaunchAdvice? Read(string text)
    {
        string[] parts = text.Split(Separator);
        if (parts.Length % 3 != 2 || parts[0] is not (Healthy or Failing or Prescribed) || (parts.Length > 2) != (parts[0] == Prescribed))
            return null;
        LaunchAdvice advice = new() { WasAsked = true, ExpectsFailure = parts[0] == Failing };
        for (int i = 1; i + 2 < parts.Length; i += 3)
        {
            if (parts[i + 1].Length == 0)
                return null;
            advice.changes.Add(new EnvironmentChange(parts[i], parts[i + 1][0] == '-' ? null : parts[i + 1][1..], parts[i + 2]));
        }

        return advice;
    }
}
