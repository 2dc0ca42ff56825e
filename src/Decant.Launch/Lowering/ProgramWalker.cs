using System.Runtime.CompilerServices;
using Decant.Linux;

namespace Decant.Launch.Lowering;

/// <summary>
/// Walks a <see cref="SyscallProgram"/>. Runs in a forked child of a multi-threaded process, where only the calling thread exists:
/// no allocation, no lock, no exception, no call that tells the runtime anything. Every method here keeps to system calls through
/// <see cref="Libc.RawSyscall"/> and to memory that was there before.
/// </summary>
static unsafe class ProgramWalker
{
    /// <summary>Returns only on failure, unless the program ends without an exec: then Error is 0.</summary>
    public static WalkFailure Walk(Instruction* instructions, int count, long* slots)
    {
        int keptExecError = (int)Errno.ENOENT;
        for (int index = 0; index < count; index++)
        {
            Instruction* i = instructions + index;
            long a = Value(i, 0, slots);
            long b = Value(i, 1, slots);
            long c = Value(i, 2, slots);
            long result;
            int error;
            if (i->Number >= 0)
            {
                do
                {
                    result = Libc.RawSyscall(i->Number, a, b, c, Value(i, 3, slots), Value(i, 4, slots), 0);
                    error = result < 0 ? *Libc.ErrnoLocation() : 0;
                }
                while (error == (int)Errno.EINTR);
            }
            else
            {
                result = 0;
                error = Pseudo((PseudoCall)i->Number, a, b, c, ref keptExecError);
            }

            if (error == 0 && i->Expected >= 0 && result != i->Expected)
                error = (int)Errno.EPIPE;
            if (error != 0 && !Tolerates(i, error))
                return new WalkFailure(i->Step, error);
            if (i->ResultSlot >= 0)
                slots[i->ResultSlot] = result;
        }

        return default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static long Value(Instruction* i, int index, long* slots)
    {
        long value = i->Args[index];
        return (i->SlotMask & (1 << index)) != 0 ? slots[value] : value;
    }

    static bool Tolerates(Instruction* i, int error) =>
        error == i->Tolerated[0] || error == i->Tolerated[1] || error == i->Tolerated[2];

    static int Pseudo(PseudoCall call, long a, long b, long c, ref int keptExecError)
    {
        switch (call)
        {
            case PseudoCall.AppendText:
                return Append((TextBuffer*)a, (byte*)b, (int)c);
            case PseudoCall.AppendNumber:
                byte* digits = stackalloc byte[20];
                int length = FormatNumber(b, digits);
                return Append((TextBuffer*)a, digits + 20 - length, length);
            case PseudoCall.CheckByte:
                return *(byte*)a == (byte)b ? 0 : (int)c;
            case PseudoCall.TryExec:
                Libc.RawSyscall(SyscallNumber.Execve, a, b, c, 0, 0, 0);
                int error = *Libc.ErrnoLocation();
                // As execvp(3): go on after "not here"; a file that is there but may not be run is worth more than one that is not.
                if (error == (int)Errno.EACCES)
                    keptExecError = error;
                return error is (int)Errno.ENOENT or (int)Errno.ENOTDIR or (int)Errno.EACCES ? 0 : error;
            case PseudoCall.FailExec:
                return keptExecError;
            case PseudoCall.RemoveCgroup:
                return RemoveCgroup(-100, (byte*)a);
            case PseudoCall.StopPropagation:
                return RootSwitch.StopPropagation();
            case PseudoCall.EnterRoot:
                return RootSwitch.Enter(a);
            case PseudoCall.TakeOwnership:
                return TreeOwnership.Take(-100, (byte*)a);
            case PseudoCall.CloseOnExecFrom:
                return CloseOnExecFrom(a);
            case PseudoCall.ReadToEnd:
                byte* sink = stackalloc byte[64];
                while (true)
                {
                    long read = Libc.RawSyscall(SyscallNumber.Read, a, (long)sink, 64, 0, 0, 0);
                    if (read == 0)
                        return 0;
                    if (read < 0 && *Libc.ErrnoLocation() != (int)Errno.EINTR)
                        return *Libc.ErrnoLocation();
                }

            default:
                return (int)Errno.ENOSYS;
        }
    }

    static int Append(TextBuffer* buffer, byte* text, int length)
    {
        if (buffer->Length + length + 1 > buffer->Capacity)
            return (int)Errno.ENAMETOOLONG;
        byte* end = (byte*)(buffer + 1) + buffer->Length;
        for (int i = 0; i < length; i++)
            end[i] = text[i];
        end[length] = 0;
        buffer->Length += length;
        return 0;
    }

    /// <summary>Decimal digits, right-aligned in 20 bytes; returns how many.</summary>
    static int FormatNumber(long number, byte* digits)
    {
        int length = 0;
        do
        {
            digits[19 - length++] = (byte)('0' + (number % 10));
            number /= 10;
        }
        while (number > 0);
        return length;
    }

    /// <summary>A killed process leaves its cgroup a moment later; two seconds are ample, and a process that cannot die stays anyhow.</summary>
    static int RemoveCgroup(long parent, byte* name)
    {
        long* pause = stackalloc long[2];
        pause[0] = 0;
        pause[1] = 2_000_000;
        for (int attempt = 0; attempt < 1000; attempt++)
        {
            if (TryRemoveCgroup(parent, name, depth: 0))
                return 0;
            Libc.RawSyscall(SyscallNumber.Nanosleep, (long)pause, 0, 0, 0, 0, 0);
        }

        return (int)Errno.EBUSY;
    }

    /// <summary>Programs may have made cgroups below: those go first, and their processes.</summary>
    static bool TryRemoveCgroup(long parent, byte* name, int depth)
    {
        const int DeepestCgroup = 32;
        const long RemoveDirectory = 0x200;
        const byte DirectoryType = 4;
        if (Libc.RawSyscall(SyscallNumber.Unlinkat, parent, (long)name, RemoveDirectory, 0, 0, 0) == 0 || *Libc.ErrnoLocation() == (int)Errno.ENOENT)
            return true;
        long directory = Libc.RawSyscall(SyscallNumber.Openat, parent, (long)name, (long)(OpenFlag.Directory | OpenFlag.NoFollow | OpenFlags.CloseOnExec), 0, 0, 0);
        if (directory < 0)
            return false;
        fixed (byte* procs = "cgroup.procs\0"u8)
            KillListed(directory, procs);
        byte* entries = stackalloc byte[4096];
        long read;
        while (depth < DeepestCgroup && (read = Libc.RawSyscall(SyscallNumber.Getdents64, directory, (long)entries, 4096, 0, 0, 0)) > 0)
        {
            // struct linux_dirent64: the record's length at 16, the type at 18, the name at 19.
            for (long at = 0; at < read; at += *(ushort*)(entries + at + 16))
            {
                byte* child = entries + at + 19;
                if (entries[at + 18] == DirectoryType && child[0] != (byte)'.')
                    TryRemoveCgroup(directory, child, depth + 1);
            }
        }

        Libc.RawSyscall(SyscallNumber.Close, directory, 0, 0, 0, 0, 0);
        return Libc.RawSyscall(SyscallNumber.Unlinkat, parent, (long)name, RemoveDirectory, 0, 0, 0) == 0;
    }

    /// <summary>close_range(2) with CLOSE_RANGE_CLOEXEC is of Linux 5.11; before, one call for each number up to the limit.</summary>
    static int CloseOnExecFrom(long first)
    {
        const long CloseOnExecFlag = 4;
        const long LimitOfFiles = 7;
        const long SetDescriptorFlags = 2;
        if (Libc.RawSyscall(SyscallNumber.CloseRange, first, uint.MaxValue, CloseOnExecFlag, 0, 0, 0) == 0)
            return 0;
        ulong* limit = stackalloc ulong[2];
        limit[0] = 1024;
        Libc.RawSyscall(SyscallNumber.Prlimit64, 0, LimitOfFiles, 0, (long)limit, 0, 0);
        for (long fd = first; fd < (long)Math.Min(limit[0], 1 << 20); fd++)
            Libc.RawSyscall(SyscallNumber.Fcntl, fd, SetDescriptorFlags, 1, 0, 0, 0);
        return 0;
    }

    static void KillListed(long directory, byte* name)
    {
        const int Sigkill = 9;
        long fd = Libc.RawSyscall(SyscallNumber.Openat, directory, (long)name, (long)OpenFlags.CloseOnExec, 0, 0, 0);
        if (fd < 0)
            return;
        byte* text = stackalloc byte[4096];
        long pid = 0;
        long read;
        while ((read = Libc.RawSyscall(SyscallNumber.Read, fd, (long)text, 4096, 0, 0, 0)) > 0)
        {
            for (long i = 0; i < read; i++)
            {
                if (text[i] is >= (byte)'0' and <= (byte)'9')
                {
                    pid = (pid * 10) + (text[i] - '0');
                }
                else if (pid > 0)
                {
                    Libc.RawSyscall(SyscallNumber.Kill, pid, Sigkill, 0, 0, 0, 0);
                    pid = 0;
                }
            }
        }

        Libc.RawSyscall(SyscallNumber.Close, fd, 0, 0, 0, 0, 0);
    }
}
