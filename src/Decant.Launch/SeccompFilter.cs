using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Decant.Linux;

namespace Decant.Launch;

/// <summary>
/// A seccomp filter in classic BPF (seccomp(2), seccomp_filter.rst) that refuses what docker's built-in profile refuses to a container with docker's default
/// capabilities: the calls of docker's documentation, "Seccomp security profiles", and those of the CAP_SYS_PTRACE and io_uring entries of moby's default.json.
/// It is here to measure what such a filter costs; a run is none the safer for it where it has more capabilities than a container.
/// </summary>
static class SeccompFilter
{
    const uint AuditX64 = 0xC000003E;
    const uint AuditArm64 = 0xC00000B7;

    /// <summary>The bit of x32's calls.</summary>
    const uint X32 = 0x40000000;

    const uint Allow = 0x7FFF0000;
    const uint Refuse = 0x00050000;

    // Offsets in struct seccomp_data; arguments by their lower halves, as both architectures are little-endian.
    const uint NumberOffset = 0;
    const uint ArchitectureOffset = 4;
    const uint FirstArgumentOffset = 16;

    const ushort Load = 0x20;
    const ushort And = 0x54;
    const ushort JumpIfEqual = 0x15;
    const ushort JumpIfAtLeast = 0x35;
    const ushort Return = 0x06;

    /// <summary>All CLONE_NEW* but CLONE_NEWTIME, which clone(2) does not take.</summary>
    const uint NewNamespaces = 0x7E020000;

    const uint VirtualMachineSockets = 40;

    /// <summary>PER_LINUX, PER_LINUX32, UNAME26 of both, and the question for the present one.</summary>
    static readonly uint[] Personalities = [0, 8, 0x20000, 0x20008, 0xFFFFFFFF];

    /// <summary>arch/x86/entry/syscalls/syscall_64.tbl.</summary>
    static readonly ushort[] RefusedX64 =
    [
        103, 134, 136, 139, 153, 155, 156, 163, 164, 165, 166, 167, 168, 169, 172, 173, 174, 175, 176, 177, 178, 179, 180, 212, 227, 237, 238, 239, 246, 248, 249,
        250, 256, 272, 279, 298, 300, 304, 305, 308, 312, 313, 320, 321, 323,
    ];

    /// <summary>include/uapi/asm-generic/unistd.h.</summary>
    static readonly ushort[] RefusedArm64 =
    [
        18, 39, 40, 41, 42, 58, 60, 89, 97, 104, 105, 106, 112, 116, 142, 170, 217, 218, 219, 224, 225, 235, 236, 237, 238, 239, 241, 262, 265, 266, 268, 272, 273,
        280, 282, 294,
    ];

    /// <summary>The same everywhere: io_uring, the mount interface, pidfd_getfd, process_madvise, quotactl_fd, set_mempolicy_home_node.</summary>
    static readonly ushort[] RefusedEverywhere = [425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 440, 442, 443, 450];

    /// <summary>struct sock_filter, eight bytes an instruction, for this process's architecture.</summary>
    public static byte[] Build()
    {
        bool x64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;
        Program program = new();
        program.Add(Load, ArchitectureOffset);
        program.Add(JumpIfEqual, x64 ? AuditX64 : AuditArm64, then: 1);
        // Programs of another architecture have other numbers.
        program.Add(Return, Refuse | (uint)Errno.ENOSYS);
        program.Add(Load, NumberOffset);
        if (x64)
        {
            program.Add(JumpIfAtLeast, X32, otherwise: 1);
            program.Add(Return, Refuse | (uint)Errno.ENOSYS);
        }

        foreach (ushort number in x64 ? RefusedX64 : RefusedArm64)
            program.Refuse(number, Errno.EPERM);
        foreach (ushort number in RefusedEverywhere)
            program.Refuse(number, Errno.EPERM);
        // Its flags are in memory, where a filter cannot look: the C library falls back to clone(2).
        program.Refuse(435, Errno.ENOSYS);

        program.Add(JumpIfEqual, (uint)SyscallNumber.Clone, otherwise: 5);
        program.Add(Load, FirstArgumentOffset);
        program.Add(And, NewNamespaces);
        program.Add(JumpIfEqual, 0, then: 1);
        program.Add(Return, Refuse | (uint)Errno.EPERM);
        program.Add(Return, Allow);

        program.Add(JumpIfEqual, (uint)SyscallNumber.Socket, otherwise: 4);
        program.Add(Load, FirstArgumentOffset);
        program.Add(JumpIfEqual, VirtualMachineSockets, otherwise: 1);
        program.Add(Return, Refuse | (uint)Errno.EPERM);
        program.Add(Return, Allow);

        program.Add(JumpIfEqual, x64 ? 135u : 92u, otherwise: (byte)(Personalities.Length + 2));
        program.Add(Load, FirstArgumentOffset);
        for (int i = 0; i < Personalities.Length; i++)
            program.Add(JumpIfEqual, Personalities[i], then: (byte)(Personalities.Length - i));
        program.Add(Return, Refuse | (uint)Errno.EPERM);
        program.Add(Return, Allow);
        return program.ToBytes();
    }

    /// <summary>Instructions as they are appended.</summary>
    sealed class Program
    {
        readonly List<byte> bytes = [];

        /// <param name="code">Class, size and mode, or the operation.</param>
        /// <param name="k">The constant.</param>
        /// <param name="then">Instructions to skip where a condition holds.</param>
        /// <param name="otherwise">And where it does not.</param>
        public void Add(ushort code, uint k, byte then = 0, byte otherwise = 0)
        {
            Span<byte> instruction = stackalloc byte[8];
            BinaryPrimitives.WriteUInt16LittleEndian(instruction, code);
            instruction[2] = then;
            instruction[3] = otherwise;
            BinaryPrimitives.WriteUInt32LittleEndian(instruction[4..], k);
            bytes.AddRange(instruction);
        }

        public void Refuse(uint number, Errno errno)
        {
            Add(JumpIfEqual, number, otherwise: 1);
            Add(Return, SeccompFilter.Refuse | (uint)errno);
        }

        public byte[] ToBytes() => [.. bytes];
    }
}
