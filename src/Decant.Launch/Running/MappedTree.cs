using Decant.Launch.Lowering;
using Decant.Launch.Steps;
using Decant.Linux;

namespace Decant.Launch.Running;

/// <summary>Files that a run with a range of subordinate ids gave to other users: only root of such a user namespace can take them back.</summary>
public static class MappedTree
{
    /// <summary>Makes the caller the owner of all directories in a tree.</summary>
    /// <exception cref="DecantException">The caller has no range of ids any more, or it was not this one.</exception>
    public static void TakeOver(string directory)
    {
        uint uid = Libc.GetEffectiveUserId();
        if (uid == 0)
            return;
        IdMapping mapping = SubordinateMapping.ForCaller(uid, Libc.GetEffectiveGroupId(), out Advice whyNone)
            ?? throw new DecantException($"{PathBytes.Printable(directory)} holds files of subordinate ids, and {whyNone.Cause}", $"as root: rm -r {ShellWord.Quote(directory)}");
        using Pipe go = new();
        using SyscallProgram program = new();
        Lower(program, go, directory);
        Errno errno = ChildProcess.TryFork(program, (long)Namespaces.User, reportTo: -1, out int child);
        if (errno != Errno.None)
            throw LaunchFailure.ExplainUserNamespace($"take over {PathBytes.Printable(directory)}", errno);
        go.Reader.Dispose();
        try
        {
            IdMapWriter.Write(child, mapping);
            LinuxFile.TryWrite(go.Writer, [1]);
        }
        finally
        {
            go.Writer.Dispose();
            if (ChildProcess.ExitCode(ChildProcess.Wait(child)) != 0)
                errno = Errno.EPERM;
        }

        if (errno != Errno.None)
            throw new DecantException($"{PathBytes.Printable(directory)} holds files of ids that {mapping.Describe()} does not map", $"as root: rm -r {ShellWord.Quote(directory)}");
    }

    static unsafe void Lower(SyscallProgram program, Pipe go, string directory)
    {
        program.Call(SyscallNumber.Close, LinuxFile.Number(go.Writer));
        program.CallExpecting(1, SyscallNumber.Read, LinuxFile.Number(go.Reader), program.Allocate(8), 1);
        program.Pseudo(PseudoCall.TakeOwnership, program.Text(directory));
    }
}
