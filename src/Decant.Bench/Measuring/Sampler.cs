using System.Collections.Immutable;
using System.Diagnostics;
using Decant.Linux;

namespace Decant.Bench;

/// <summary>
/// Looks at a running trial from a thread of its own: often at first, as programs may be short, then at the interval. It also looks for the declared
/// command, and for what a trial must show, among the processes.
/// </summary>
public sealed class Sampler : IDisposable
{
    /// <summary>The first looks: 2, 4, 8, … milliseconds after the start, and again after the command was first seen.</summary>
    static readonly TimeSpan First = TimeSpan.FromMilliseconds(2);

    /// <summary>So long the command is looked for every <see cref="First"/>, then every <see cref="Sparse"/>; after <see cref="LongestLaunch"/> it is some other program, and looks see what there is.</summary>
    static readonly TimeSpan Dense = TimeSpan.FromMilliseconds(200);

    static readonly TimeSpan Sparse = TimeSpan.FromMilliseconds(5);

    static readonly TimeSpan LongestLaunch = TimeSpan.FromSeconds(1);

    /// <summary>smaps_rollup walks page tables under the process's lock, longer the more memory there is: no more than this part of the time goes into it.</summary>
    const double RollupPart = 0.002;

    /// <summary>Until then a program is hardly there.</summary>
    static readonly TimeSpan FirstRollup = TimeSpan.FromMilliseconds(10);

    /// <summary>GPUs' figures are no fresher than this, and programs that just start their GPU wait for the same locks of the driver.</summary>
    static readonly TimeSpan Gpus = TimeSpan.FromMilliseconds(100);

    readonly TrialCgroup? cgroup;
    readonly bool hasClient;
    readonly ImmutableArray<string> command;
    readonly RequiredSights sights;
    readonly TimeSpan interval;
    readonly Thread thread;
    readonly ManualResetEventSlim stop = new();
    readonly List<Sample> samples = [];
    long started;
    int pid;
    volatile bool begun;
    volatile ObservedProcess? observed;
    TimeSpan rollups;
    TimeSpan askedGpus;

    /// <param name="cgroup">The trial's; null where there is none, and then it is known by its parents.</param>
    /// <param name="hasClient">Whether the started program is an engine's client, in a cgroup of its own.</param>
    /// <param name="command">The declared one, by which its process is known.</param>
    /// <param name="sights">Told of all processes at each look.</param>
    public Sampler(TrialCgroup? cgroup, bool hasClient, TimeSpan interval, ImmutableArray<string> command, RequiredSights sights)
    {
        (this.cgroup, this.hasClient, this.interval, this.command, this.sights) = (cgroup, hasClient, interval, command, sights);
        thread = new Thread(Run) { IsBackground = true, Name = "sampler" };
        thread.Start();
    }

    /// <summary>The program runs: the thread, which was there before so that no trial has its making in it, finds that out by itself.</summary>
    /// <param name="started">The trial's start, by <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <param name="pid">Of the program that was started.</param>
    public void Begin(long started, int pid)
    {
        (this.started, this.pid) = (started, pid);
        begun = true;
    }

    /// <summary>After <see cref="Stop"/>: in order.</summary>
    public IReadOnlyList<Sample> Samples => samples;

    /// <summary>The declared command's process; null where it was not seen.</summary>
    public ObservedProcess? Observed => observed;

    /// <summary>After <see cref="Stop"/>: what looking cost, in CPU time.</summary>
    public TimeSpan Cost { get; private set; }

    void Run()
    {
        while (!begun)
        {
            if (Stops(First))
                return;
        }

        TimeSpan origin = TimeSpan.Zero;
        TimeSpan next = First;
        while (true)
        {
            TimeSpan now = Stopwatch.GetElapsedTime(started);
            // A launcher comes first, an engine's client by some tenths of a second: until the command is there, it is looked for between the looks.
            TimeSpan poll = now < Dense ? First : Sparse;
            bool polls = observed is null && now < LongestLaunch && now + poll < next;
            if (Stops(polls ? poll : next - now))
                break;
            if (polls)
            {
                Meet(Processes());
                if (observed is not null)
                    (origin, next) = (Stopwatch.GetElapsedTime(started), Stopwatch.GetElapsedTime(started) + First);
                continue;
            }

            Look();
            now = Stopwatch.GetElapsedTime(started);
            next = now + (now - origin < interval ? now - origin : interval);
        }

        // The first number is the thread's time on a CPU, in nanoseconds (scheduler/sched-stats.rst).
        string[] fields = (KernelText.TryRead("/proc/thread-self/schedstat") ?? "").Split(' ');
        Cost = long.TryParse(fields[0], out long nanoseconds) ? TimeSpan.FromTicks(nanoseconds / 100) : TimeSpan.Zero;
    }

    /// <summary>Waits at least so long, in whole milliseconds; true where the program has ended.</summary>
    bool Stops(TimeSpan wait) => wait > TimeSpan.Zero ? stop.Wait((int)Math.Ceiling(wait.TotalMilliseconds)) : stop.IsSet;

    List<int> Processes() => cgroup?.Work.Processes() ?? ProcessTree.Of(pid);

    void Meet(List<int> processes)
    {
        // A launcher has the command's words on its own command line, and is gone, or has become the command, a moment later.
        if (observed is null || !HasMemory(observed.Pid) || !observed.IsStillTheSame())
            observed = processes.Select(process => ObservedProcess.TryRead(process, command)).FirstOrDefault(process => process is not null)?.WithCgroupLimits() ?? observed;
    }

    void Look()
    {
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        List<int> processes = Processes();
        Meet(processes);
        sights.Look(processes);
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

    /// <summary>The program has ended.</summary>
    public void Stop()
    {
        stop.Set();
        thread.Join();
    }

    public void Dispose()
    {
        Stop();
        stop.Dispose();
    }
}
