using System.Text;
using Decant.Devices;
using Decant.Doctor;
using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>
/// What doctor says to a launch. The answer for a command of an image is remembered in the store: from the second time on, a launch reads
/// one small file, and looks whether what doctor had seen of mounted files is as it was.
/// </summary>
sealed class LaunchAdvice
{
    /// <summary>Of the question: what an older decant answered may be wrong.</summary>
    const string Version = "decant.advice/6";

    /// <summary>In no path and no variable that anybody uses; NUL cannot be written.</summary>
    const char Separator = '\u0001';

    /// <summary>Between an answer and what it was found by.</summary>
    const char Witnessed = '\u0003';

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
        // Of a run that keeps its writes nothing is remembered.
        string? question = spec.Kept is null ? Question(spec, plan, environment) : null;
        if (question is not null && store.Recall(question) is { } known && Read(known) is { } remembered)
            return remembered;
        RootWitnesses? witnesses = question is null ? null : new();
        plan.View.Witnesses = witnesses;
        Diagnosis diagnosis;
        try
        {
            diagnosis = Diagnosis.Of(DoctorCommand.Examined(spec, plan, environment), Host(spec));
        }
        catch (DecantException)
        {
            // What doctor cannot look into may run all the same.
            return new LaunchAdvice();
        }
        finally
        {
            plan.View.Witnesses = null;
        }

        bool isWanted = IsWanted(diagnosis, environment);
        LaunchAdvice advice = new() { WasAsked = true, ExpectsFailure = !isWanted && diagnosis.Findings.Any(CanBeTold) };
        if (isWanted)
            advice.changes.AddRange(diagnosis.Prescription!.Changes);
        // What was not looked into to the end may be found another time.
        if (question is not null && !diagnosis.Findings.Any(finding => finding.Id == "not-examined") && witnesses?.Write() is { } seen)
            store.Remember(question, $"{advice.Write()}{Witnessed}{seen}");
        return advice;
    }

    /// <summary>To a launch without GPUs the driver does not matter, and its answer holds on every host.</summary>
    static DoctorHost Host(LaunchSpec spec) => HasGpus(spec) ? DoctorHost.Probe() : DoctorHost.Probe() with { Driver = null, Gpus = [] };

    /// <summary>NVIDIA's.</summary>
    public static bool HasGpus(LaunchSpec spec)
    {
        foreach (DeviceRequest device in spec.Devices)
        {
            if (device.Target.StartsWith("/dev/nvidia", StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    /// <summary>Where somebody said where programs are to be found, a program that is elsewhere is not found, as with docker.</summary>
    static bool IsWanted(Diagnosis diagnosis, LaunchEnvironment environment) => diagnosis.Prescription is { } prescription
        && !(prescription.Changes.Any(change => change.Name == "PATH") && environment.Variables.Any(variable => variable.Name == "PATH" && variable.Origin.StartsWith("--env", StringComparison.Ordinal)));

    /// <summary>Of another machine's program the kernel knows more, such as by which emulator it is run.</summary>
    static bool CanBeTold(Finding finding) => finding.Severity == FindingSeverity.Error && finding.Id != "program-for-other-machine";

    /// <summary>Everything that the answer depends on, but for what mounted files hold.</summary>
    static string Question(LaunchSpec spec, LaunchPlan plan, LaunchEnvironment environment)
    {
        StringBuilder text = new($"{Version} {BuildVersion.Text}");
        foreach (string layer in spec.Image.Layers)
            text.Append(Separator).Append(layer);
        text.Append(Separator).Append(plan.User.Uid).Append(Separator).Append(plan.User.Gid).Append(Separator).AppendJoin(',', plan.User.Groups).Append(Separator).Append(plan.Mapping?.Describe()).Append(Separator).Append(spec.WorkingDirectory);
        foreach (string argument in Examination.Relevant(plan.Arguments))
            text.Append(Separator).Append(argument);
        foreach (EnvironmentVariable variable in environment.Variables)
        {
            if (variable.Name is not ("TERM" or "HOSTNAME"))
                text.Append(Separator).Append(variable.Name).Append('=').Append(variable.Value);
        }

        foreach (MountRequest mount in spec.Mounts)
            text.Append(Separator).Append((int)mount.Kind).Append(mount.Target).Append(Separator).Append(mount.Source);

        if (spec.DeviceEdits is { } edits)
        {
            foreach (MountRequest mount in edits.Mounts)
                text.Append(Separator).Append((int)mount.Kind).Append(mount.Target).Append(Separator).Append(mount.Source);
            foreach (LinkRequest link in edits.Links)
                text.Append(Separator).Append(link.Path).Append(Separator).Append(link.Target);
            text.Append(Separator).AppendJoin(Separator, edits.LibraryDirectories).Append(Separator).Append(edits.FirstLibraryDirectory);
        }

        if (spec.DeviceFiles is { } files)
            text.Append(Separator).Append(files.Text);
        if (spec.Mpi is { } job)
            text.Append(Separator).Append(job.Describe()).Append(Separator).Append(job.HasOneTask);
        if (HasGpus(spec))
        {
            text.Append(Separator).Append(NvidiaDriver.Probe()?.Text);
            foreach (NvidiaGpu gpu in NvidiaGpu.ProbeAll())
                text.Append(Separator).Append(gpu.Model);
        }

        return text.ToString();
    }

    string Write()
    {
        StringBuilder text = new();
        text.Append(ExpectsFailure ? Failing : changes.Count > 0 ? Prescribed : Healthy).Append(Separator);
        foreach (EnvironmentChange change in changes)
            text.Append(change.Name).Append(Separator).Append(change.Value is null ? "-" : "=").Append(change.Value).Append(Separator).Append(change.Reason).Append(Separator);
        return text.ToString();
    }

    /// <summary>Null for what is no answer, or one that holds no more: a file that was cut off is asked for anew.</summary>
    static LaunchAdvice? Read(string text)
    {
        int end = text.IndexOf(Witnessed);
        if (end < 0 || !RootWitnesses.StillHold(text[(end + 1)..]))
            return null;
        string[] parts = text[..end].Split(Separator);
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
