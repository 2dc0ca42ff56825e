using Decant.Launch.Running;
using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Launch.Tests;

public sealed class MeasuredProgramTests : IDisposable
{
    readonly string directory = Directory.CreateTempSubdirectory("decant-measured-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    static MeasuredProgram Start(params string[] command)
    {
        using SafeFileHandle nothing = LinuxFile.Open("/dev/null", OpenFlags.ReadWrite | OpenFlags.CloseOnExec);
        return MeasuredProgram.Start([.. command], ["PATH=/usr/bin:/bin"], null, [], nothing, nothing, nothing);
    }

    [Fact]
    public void Waiting_for_a_program_does_not_hold_up_a_garbage_collection()
    {
        // It ends when the file is there, which is after a collection; or else with another code.
        MeasuredProgram program = Start("timeout", "20", "sh", "-c", $"until [ -e {directory}/collected ]; do sleep 0.05; done");
        Thread collector = new(() =>
        {
            // Until the other thread waits in the kernel.
            Thread.Sleep(100);
            GC.Collect();
            File.WriteAllText($"{directory}/collected", "");
        });
        collector.Start();
        Assert.Equal(0, program.Wait().ExitCode);
        collector.Join();
    }

    [Fact]
    public void A_program_that_is_not_there_is_named() => Assert.Contains("no-such-program", Assert.Throws<LinuxException>(() => Start("no-such-program")).Message);
}
