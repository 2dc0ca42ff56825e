using System.Text;
using Decant.Devices;
using Decant.Doctor;
using Decant.Images;
using Decant.Launch;
using Decant.Linux;

namespace Decant.Cli;

/// <summary>
/// What is asked about a command of an image before it is launched. The answer is remembered in the store: from the second time on, a launch reads one small file, and looks
/// whether what was seen of mounted files is as it was.
/// </summary>
sealed class LaunchQuestion
{
    /// <summary>Of the question: what an older decant answered may be wrong.</summary>
    const string Version = "decant.advice/7";

    /// <summary>In no path and no variable that anybody uses; NUL cannot be written.</summary>
    public const char Separator = '\u0001';

    /// <summary>Between an answer and what it was found by.</summary>
    const char Witnessed = '\u0003';

    readonly ImageStore store;
    readonly LaunchPlan plan;

    /// <summary>Null where nothing can be remembered.</summary>
    readonly string? text;

    readonly RootWitnesses witnesses = new();

    /// <param name="topic">What is asked.</param>
    public LaunchQuestion(string topic, ImageStore store, LaunchSpec spec, LaunchPlan plan, LaunchEnvironment environment)
    {
        this.store = store;
        this.plan = plan;
        // A directory of the host, and what a run keeps, may change at any time.
        if (spec.Image.Flatten is not null && spec.Kept is null)
            text = Text(topic, spec, plan, environment);
    }

    /// <summary>What was answered, where that holds; null where it is to be found out.</summary>
    public string? Recall()
    {
        if (text is null || store.Recall(text) is not { } known)
            return null;
        int end = known.IndexOf(Witnessed);
        return end >= 0 && RootWitnesses.StillHold(known[(end + 1)..]) ? known[..end] : null;
    }

    /// <summary>Finds the answer out.</summary>
    public T Watch<T>(Func<T> find)
    {
        plan.View.Witnesses = text is null ? null : witnesses;
        try
        {
            return find();
        }
        finally
        {
            plan.View.Witnesses = null;
        }
    }

    public void Remember(string answer)
    {
        if (text is not null && witnesses.Write() is { } seen)
            store.Remember(text, $"{answer}{Witnessed}{seen}");
    }

    /// <summary>To a launch without GPUs the driver does not matter, and its answer holds on every host.</summary>
    public static DoctorHost Host(LaunchSpec spec) => HasGpus(spec) ? DoctorHost.Probe() : DoctorHost.Probe() with { Driver = null, Gpus = [] };

    /// <summary>NVIDIA's.</summary>
    public static bool HasGpus(LaunchSpec spec)
    {
        foreach (DeviceRequest device in spec.Devices)
        {
            if (device.Target.StartsWith("/dev/nvidia", StringComparison.Ordinal) || device.Target == "/dev/dxg")
                return true;
        }

        return false;
    }

    /// <summary>Everything that the answer depends on, but for what mounted files hold.</summary>
    static string Text(string topic, LaunchSpec spec, LaunchPlan plan, LaunchEnvironment environment)
    {
        StringBuilder text = new($"{Version} {BuildVersion.Text} {topic}");
        void Add(string? part) => text.Append(Separator).Append(part);
        foreach (string layer in spec.Image.Layers)
            Add(layer);
        text.Append(Separator).Append(plan.User.Uid).Append(Separator).Append(plan.User.Gid).Append(Separator).AppendJoin(',', plan.User.Groups);
        Add(plan.Mapping?.Describe());
        Add(spec.WorkingDirectory ?? spec.Image.Config.WorkingDir);
        foreach (string argument in Examination.Relevant(plan.Arguments))
            Add(argument);
        foreach (EnvironmentVariable variable in environment.Variables)
        {
            if (variable.Name is not ("TERM" or "HOSTNAME"))
                Add($"{variable.Name}={variable.Value}");
        }

        foreach (MountRequest mount in spec.Mounts)
        {
            text.Append(Separator).Append((int)mount.Kind).Append(mount.Target);
            Add(mount.Source);
        }

        foreach (DeviceRequest device in spec.Devices)
        {
            Add(device.Target);
            Add(device.Source);
            if (LinuxFile.TryStatus(null, device.Source, follow: true, out FileStatus status) == Errno.None)
                text.Append(Separator).Append(status.Mode).Append(' ').Append(status.Owner).Append(' ').Append(status.Group);
        }

        if (spec.DeviceFiles is { } files)
            Add(files.Text);
        if (spec.DeviceEdits is { } edits)
        {
            foreach (MountRequest mount in edits.Mounts)
            {
                Add(mount.Target);
                Add(mount.Source);
            }

            foreach (LinkRequest link in edits.Links)
            {
                Add(link.Path);
                Add(link.Target);
            }
        }

        // Which of the host's libraries the loader is told of was read before anything is asked.
        foreach (string library in plan.Brought)
            Add(library);
        if (spec.Mpi is { } job)
            text.Append(Separator).Append(job.Describe()).Append(Separator).Append(job.HasOneTask);
        if (HasGpus(spec))
        {
            Add(NvidiaDriver.Probe()?.Text);
            foreach (NvidiaGpu gpu in NvidiaGpu.ProbeAll())
                Add(gpu.Model);
            foreach (NvidiaMigDevice part in NvidiaMigDevice.ProbeAll())
                text.Append(Separator).Append(part.GpuMinor).Append(' ').AppendJoin(' ', part.Nodes);
        }

        return text.ToString();
    }
}
