using System.Collections;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Decant.Linux;

/// <summary>
/// A small program of the host run to its end: some input, all of its output, standard error left as it is or dropped. By posix_spawnp(3):
/// the framework's Process installs signal handlers that a later launch would have to undo.
/// </summary>
/// <param name="ExitCode">128 and the signal where one ended it.</param>
public sealed unsafe record ChildProgram(int ExitCode, byte[] Output)
{
    /// <summary>Input that a pipe holds without a reader (pipe(7): 16 pages; a page in the least case).</summary>
    const int MostInput = 4096;

    /// <summary>More than glibc's and musl's structures have: 80 and 336 bytes.</summary>
    const int StructureBytes = 512;

    /// <summary>sigset_t of the C library.</summary>
    const int SignalSetWords = 16;

    const short SetDefaultSignals = 4;

    /// <summary>Null where there is no such program on PATH, or it may not be executed.</summary>
    /// <param name="quiet">Whether what it writes to standard error goes nowhere.</param>
    public static ChildProgram? TryRun(IReadOnlyList<string> command, ReadOnlySpan<byte> input, bool quiet = false)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(input.Length, MostInput);
        using SafeFileHandle? nowhere = quiet ? LinuxFile.Open("/dev/null", OpenFlags.WriteOnly | OpenFlags.CloseOnExec) : null;
        (SafeFileHandle childInput, SafeFileHandle toChild) = Pipe();
        (SafeFileHandle fromChild, SafeFileHandle childOutput) = Pipe();
        using (childInput)
        using (toChild)
        using (fromChild)
        using (childOutput)
        {
            using IgnoredBrokenPipes guard = new();
            Errno errno = Spawn(command, childInput, childOutput, nowhere, out int pid);
            if (errno is Errno.ENOENT or Errno.EACCES)
                return null;
            if (errno != Errno.None)
                throw new LinuxException("start", command[0], errno);
            childInput.Dispose();
            childOutput.Dispose();
            // What the program does not want to read is not the caller's trouble.
            _ = LinuxFile.TryWrite(toChild, input);
            toChild.Dispose();
            errno = LinuxFile.TryReadAll(fromChild, out byte[] output);
            int status;
            while (Libc.WaitPid(pid, &status, 0) < 0 && LinuxFile.LastError == Errno.EINTR)
            {
            }

            if (errno != Errno.None)
                throw new LinuxException("read from", command[0], errno);
            int signal = status & 0x7f;
            return new ChildProgram(signal == 0 ? (status >> 8) & 0xff : 128 + signal, output);
        }
    }

    /// <summary>SIGPIPE has its usual effect in the program, though the caller ignores it.</summary>
    static Errno Spawn(IReadOnlyList<string> command, SafeFileHandle input, SafeFileHandle output, SafeFileHandle? errors, out int pid)
    {
        byte* actions = stackalloc byte[StructureBytes];
        byte* attributes = stackalloc byte[StructureBytes];
        ulong* signals = stackalloc ulong[SignalSetWords];
        new Span<ulong>(signals, SignalSetWords).Clear();
        signals[0] = 1UL << (Signals.Pipe - 1);
        byte** arguments = Strings(command);
        byte** environment = Strings(Environment());
        int rc = Libc.SpawnActionsInit(actions) | Libc.SpawnAttributesInit(attributes);
        rc |= Libc.SpawnActionsAddDup2(actions, LinuxFile.Number(input), 0) | Libc.SpawnActionsAddDup2(actions, LinuxFile.Number(output), 1);
        if (errors is not null)
            rc |= Libc.SpawnActionsAddDup2(actions, LinuxFile.Number(errors), 2);
        rc |= Libc.SpawnAttributesSetDefaultSignals(attributes, signals) | Libc.SpawnAttributesSetFlags(attributes, SetDefaultSignals);
        int started = 0;
        if (rc == 0)
            rc = Libc.PosixSpawnP(&started, arguments[0], actions, attributes, arguments, environment);
        pid = started;
        _ = Libc.SpawnActionsDestroy(actions);
        _ = Libc.SpawnAttributesDestroy(attributes);
        Free(arguments);
        Free(environment);
        return (Errno)rc;
    }

    static (SafeFileHandle Read, SafeFileHandle Write) Pipe()
    {
        int* ends = stackalloc int[2];
        if (Libc.Pipe2(ends, (int)OpenFlags.CloseOnExec) != 0)
            throw new LinuxException("pipe", null, LinuxFile.LastError);
        return (new SafeFileHandle(ends[0], ownsHandle: true), new SafeFileHandle(ends[1], ownsHandle: true));
    }

    static List<string> Environment()
    {
        List<string> variables = [];
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
            variables.Add($"{variable.Key}={variable.Value}");
        return variables;
    }

    /// <summary>A list of C strings with a null at its end.</summary>
    static byte** Strings(IReadOnlyList<string> texts)
    {
        byte** list = (byte**)NativeMemory.AllocZeroed((nuint)texts.Count + 1, (nuint)sizeof(byte*));
        for (int i = 0; i < texts.Count; i++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(texts[i]);
            list[i] = (byte*)NativeMemory.AllocZeroed((nuint)bytes.Length + 1);
            bytes.CopyTo(new Span<byte>(list[i], bytes.Length));
        }

        return list;
    }

    static void Free(byte** list)
    {
        for (byte** at = list; *at != null; at++)
            NativeMemory.Free(*at);
        NativeMemory.Free(list);
    }
}
