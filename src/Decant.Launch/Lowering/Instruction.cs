using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Decant.Launch.Lowering;

/// <summary>One element of a <see cref="SyscallProgram"/>: a system call, or one of the few things that no call does.</summary>
[StructLayout(LayoutKind.Sequential)]
struct Instruction
{
    /// <summary>The system call's number, or a negative <see cref="PseudoCall"/>.</summary>
    public long Number;

    /// <summary>The six arguments: values, or slot numbers where <see cref="SlotMask"/> has the bit.</summary>
    public Arguments Args;

    /// <summary>What the call must return; -1 accepts everything that is no error.</summary>
    public long Expected;

    /// <summary>Error numbers after which the walk goes on; zero ends the list.</summary>
    public ToleratedErrors Tolerated;

    /// <summary>Index of the launch step that this belongs to, for the error message.</summary>
    public short Step;

    /// <summary>Where the result goes; -1 for nowhere.</summary>
    public short ResultSlot;

    public byte SlotMask;

    [InlineArray(6)]
    public struct Arguments
    {
        long first;
    }

    [InlineArray(3)]
    public struct ToleratedErrors
    {
        int first;
    }
}

/// <summary>What the walker does itself, without allocation.</summary>
enum PseudoCall
{
    /// <summary>(buffer, text, length): appends bytes to a <see cref="TextBuffer"/>.</summary>
    AppendText = -1,

    /// <summary>(buffer, number): appends a decimal number, such as a descriptor that is known only now.</summary>
    AppendNumber = -2,

    /// <summary>(address, byte, errno): fails with errno unless the byte stands there.</summary>
    CheckByte = -3,

    /// <summary>(path, argv, envp): execve, keeping the error that a shell would report over several tries (EACCES before ENOENT).</summary>
    TryExec = -4,

    /// <summary>Fails with the error that TryExec kept.</summary>
    FailExec = -5,

    /// <summary>(directory of a cgroup): SIGKILL to every process in it and below until it is empty, then removes it.</summary>
    RemoveCgroup = -6,

    /// <summary>(fd): every descriptor from that number on will close at exec.</summary>
    CloseOnExecFrom = -8,

    /// <summary>(fd): reads until the end of the file.</summary>
    ReadToEnd = -7,

    /// <summary><see cref="RootSwitch.StopPropagation"/>.</summary>
    StopPropagation = -9,

    /// <summary>(directory): <see cref="RootSwitch.Enter"/>.</summary>
    EnterRoot = -10,

    /// <summary>(path of a directory): <see cref="TreeOwnership.Take"/>.</summary>
    TakeOwnership = -11,
}
