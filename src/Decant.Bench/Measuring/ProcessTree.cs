using Decant.Linux;

namespace Decant.Bench;

/// <summary>A process and all that it and its children have started and that still have a living parent among them.</summary>
static class ProcessTree
{
    /// <summary>Of one that is not there, it alone.</summary>
    public static List<int> Of(int pid)
    {
        List<int> processes = [pid];
        for (int i = 0; i < processes.Count; i++)
        {
            string tasks = $"/proc/{processes[i]}/task";
            try
            {
                foreach (string task in Directory.EnumerateDirectories(tasks))
                    processes.AddRange((KernelText.TryRead(task + "/children") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse));
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return processes;
    }
}
