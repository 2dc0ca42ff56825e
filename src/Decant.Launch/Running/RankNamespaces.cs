using Decant.Launch.Lowering;
using Decant.Launch.Steps;
using Decant.Linux;
using Microsoft.Win32.SafeHandles;

namespace Decant.Launch.Running;

/// <summary>Namespaces of another rank, held open: they stay though that rank ends.</summary>
sealed class RankNamespaces : IDisposable
{
    const long SetDumpable = 4;

    readonly List<(Namespaces Kind, SafeFileHandle File)> held = [];

    /// <summary>All of them, and so its root; otherwise the user namespace alone.</summary>
    public required bool HasRoot { get; init; }

    public void Add(Namespaces kind, SafeFileHandle file) => held.Add((kind, file));

    /// <summary>Enters them (setns(2)), the user namespace first, which gives the right to enter the others, and makes those that are to be new.</summary>
    /// <param name="wanted">All that the program is to be in.</param>
    public void Lower(SyscallProgram program, Namespaces wanted)
    {
        // Until it executes its program nobody who is in there already may look into a child that has files of the host open.
        program.Call(SyscallNumber.Prctl, SetDumpable, 0L);
        foreach ((Namespaces kind, SafeFileHandle file) in held)
        {
            program.Call(SyscallNumber.Setns, LinuxFile.Number(file), (long)kind);
            wanted &= ~kind;
        }

        if (wanted != Namespaces.None)
            program.Call(SyscallNumber.Unshare, (long)wanted);
    }

    /// <summary>A child that borrows this process's memory has hidden it too (prctl(2), PR_SET_DUMPABLE).</summary>
    public static void ShowAgain() => Libc.Syscall(SyscallNumber.Prctl, SetDumpable, 1);

    public void Dispose()
    {
        foreach ((Namespaces _, SafeFileHandle file) in held)
            file.Dispose();
    }
}
