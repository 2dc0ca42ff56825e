namespace Decant.Images;

/// <summary>Threads, of which a system may allow no more (RLIMIT_NPROC, pids.max).</summary>
static class WorkerThread
{
    /// <summary>Null where it cannot be started.</summary>
    public static Thread? TryStart(ThreadStart work)
    {
        Thread thread = new(work) { IsBackground = true };
        try
        {
            thread.Start();
            return thread;
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            return null;
        }
    }
}
