using Decant.Launch.Lowering;
using Decant.Launch.Steps;
using Decant.Linux;

namespace Decant.Launch.Running;

/// <summary>
/// decant once more with the same command line, as root of a user namespace that has the caller's subordinate ids behind it
/// (user_namespaces(7)). It may give files to other users there, as root may, so images keep their owners.
/// </summary>
public static unsafe class MappedDecant
{
    const long SetParentDeathSignal = 1;

    /// <summary>Waits for it as for a program; returns its exit code.</summary>
    /// <exception cref="DecantException">The caller has no range of ids, or the host refuses.</exception>
    public static int Run()
    {
        IdMapping mapping = SubordinateMapping.ForCaller(Libc.GetEffectiveUserId(), Libc.GetEffectiveGroupId(), out Advice whyNone)
            ?? throw new DecantException(
                $"owners = \"mapped\" needs a range of subordinate ids, and {whyNone.Cause}",
                $"leave owners out of the configuration: all files are the caller's then; or {whyNone.Fix}");
        ulong callerMask = SignalMask.Current();
        SignalMask.BlockHere(SignalMask.Forwarded);
        using SignalPipe signals = new();
        using Pipe go = new();
        using SyscallProgram program = new();
        Lower(program, go, signals.Ignored, callerMask);
        Errno errno = ChildProcess.TryFork(program, (long)Namespaces.User, reportTo: -1, out int child);
        if (errno != Errno.None)
            throw LaunchFailure.ExplainUserNamespace("map the owners of images", errno);
        go.Reader.Dispose();
        try
        {
            IdMapWriter.Write(child, mapping);
        }
        catch
        {
            go.Writer.Dispose();
            ChildProcess.Wait(child);
            throw;
        }

        LinuxFile.TryWrite(go.Writer, [1]);
        return new Supervisor(child, stopSignal: null, signals, terminal: null).Run();
    }

    static void Lower(SyscallProgram program, Pipe go, ulong ignored, ulong callerMask)
    {
        program.Call(SyscallNumber.Close, LinuxFile.Number(go.Writer));
        program.Call(SyscallNumber.Prctl, SetParentDeathSignal, Signals.Kill);
        program.CallExpecting(1, SyscallNumber.Read, LinuxFile.Number(go.Reader), program.Allocate(8), 1);
        SignalMask.Lower(program, ignored, callerMask);
        program.Pseudo(PseudoCall.TryExec, program.Text("/proc/self/exe"), program.TextArray(Strings("/proc/self/cmdline")), program.TextArray(Strings("/proc/self/environ")));
        program.Pseudo(PseudoCall.FailExec);
    }

    /// <summary>As the kernel keeps them, in whatever encoding: each ends in a NUL.</summary>
    static string[] Strings(string file)
    {
        string text = PathBytes.Decode(LinuxFile.ReadAll(null, file));
        return text.Length == 0 ? [] : text[..^1].Split('\0');
    }
}
