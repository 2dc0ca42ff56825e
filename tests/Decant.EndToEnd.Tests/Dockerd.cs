namespace Decant.EndToEnd.Tests;

/// <summary>A real dockerd of the tests' own, with every test image loaded; started by the first test that asks, stopped at the end.</summary>
public static class Dockerd
{
    static readonly Lazy<string> running = new(Start);

    /// <summary>The path of its socket.</summary>
    public static string Socket => $"{running.Value}/socket";

    public static void Stop()
    {
        if (running.IsValueCreated)
            Shell.Execute([Program, "stop", running.Value]).Expect(0);
    }

    static string Program => Workplace.Existing("tests/Decant.EndToEnd.Tests/Images/dockerd.sh", "git checkout");

    static string Start()
    {
        // A short name: the path of a socket has at most 107 bytes.
        string directory = $"/run/decant-e2e-{Environment.ProcessId}";
        Shell.Execute([Program, "start", directory, TestImages.File("docker")]).Expect(0);
        return directory;
    }
}
