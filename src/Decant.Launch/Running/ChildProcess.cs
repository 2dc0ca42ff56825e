using System.Runtime.InteropServices;
using Decant.Launch.Lowering;
using Decant.Linux;

namespace Decant.Launch.Running;

/// <summary>Forks a child that walks a program. The parent's other threads do not exist in the child, so nothing but the walk may happen there.</summary>
static unsafe class ChildProcess
{
    const long SigChild = 17;
    const long CloneVm = 0x100;
    const long CloneVfork = 0x4000;
    const nuint ChildStackBytes = 128 * 1024;

    /// <summary>clone(2) without a new stack: a fork, into new namespaces.</summary>
    /// <param name="program">What the child does.</param>
    /// <param name="namespaces">CLONE_NEW* flags.</param>
    /// <param name="reportTo">A pipe to which the child writes a <see cref="WalkFailure"/>; -1 for none.</param>
    /// <param name="pid">Of the child.</param>
    public static Errno TryFork(SyscallProgram program, long namespaces, int reportTo, out int pid)
    {
        // Everything that the child will touch is loaded before: its first call of a method or symbol must not be the
        // process's first.
        Instruction* instructions = program.Instructions;
        int count = program.Count;
        long* slots = program.SlotValues;
        WalkFailure* failure = stackalloc WalkFailure[1];
        Warm(slots);
        long result = Libc.RawSyscall(SyscallNumber.Clone, namespaces | SigChild, 0, 0, 0, 0, 0);
        if (result == 0)
        {
            *failure = ProgramWalker.Walk(instructions, count, slots);
            if (reportTo >= 0)
                Libc.RawSyscall(SyscallNumber.Write, reportTo, (long)failure, sizeof(WalkFailure), 0, 0, 0);
            Libc.RawSyscall(SyscallNumber.ExitGroup, failure->Error == 0 ? 0 : LaunchException.Failed, 0, 0, 0, 0, 0);
        }

        pid = (int)result;
        return result < 0 ? (Errno)(*Libc.ErrnoLocation()) : Errno.None;
    }

    /// <summary>
    /// The same without copying the address space: the child borrows it, on a stack of its own, and this thread stands still until the
    /// child executes its program or ends (vfork(2)). It spares the copied page tables and every page that both would write, half of a
    /// rootless launch's cost. Only where <see cref="CanBorrow"/>.
    /// </summary>
    /// <param name="failure">Left in the shared memory, as a child without memory to spare (in a small cgroup) could not even write to a pipe; null where it executed the program, or was killed before.</param>
    public static Errno TryBorrow(SyscallProgram program, long namespaces, out int pid, out WalkFailure? failure)
    {
        borrowed = new Borrowed { Instructions = program.Instructions, Count = program.Count, Slots = program.SlotValues };
        Warm(program.SlotValues);
        byte* stack = (byte*)NativeMemory.AlignedAlloc(ChildStackBytes, 16);
        // The C library's syscall() ends in the child too, with a return to the address on top of the new stack. There the
        // stack is as a function expects it that was just called: 8 off a multiple of 16.
        byte* top = stack + ChildStackBytes - 16;
        *(delegate*<void>*)top = &RunBorrowed;
        long result = Libc.RawSyscall(SyscallNumber.Clone, namespaces | CloneVm | CloneVfork | SigChild, (long)top, 0, 0, 0, 0);
        Errno errno = result < 0 ? (Errno)(*Libc.ErrnoLocation()) : Errno.None;
        NativeMemory.AlignedFree(stack);
        pid = (int)result;
        failure = borrowed.HasFailed ? borrowed.Failure : null;
        return errno;
    }

    /// <summary>
    /// How the C library returns from syscall() is known for x86-64; on arm64 it returns through a register, to the parent's frame. A
    /// parent that stands still can also not let newuidmap write the child's maps.
    /// </summary>
    public static bool CanBorrow => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    static Borrowed borrowed;

    struct Borrowed
    {
        public Instruction* Instructions;
        public int Count;
        public long* Slots;
        public WalkFailure Failure;
        public bool HasFailed;
    }

    /// <summary>Begins on an empty stack and has nowhere to return to.</summary>
    static void RunBorrowed()
    {
        borrowed.Failure = ProgramWalker.Walk(borrowed.Instructions, borrowed.Count, borrowed.Slots);
        borrowed.HasFailed = true;
        Libc.RawSyscall(SyscallNumber.ExitGroup, LaunchException.Failed, 0, 0, 0, 0, 0);
    }

    /// <summary>Waits for the end of a child; returns the wait status (wait(2)).</summary>
    public static int Wait(int pid)
    {
        int status;
        while (Libc.RawSyscall(SyscallNumber.Wait4, pid, (long)&status, 0, 0, 0, 0) < 0)
        {
            if (*Libc.ErrnoLocation() != (int)Errno.EINTR)
                throw new LinuxException("wait for the program", null, (Errno)(*Libc.ErrnoLocation()));
        }

        return status;
    }

    /// <summary>As a shell gives it: the code, or 128 and the signal's number.</summary>
    public static int ExitCode(int waitStatus) =>
        (waitStatus & 0x7f) == 0 ? (waitStatus >> 8) & 0xff : 128 + (waitStatus & 0x7f);

    static void Warm(long* slots)
    {
        Instruction nothing = new() { Number = SyscallNumber.Getpid, Expected = -1, ResultSlot = -1 };
        ProgramWalker.Walk(&nothing, 1, slots);
    }
}
