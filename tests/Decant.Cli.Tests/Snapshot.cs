using System.Runtime.CompilerServices;

namespace Decant.Cli.Tests;

/// <summary>Text as recorded in Snapshots/. With DECANT_RECORD=1 the test writes what it sees; read the difference before it is committed.</summary>
static class Snapshot
{
    public static void Check(string name, string text, [CallerFilePath] string caller = "")
    {
        string file = Path.Combine(Path.GetDirectoryName(caller)!, "Snapshots", name + ".txt");
        if (Environment.GetEnvironmentVariable("DECANT_RECORD") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }

        Assert.True(File.Exists(file), $"{file} is missing: run once with DECANT_RECORD=1");
        Assert.Equal(File.ReadAllText(file), text);
    }
}
