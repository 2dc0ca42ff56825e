using System.Diagnostics;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>
/// Looks at a running trial from a thread of its own: often at first, as programs may be short, then at the interval. It also looks for the declared
/// command, and for what a trial must show, among the processes.
/// </summary>
public sealed class Sampler : IDisposable
{
    /// <summary>The first looks: 2, 4, 8, … milliseconds after the start.</summary>
    static readonly TimeSpan First = TimeSpan.FromMilliseconds(2);

    /// <summary>smaps_rollup walks page tables under the process's lock, longer the more memory there is: no more than this part of the time goes into it.</summary>
    const double RollupPart = 0.002;

    /// <summary>Until then a program is hardly there.</summary>
    static readonly TimeSpan FirstRollup = TimeSpan.FromMilliseconds(10);

    /// <summary>GPUs' figures are no fresher than this, and programs that just start their GPU wait for the same locks of the driver.</summary>
    static readonly TimeSpan Gpus = TimeSpan.FromMilliseconds(100);

    readonly long started;
    readonly TrialCgroup? cgroup;
    readonly bool hasClient;
    readonly int pid;
    readonly Func<ObservedProcess, bool> wanted;
    readonly RequiredSights sights;
    readonly TimeSpan interval;
    readonly Thread thread;
    readonly ManualResetEventSlim stop = new();
    readonly List<Sample> samples = [];
    volatile ObservedProcess? observed;
    TimeSpan rollups;
    TimeSpan askedGpus;

    Sampler(long started, TrialCgroup? cgroup, bool hasClient, int pid, TimeSpan interval, Func<ObservedProcess, bool> wanted, RequiredSights sights)
    {
        (this.started, this.cgroup, this.hasClient, this.pid, this.interval, this.wanted, this.sights) = (started, cgroup, hasClient, pid, interval, wanted, sights);
        thread = new Thread(Run) { IsBackground = true, Name = "sampler" };
        thread.Start();
    }

    /// <param name="started">The trial's start, by <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="cgroup">The trial's; null where there is none, and then it is known by its parents.</param>
    /// <param name="hasClient">Whether the started program is an engine's client, in a cgroup of its own.</param>
    /// <param name="pid">Of the program that was started.</param>
    /// <param name="wanted">Whether a process is the declared command's.</param>
    /// <param name="sights">Told of all processes at each look.</param>
    public static Sampler Start(
        long started, TrialCgroup? cgroup, bool hasClient, int pid, TimeSpan interval, Func<ObservedProcess, bool> wanted, RequiredSights sights) =>
        new(started, cgroup, hasClient, pid, interval, wanted, sights);

    /// <summary>After <see cref="Dispose"/>: in order.</summary>
    public IReadOnlyList<Sample> Samples => samples;

    /// <summary>The declared command's process; null where it was not seen.</summary>
    public ObservedProcess? Observed => observed;

    /// <summary>After <see cref="Dispose"/>: what looking cost, in CPU time.</summary>
    public TimeSpan Cost { get; private set; }

    void Run()
    {
        TimeSpan origin = Appearance();
        TimeSpan next = origin + First;
        while (!stop.IsSet)
        {
            TimeSpan wait = next - Stopwatch.GetElapsedTime(started);
            if (wait > TimeSpan.Zero && stop.Wait(wait))
                break;
            Look();
            TimeSpan now = Stopwatch.GetElapsedTime(started);
            next = now + (now - origin < interval ? now - origin : interval);
        }

        // The first number is the thread's time on a CPU, in nanoseconds (scheduler/sched-stats.rst).
        string[] fields = (KernelText.TryRead("/proc/thread-self/schedstat") ?? "").Split(' ');
        Cost = long.TryParse(fields[0], out long nanoseconds) ? TimeSpan.FromTicks(nanoseconds / 100) : TimeSpan.Zero;
    }

    /// <summary>When the program is there, of which an engine's client comes first by some tenths of a second; no later than after one interval.</summary>
    TimeSpan Appearance()
    {
        if (!hasClient || cgroup is null)
            return TimeSpan.Zero;
        while (cgroup.Work.Processes().Count == 0 && Stopwatch.GetElapsedTime(started) < interval)
        {
            if (stop.Wait(First))
                break;
        }

        return Stopwatch.GetElapsedTime(started);
    }

    void Look()
    {
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        List<int> processes = cgroup?.Work.Processes() ?? ProcessTree.Of(pid);
        sights.Look(processes);
        // A launcher has the command's words on its own command line, and is gone, or has become the command, a moment later.
        if (observed is null || !HasMemory(observed.Pid) || !observed.IsStillTheSame())
            observed = processes.Select(ObservedProcess.TryRead).FirstOrDefault(process => process is not null && wanted(process))?.WithCgroupLimits() ?? observed;
        samples.Add(new Sample(
            seconds, HostMemory.Read(), cgroup?.Work.Read(), hasClient ? cgroup?.Engine.Read() : null, ProportionalSet(processes), HasMemory(observed?.Pid ?? pid), AskGpus(processes)));
    }

    /// <summary>A process that ends has its memory taken before it is gone, and statm says 0 pages from then on (proc_pid_statm(5)).</summary>
    static bool HasMemory(int process) => KernelText.TryRead($"/proc/{process}/statm") is { Length: > 0 } pages && !pages.StartsWith("0 ", StringComparison.Ordinal);

    long? ProportionalSet(List<int> processes)
    {
        TimeSpan now = Stopwatch.GetElapsedTime(started);
        if (now < FirstRollup || rollups > now * RollupPart)
            return null;
        long? sum = ProcessMemory.ProportionalSet(processes);
        rollups += Stopwatch.GetElapsedTime(started) - now;
        return sum;
    }

    IReadOnlyList<GpuReading>? AskGpus(List<int> processes)
    {
        TimeSpan now = Stopwatch.GetElapsedTime(started);
        if (now - askedGpus < Gpus)
            return null;
        askedGpus = now;
        return HostGpus.Read(processes);
    }

    public void Dispose()
    {
        stop.Set();
        thread.Join();
        stop.Dispose();
    }
}
