using System.Collections.Immutable;
using System.Text;
using Decant.Launch.Lowering;
using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Launch.Running;

/// <summary>Gives a child's new user namespace its maps, from outside (user_namespaces(7)).</summary>
static unsafe class IdMapWriter
{
    public static void Write(int pid, IdMapping mapping)
    {
        if (mapping.ByHelper)
        {
            RunHelper("newuidmap", pid, mapping.Users);
            RunHelper("newgidmap", pid, mapping.Groups);
            return;
        }

        WriteFile($"/proc/{pid}/uid_map", IdMapping.MapText(mapping.Users));
        // Before an unprivileged gid_map, so that dropping a group cannot gain access.
        WriteFile($"/proc/{pid}/setgroups", "deny");
        WriteFile($"/proc/{pid}/gid_map", IdMapping.MapText(mapping.Groups));
    }

    /// <summary>The same by the child itself, which may map its own user and group.</summary>
    public static void Lower(SyscallProgram program, IdMapping mapping)
    {
        foreach ((string file, string text) in ((string, string)[])[("uid_map", IdMapping.MapText(mapping.Users)), ("setgroups", "deny"), ("gid_map", IdMapping.MapText(mapping.Groups))])
        {
            Slot open = program.Open(SyscallNumber.Openat, -100L, program.Text($"/proc/self/{file}"), (long)(OpenFlags.WriteOnly | OpenFlags.CloseOnExec));
            program.CallExpecting(text.Length, SyscallNumber.Write, open, program.Text(text), text.Length);
            program.Close(open);
        }
    }

    static void WriteFile(string path, string text)
    {
        using SafeFileHandle file = LinuxFile.Open(path, OpenFlags.WriteOnly);
        Errno errno = LinuxFile.TryWrite(file, Encoding.ASCII.GetBytes(text));
        if (errno != Errno.None)
            throw new LinuxException("write", path, errno);
    }

    /// <summary>newuidmap(1): the one program that decant runs, as no system call may do what it does.</summary>
    static void RunHelper(string name, int pid, ImmutableArray<IdRange> ranges)
    {
        string path = MappingTool.Find(name, new HostFiles()).Path ?? throw new DecantException($"{name} is not installed", "apt-get install uidmap");
        List<string> arguments = [name, pid.ToString()];
        foreach (IdRange range in ranges)
            arguments.AddRange([range.Inside.ToString(), range.Outside.ToString(), range.Count.ToString()]);
        using SyscallProgram program = new();
        program.Pseudo(PseudoCall.TryExec, program.Text(path), program.TextArray([.. arguments]), program.TextArray([]));
        program.Pseudo(PseudoCall.FailExec);
        Errno errno = ChildProcess.TryFork(program, 0, reportTo: -1, out int child);
        if (errno != Errno.None)
            throw new LinuxException("fork", null, errno);
        int code = ChildProcess.ExitCode(ChildProcess.Wait(child));
        if (code != 0)
            throw new DecantException($"{string.Join(' ', arguments)} failed with exit code {code}", $"look at the caller's lines in /etc/{(name == "newuidmap" ? "subuid" : "subgid")}");
    }
}
