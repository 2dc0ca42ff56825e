using System.Globalization;
using System.Text;
using Decant.Doctor;
using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>
/// What doctor says to a launch. The answer for a command of an image is remembered in the store: from the second time on, a launch reads
/// one small file.
/// </summary>
sealed class LaunchAdvice
{
    /// <summary>Changes with what doctor finds: older answers are no answers then.</summary>
    const string Version = "decant.advice/1";

    const string Healthy = "healthy";
    const string Failing = "failing";
    const string Prescribed = "prescribed";

    readonly List<EnvRequest> changes = [];
    readonly List<string> reasons = [];

    /// <summary>There are errors that no change of the environment mends.</summary>
    public bool ExpectsFailure { get; private init; }

    /// <summary>The launch with the prescription, or as it was.</summary>
    public LaunchSpec Apply(LaunchSpec spec)
    {
        if (changes.Count > 0)
            return spec with { Env = [.. spec.Env, .. changes] };
        return ExpectsFailure ? spec with { WaitFor = "doctor expects it to fail: it says why" } : spec;
    }

    /// <summary>One line for each variable that the prescription changes.</summary>
    public string Describe()
    {
        StringBuilder text = new();
        for (int i = 0; i < changes.Count; i++)
        {
            string change = changes[i].Value is { } value ? $"{changes[i].Name}={value}" : $"without {changes[i].Name}";
            text.Append($"decant: with {PathBytes.Printable(change)}: {reasons[i]} (--no-fix leaves it)\n".Replace("with without", "without", StringComparison.Ordinal));
        }

        return text.ToString();
    }

    public static LaunchAdvice Of(LaunchSpec spec, LaunchPlan plan, ImageStore store)
    {
        // A directory of the host may change under its name at any time.
        string? question = spec.Image.Flatten is null ? null : Question(spec, plan);
        if (question is not null && store.Recall(question) is { } known && Read(known) is { } remembered)
            return remembered;
        Diagnosis diagnosis = Diagnosis.Of(DoctorCommand.Examined(spec, plan), DoctorHost.Probe());
        LaunchAdvice advice = new() { ExpectsFailure = !diagnosis.IsHealthy && diagnosis.Prescription is null };
        foreach (EnvironmentChange change in diagnosis.Prescription?.Changes ?? [])
            advice.Add(change.Name, change.Value, change.Reason);
        if (question is not null)
            store.Remember(question, advice.Write());
        return advice;
    }

    /// <summary>Everything that the answer depends on, as far as it can change.</summary>
    static string Question(LaunchSpec spec, LaunchPlan plan)
    {
        StringBuilder text = new(Version);
        foreach (string layer in spec.Image.Layers)
            text.Append('\0').Append(layer);
        text.Append('\0').Append(spec.Kept?.Directory).Append('\0').Append(spec.WorkingDirectory);
        foreach (string argument in Examination.Relevant(plan.Arguments))
            text.Append('\0').Append(argument);
        foreach (EnvironmentVariable variable in plan.Environment.Variables)
        {
            if (variable.Name is not ("TERM" or "HOSTNAME"))
                text.Append('\0').Append(variable.Name).Append('=').Append(variable.Value);
        }

        foreach (MountRequest mount in spec.Mounts)
        {
            text.Append('\0').Append(mount.Target).Append('\0').Append(mount.Source);
            if (mount.Source is { } source && LinuxFile.TryStatus(null, source, follow: true, out FileStatus status) == Errno.None)
                text.Append(CultureInfo.InvariantCulture, $" {status.Device.Encoded} {status.Inode} {status.Modified.Seconds}.{status.Modified.Nanoseconds}");
        }

        return text.ToString();
    }

    string Write()
    {
        StringBuilder text = new();
        text.Append(ExpectsFailure ? Failing : changes.Count > 0 ? Prescribed : Healthy).Append('\0');
        for (int i = 0; i < changes.Count; i++)
            text.Append(changes[i].Name).Append('\0').Append(changes[i].Remove ? "-" : "=").Append(changes[i].Value).Append('\0').Append(reasons[i]).Append('\0');
        return text.ToString();
    }

    /// <summary>Null for what is no answer: a file that was cut off is asked for anew.</summary>
    static LaunchAdvice? Read(string text)
    {
        string[] parts = text.Split('\0');
        if (parts.Length % 3 != 2 || parts[0] is not (Healthy or Failing or Prescribed) || (parts.Length > 2) != (parts[0] == Prescribed))
            return null;
        LaunchAdvice advice = new() { ExpectsFailure = parts[0] == Failing };
        for (int i = 1; i + 2 < parts.Length; i += 3)
            advice.Add(parts[i], parts[i + 1].StartsWith('-') ? null : parts[i + 1][1..], parts[i + 2]);
        return advice;
    }

    void Add(string name, string? value, string reason)
    {
        changes.Add(new EnvRequest(name, value, "doctor", Remove: value is null));
        reasons.Add(reason);
    }
}
