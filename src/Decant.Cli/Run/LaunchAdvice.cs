using System.Text;
using Decant.Devices;
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
    /// <summary>Of the question: what an older decant answered may be wrong.</summary>
    const string Version = "decant.advice/5";

    /// <summary>In no path and no variable that anybody uses; NUL cannot be written.</summary>
    const char Separator = '\u0001';

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
        string? question = MayRemember(spec, plan, environment) ? Question(spec, plan, environment) : null;
        if (question is not null && store.Recall(question) is { } known && Read(known) is { } remembered)
            return remembered;
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

        bool isWanted = IsWanted(diagnosis, environment);
        LaunchAdvice advice = new() { WasAsked = true, ExpectsFailure = !isWanted && diagnosis.Findings.Any(CanBeTold) };
        if (isWanted)
            advice.changes.AddRange(diagnosis.Prescription!.Changes);
        // What was not looked into to the end may be found another time.
        if (question is not null && !diagnosis.Findings.Any(finding => finding.Id == "not-examined"))
            store.Remember(question, advice.Write());
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

    /// <summary>
    /// Only of what cannot change: of a run that keeps its writes nothing is remembered, nor of a command that has to do with what is mounted, by
    /// its words, its variables or its directory, nor where something is mounted over the image's own programs and libraries.
    /// </summary>
    static bool MayRemember(LaunchSpec spec, LaunchPlan plan, LaunchEnvironment environment)
    {
        // What a specification says may change at any time.
        if (spec.Kept is not null || spec.DeviceEdits is { IsEmpty: false })
            return false;
        foreach (MountRequest mount in spec.Mounts)
        {
            foreach (string system in (ReadOnlySpan<string>)["/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc", "/opt"])
            {
                if (mount.Target == "/" || mount.Target == system || LinuxPath.IsBelow(mount.Target, system))
                    return false;
            }

            if (spec.WorkingDirectory is { } directory ? Mentions(directory, mount) : Mentions(spec.Image.Config.WorkingDir, mount))
                return false;
            foreach (string argument in plan.Arguments)
            {
                // A link of the image may lead there too.
                if (Mentions(argument, mount) || (argument.StartsWith('/') && Mentions(plan.View.Resolve(argument).Path, mount)))
                    return false;
            }

            foreach (EnvironmentVariable variable in environment.Variables)
            {
                if (Mentions(variable.Value, mount))
                    return false;
            }
        }

        return true;
    }

    static bool Mentions(string text, MountRequest mount) => text.Contains(mount.Target, StringComparison.Ordinal);

    /// <summary>Everything that the answer depends on.</summary>
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
